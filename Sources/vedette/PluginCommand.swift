import CoreRuntime
import PluginKit
import SurveillanceKit

/// Shows which plugins are compiled in, and which of them the configuration turns on.
enum PluginCommand: Command {
    static let name = "plugin"
    static let summary = BilingualText(
        zh: "列出编入的插件及其是否启用", en: "list the plugins that are compiled in, and which are on")
    static let manual = Manual(
        usage: [
            .init("vedette plugin list [options]")
        ],
        text: [
            BilingualText(
                zh:
                    "列出每个插件的种类、配置中的名称、是否启用、可设置的内容。Config/vedette.json 中写明的插件即启用：\"plugins\": { \"<种类>\": { \"<名称>\": { … } } }",
                en:
                    "Lists every plugin with its kind, its name in the configuration, whether it is on, and what may be set. A plugin is on where Config/vedette.json names it: \"plugins\": { \"<kind>\": { \"<name>\": { … } } }"
            )
        ],
        options: ConfigurationOptions.all)

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands == ["list"] else {
            throw UsageError("请说明操作：plugin list", "say what to do: plugin list")
        }
        let isChinese = Terminal.language == .zh
        let enabled = try ConfigurationOptions.configuration(arguments).plugins
        for plugin in AllPlugins.all {
            let state = enabled.isOn(plugin) ? (isChinese ? "已启用" : "on") : (isChinese ? "未启用" : "off")
            print("\(plugin.kind.rawValue)/\(plugin.name)  \(state)  \(plugin.summary[isChinese ? .zh : .en])")
            for setting in plugin.settings {
                let need = setting.isRequired ? (isChinese ? "，必填" : ", required") : ""
                print(
                    "    \(setting.name)  (\(setting.value.rawValue)\(need))  \(setting.summary[isChinese ? .zh : .en])"
                )
            }
        }
        return 0
    }
}
