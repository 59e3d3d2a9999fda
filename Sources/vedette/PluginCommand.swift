import CoreRuntime
import PluginKit
import SurveillanceKit

/// Shows which plugins are compiled in, and which of them the configuration turns on.
enum PluginCommand: Command {
    static let name = "plugin"
    static let summary = "lists the plugins that are compiled in, and which are on"
    static let help = """
        usage: vedette plugin list [options]

        Lists every plugin with its kind, its name in the configuration, whether it is on, and what may be set.
        A plugin is on where Config/vedette.json names it: "plugins": { "<kind>": { "<name>": { … } } }

        options:
        \(ConfigurationOptions.help)
          --language zh|en      the language of what is printed (default: en)
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: ConfigurationOptions.names + ["--language"]))
        guard arguments.operands == ["list"] else { throw UsageError("say what to do: plugin list") }
        let isChinese = try arguments.choice("--language", of: ["zh", "en"], default: "en") == "zh"
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
