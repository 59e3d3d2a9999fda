import CoreRuntime
import Foundation
import SurveillanceKit

/// `vedette key`: the master key under which uploads and findings are sealed.
enum KeyCommand: Command {
    static let name = "key"
    static let summary = BilingualText(zh: "更换主密钥", en: "change the master key")
    static let manual = Manual(
        usage: [
            .init("vedette key rotate [options]")
        ],
        text: [
            BilingualText(
                zh: "新内容用新的主密钥封存，已保存内容的密钥重新加密，并删除旧的主密钥。先停止服务器。中断时由下次启动或更换继续完成；之后请备份数据文件夹中的 keys/。",
                en:
                    "Seals everything new under a new master key, wraps the key of everything that is kept anew, and removes the old master key. Stop the server first. Cut off, it is ended by the next start or rotation; back up the data folder's keys/ afterwards."
            )
        ],
        options: ConfigurationOptions.all)

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands == ["rotate"] else {
            throw UsageError("请说明操作：key rotate", "say what to do: key rotate")
        }
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
        let (keyID, files) = try desk.rotateKey()
        print(
            say(
                "新的主密钥 \(keyID)；已重新加密 \(files) 个文件的密钥，旧密钥已删除",
                "new master key \(keyID); \(files.counted("file")) wrapped anew, the old key is removed"))
        return 0
    }
}

/// Who works at the command line, for the audit trail.
enum Operator {
    static var name: String { ProcessInfo.processInfo.environment["USER"] ?? "operator" }
}
