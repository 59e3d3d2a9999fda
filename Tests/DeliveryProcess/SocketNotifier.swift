import Glibc
import PluginKit
import SurveillanceKit
import TestKit

/// Tells a gateway in the test's process: a line with the id, answered by a line.
struct SocketNotifier: Notifier {
    static let kind = PluginKind.notify
    static let name = "gateway"
    static let summary = BilingualText(zh: "", en: "")
    static let settings: [PluginSetting] = []

    let port: Int
    let whenUnsure: UnsureRemedy

    init(_ settings: PluginSettings) throws { (port, whenUnsure) = (0, .hold) }

    init(port: Int, whenUnsure: UnsureRemedy) { (self.port, self.whenUnsure) = (port, whenUnsure) }

    struct Lost: Error {}

    func deliver(_ message: OutgoingNotice) throws {
        guard try ask("TELL \(message.id)") == "taken" else {
            throw NotTaken(BilingualText(zh: "拒收", en: "refused"))
        }
    }

    func wasTaken(_ message: OutgoingNotice) throws -> Bool { try ask("ASK \(message.id)") == "taken" }

    /// A kill may come before the line is sent, before its answer is read, and after.
    private func ask(_ line: String) throws -> String {
        Killing.step()
        guard let connection = connectedSocket(toPort: port) else {
            throw NotTaken(BilingualText(zh: "无法连接", en: "not reached"))
        }
        defer { close(connection) }
        let bytes = Array("\(line)\n".utf8)
        guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw Lost() }
        Killing.step()
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(connection, &answer, answer.count, 0)
        Killing.step()
        guard count > 0 else { throw Lost() }
        return String(decoding: answer[..<(count - 1)], as: UTF8.self)
    }
}
