import Foundation
import NotifyLog
import PluginKit
import Settings
import SurveillanceKit
import Testing
import Validation

@Suite("Notices in a file")
struct LogNotifierTests {
    private func notifier(_ file: String) throws -> LogNotifier {
        let object = SettingsObject(["file": .string(file)], file: "vedette.json", place: "plugins.notify.log")
        return try LogNotifier(PluginSettings(object, declared: LogNotifier.settings, folder: NSTemporaryDirectory()))
    }

    private func message(_ id: String, at seconds: Int64, _ text: BilingualText) -> OutgoingNotice {
        let notice = Notice(
            key: id, kind: .operation, to: .administrators, at: Instant(seconds: seconds), title: text, text: text)
        return OutgoingNotice(id: id, notice: notice, address: "", now: notice.at)
    }

    @Test("each is one line, also one with line ends in it, in a file of its owner's alone")
    func lines() throws {
        let name = "vedette-notices-\(UUID().uuidString).log"
        let path = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(name).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try notifier(name)
        try log.deliver(message("", at: 0, BilingualText(zh: "磁盘\n已满", en: "the disk\tis full")))
        try log.deliver(message("0af1", at: 60, BilingualText(zh: "乙", en: "b")))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == "1970-01-01T00:00:00Z\t磁盘 已满\tthe disk is full\n1970-01-01T00:01:00Z\t乙\tb\t0af1\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a verification code is not written out, unless a demo asks for it")
    func secrets() throws {
        let name = "vedette-notices-\(UUID().uuidString).log"
        let path = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(name).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let now = Instant(seconds: 0)
        let notice = Notice.phoneCode("314159", id: "1", phone: "+8613800000000", minutes: 5, at: now, until: now)
        let message = OutgoingNotice(id: "1", notice: notice, address: "", now: now)
        try notifier(name).deliver(message)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("******") && !text.contains("314159") && !text.contains("13800000000"))
        let object = SettingsObject(
            ["file": .string(name), "showsSecrets": .bool(true)], file: "vedette.json", place: "plugins.notify.log")
        let demo = try PluginSettings(object, declared: LogNotifier.settings, folder: NSTemporaryDirectory())
        try LogNotifier(demo).deliver(message)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("314159"))
    }

    @Test("a folder that is not there stops the start, and a file that cannot be written is said")
    func refused() throws {
        #expect(throws: ProgramError.self) { try notifier("/no/such/folder/a.log") }
        #expect(throws: NotTaken.self) {
            try notifier("/dev/full").deliver(message("1", at: 0, BilingualText(zh: "", en: "")))
        }
    }

    @Test("a message that may have been written is looked for by its id")
    func asked() throws {
        let name = "vedette-notices-\(UUID().uuidString).log"
        let path = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(name).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try notifier(name)
        let (first, second) = (
            message("aa", at: 0, BilingualText(zh: "bb", en: "bb")), message("bb", at: 0, BilingualText(zh: "", en: ""))
        )
        #expect(try !log.wasTaken(first))
        try log.deliver(first)
        #expect(try log.wasTaken(first) && !log.wasTaken(second))
    }
}
