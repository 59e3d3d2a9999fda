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

    @Test("each is one line, also one with line ends in it, in a file of its owner's alone")
    func lines() throws {
        let name = "vedette-notices-\(UUID().uuidString).log"
        let path = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(name).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try notifier(name)
        try log.notify(Notice(at: Instant(seconds: 0), text: BilingualText(zh: "磁盘\n已满", en: "the disk\tis full")))
        try log.notify(Notice(at: Instant(seconds: 60), text: BilingualText(zh: "乙", en: "b")))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == "1970-01-01T00:00:00Z\t磁盘 已满\tthe disk is full\n1970-01-01T00:01:00Z\t乙\tb\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a folder that is not there stops the start, and a file that cannot be written is said")
    func refused() throws {
        #expect(throws: ProgramError.self) { try notifier("/no/such/folder/a.log") }
        #expect(throws: LogNotifierError.self) {
            try notifier("/dev/full").notify(Notice(at: Instant(seconds: 0), text: BilingualText(zh: "", en: "")))
        }
    }
}
