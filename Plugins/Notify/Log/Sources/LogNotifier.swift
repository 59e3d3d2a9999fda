import Foundation
import Glibc
public import PluginKit
public import SurveillanceKit

/// Appends each notice to a file as one line: the instant, a tabulator, the Chinese text, a tabulator, the English one.
///
/// The file is opened for each notice, so that it can be moved away at any time; it is made readable by its owner alone.
public struct LogNotifier: Notifier {
    public static let kind = PluginKind.notify
    public static let name = "log"
    public static let summary = BilingualText(
        zh: "将管理员需要知道的事项逐行追加到一个文件", en: "appends what an administrator should know to a file, one line each")
    public static let settings = [
        PluginSetting(
            "file", .path, isRequired: true, BilingualText(zh: "日志文件；其文件夹必须已存在", en: "the file; its folder must exist"))
    ]

    private let path: String

    public init(_ settings: PluginSettings) throws {
        path = settings.path("file") ?? ""
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK) == 0 else {
            throw settings.fault("\(folder) is not there, or may not be written", at: "file")
        }
    }

    /// - Throws: `LogNotifierError` where the line could not be written as a whole.
    public func notify(_ notice: Notice) throws {
        func line(_ text: String) -> String {
            text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
        }
        let time = Date(timeIntervalSince1970: Double(notice.at.milliseconds) / 1000).ISO8601Format()
        let bytes = Array("\(time)\t\(line(notice.text.zh))\t\(line(notice.text.en))\n".utf8)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LogNotifierError(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        // One call: lines of several processes do not mix.
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw LogNotifierError(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

/// A line that could not be written.
public struct LogNotifierError: Error, CustomStringConvertible {
    var path: String
    var reason: String
    public var description: String {
        "\(path): the notice could not be written (\(reason)); free some space, or give the file to the server's account"
    }
}
