import PluginKit
import SurveillanceKit

struct ShoutingNotifier: Notifier {
    static let kind = PluginKind.notify
    static let name = "shout"
    static let summary = BilingualText(zh: "把通知打印到屏幕", en: "prints notices")
    static let settings = [
        PluginSetting("prefix", .text, BilingualText(zh: "每条通知前的文字", en: "what stands before each notice"))
    ]

    private let prefix: String

    init(_ settings: PluginSettings) throws {
        prefix = settings.text("prefix") ?? "!"
    }

    func deliver(_ message: OutgoingNotice) throws {
        print("\(prefix) \(message.notice.text.en)")
    }
}
