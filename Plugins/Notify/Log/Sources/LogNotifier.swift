import Foundation
import Glibc
public import PluginKit
public import SurveillanceKit

/// Appends each notice to a file as one line: the instant, the Chinese text, the English one, and the id by which it is told once, with
/// tabulators between them. A report of the server's own has no id.
///
/// The file is opened for each notice, so that it can be moved away at any time; it is made readable by its owner alone.
public struct LogNotifier: Notifier {
    public static let kind = PluginKind.notify
    public static let name = "log"
    public static let summary = BilingualText(
        zh: "将管理员需要知道的事项逐行追加到一个文件", en: "appends what an administrator should know to a file, one line each")
    public static let settings = [
        PluginSetting(
            "file", .path, isRequired: true, BilingualText(zh: "日志文件；其文件夹必须已存在", en: "the file; its folder must exist")),
        PluginSetting(
            "showsSecrets", .flag,
            BilingualText(
                zh: "true 时写出验证码和设置密码的链接；仅供演示（默认 false，写作 ******）",
                en:
                    "true writes verification codes and links that set passwords, for a demo alone (default false: ******)"
            )),
    ]

    private let path: String
    private let showsSecrets: Bool

    public init(_ settings: PluginSettings) throws {
        path = settings.path("file") ?? ""
        showsSecrets = settings.flag("showsSecrets") ?? false
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK) == 0 else {
            throw settings.fault("\(folder) is not there, or may not be written", at: "file")
        }
    }

    public var whenUnsure: UnsureRemedy { .ask }

    /// - Throws: `NotTaken` where the file cannot be opened or has no room.
    public func deliver(_ message: OutgoingNotice) throws {
        func line(_ text: String) -> String {
            text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
        }
        let time = Date(timeIntervalSince1970: Double(message.notice.at.milliseconds) / 1000).ISO8601Format()
        let id = message.id.isEmpty ? "" : "\t\(message.id)"
        let text = showsSecrets ? message.notice.text : message.notice.textWithoutSecret
        let bytes = Array("\(time)\t\(line(text.zh))\t\(line(text.en))\(id)\n".utf8)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw notTaken() }
        defer { close(descriptor) }
        // One call: lines of several processes do not mix.
        let written = write(descriptor, bytes, bytes.count)
        guard written != bytes.count else { return }
        // The end of a line, so that the next begins anew.
        if written > 0 { _ = write(descriptor, [0x0A], 1) }
        throw notTaken()
    }

    /// Looks for a message in the last megabytes of the file. One that was moved away meanwhile is written again.
    public func wasTaken(_ message: OutgoingNotice) throws -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let end = try file.seekToEnd()
        try file.seek(toOffset: end - min(end, Self.looksBack))
        let bytes = try file.readToEnd() ?? Data()
        return bytes.range(of: Data("\t\(message.id)\n".utf8)) != nil
    }

    private static let looksBack: UInt64 = 4 << 20

    private func notTaken() -> NotTaken {
        let reason = String(cString: strerror(errno))
        return NotTaken(
            BilingualText(
                zh: "\(path)：无法写入通知（\(reason)）；请清理磁盘，或将该文件交给运行服务的账户",
                en:
                    "\(path): the notice could not be written (\(reason)); free some space, or give the file to the server's account"
            ))
    }
}
