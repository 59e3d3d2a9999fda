import Foundation
import PluginKit
import Settings
import StoreKit
import SurveillanceKit
import Synchronization
import Testing
import Validation

@testable import CoreRuntime

/// Contracts of every plugin, and of the part of the configuration that turns them on.
@Suite("Plugins")
struct PluginTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func read(_ text: String) throws -> Configuration {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try Configuration(contentsOf: file)
    }

    @Test("every one has a name of its own, words in both languages, and a page with sample settings")
    func pages() throws {
        let names = AllPlugins.all.map { "\($0.kind.rawValue)/\($0.name)" }
        #expect(Set(names).count == names.count)
        let pages = try String(contentsOf: Self.root.appendingPathComponent("docs/plugins.md"), encoding: .utf8)
        for plugin in AllPlugins.all {
            #expect(!plugin.summary.zh.isEmpty && !plugin.summary.en.isEmpty)
            #expect(Set(plugin.settings.map(\.name)).count == plugin.settings.count)
            #expect(plugin.settings.allSatisfy { !$0.summary.zh.isEmpty && !$0.summary.en.isEmpty })
            let line = try #require(
                pages.firstMatch(of: try Regex("`\(plugin.kind.rawValue)/\(plugin.name)`\\]\\(\\.\\./([^)]*)\\)")))
            let path = try #require(line.output[1].substring)
            let page = try String(contentsOf: Self.root.appendingPathComponent(String(path)), encoding: .utf8)
            for setting in plugin.settings {
                #expect(
                    page.contains("`\(setting.name)`") || page.contains("\"\(setting.name)\""),
                    "\(path): \(setting.name)")
            }
        }
    }

    @Test("what every plugin refuses: an unknown setting, one of another type, a missing one, each with its line")
    func refusals() throws {
        for plugin in AllPlugins.all {
            func text(_ settings: String) -> String {
                "{\n  \"plugins\": { \"\(plugin.kind.rawValue)\": { \"\(plugin.name)\": {\n    // a comment\n\(settings) } } }\n}"
            }
            func refusal(_ settings: String) throws -> String {
                let error = try #require(throws: ProgramError.self) { try read(text(settings)) }
                return error.description
            }
            let place = "plugins.\(plugin.kind.rawValue).\(plugin.name)"
            let unknown = try refusal("    \"no-such\": 1")
            #expect(unknown.contains(".json:4: \(place): unknown property 'no-such'"), "\(unknown)")
            for setting in plugin.settings {
                let wrong = try refusal("    \"\(setting.name)\": [1]")
                #expect(wrong.contains(".json:4: \(place): '\(setting.name)' must be"), "\(wrong)")
            }
            if let required = plugin.settings.first(where: \.isRequired) {
                let missing = try refusal("")
                #expect(missing.contains(".json:2: \(place): '\(required.name)' is missing"), "\(missing)")
            }
        }
    }

    @Test(
        "unknown kinds and names, and two stores, are refused",
        arguments: [
            (
                #"{ "plugins": { "stores": {} } }"#,
                "plugins: unknown property 'stores'; known are export, notify, scan, store"
            ),
            (
                #"{ "plugins": { "store": { "oracle": {} } } }"#,
                "plugins.store: unknown property 'oracle'; known are postgresql"
            ),
            (#"{ "plugins": [] }"#, "'plugins' must be an object"),
            (#"{ "plugins": { "notify": { "log": 7 } } }"#, "plugins.notify: 'log' must be an object"),
        ])
    func unknown(text: String, reason: String) throws {
        let error = try #require(throws: ProgramError.self) { try read(text) }
        #expect(error.description.contains(".json:1: \(reason)"), "\(error)")
    }

    @Test(
        "a connection string that does not parse, or a schema that is none, is refused with its line and without the password"
    )
    func connections() throws {
        for (settings, name) in [
            (#""connection": "postgresql://u:pear-sock7@[half/d""#, "connection"),
            (#""connection": "host=h pass-word=pear-sock7""#, "connection"),
            (#""connection": "host=h", "schema": "pg_x""#, "schema"),
            (#""connection": "host=h password=pear-sock7", "passwordFile": "/none""#, "passwordFile"),
        ] {
            let error = try #require(throws: ProgramError.self) {
                try read("{ \"plugins\": { \"store\": { \"postgresql\": {\n\(settings) } } } }")
            }
            #expect(error.description.contains(".json:2: plugins.store.postgresql: '\(name)'"), "\(error)")
            #expect(!error.description.contains("sock7"), "\(error)")
        }
    }

    @Test(
        "every exporter has a format of its own, asks for each row once, ends, and passes on what keeps a row from coming"
    )
    func exporters() throws {
        let exporters = EnabledPlugins().all.compactMap { $0 as? any Exporter }
        #expect(!exporters.isEmpty && Set(exporters.map { type(of: $0).fileExtension }).count == exporters.count)
        struct Torn: Error {}
        for exporter in exporters {
            let format = type(of: exporter)
            #expect(!format.title.zh.isEmpty && !format.title.en.isEmpty && format.mediaType.contains("/"))
            for isTorn in [false, true] {
                let asked = Mutex(0)
                let table = ExportTable(
                    title: BilingualText(zh: "表", en: "table"),
                    columns: [
                        ExportColumn(BilingualText(zh: "甲", en: "a")), ExportColumn(BilingualText(zh: "乙", en: "b")),
                    ]
                ) {
                    let number = asked.withLock { count in
                        count += 1
                        return count
                    }
                    if isTorn, number == 2 { throw Torn() }
                    return number > 1000
                        ? nil : [ExportCell("=\(number)", isWrong: true), ExportCell("张\u{1}\"<&>,\n")]
                }
                var count = 0
                func write() throws { try exporter.write(table, in: .zh) { count += $0.count } }
                if isTorn {
                    #expect(throws: Torn.self, "\(format.name)") { try write() }
                } else {
                    try write()
                    #expect(count > 0 && asked.withLock { $0 } == 1001, "\(format.name)")
                }
            }
        }
        #expect(EnabledPlugins().exporter("no-such") == nil)
    }

    @Test("what is always on is on once, named in the configuration or not")
    func alwaysOn() throws {
        for text in ["{}", #"{ "plugins": {} }"#, #"{ "plugins": { "export": { "csv": {} } } }"#] {
            let on = try read(text).plugins.all.filter { type(of: $0).isAlwaysOn }
            #expect(on.map { type(of: $0).name } == AllPlugins.all.filter { $0.isAlwaysOn }.map { $0.name })
        }
    }

    @Test("notices go to every notifier that is on, and one that fails is reported and holds nobody up")
    func notices() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let plugins = try read("{ \"plugins\": { \"notify\": { \"log\": { \"file\": \"\(folder.path)/n.log\" } } } }")
            .plugins
        let (lines, note) = AsyncStream<String>.makeStream()
        let report = OperatorReports.reporting({ note.yield($0.en) }, to: plugins.notifiers + [FailingNotifier()]) {
            Instant(seconds: 0)
        }
        report(BilingualText(zh: "磁盘已满", en: "the disk is full"))
        var iterator = lines.makeAsyncIterator()
        #expect(await iterator.next() == "the disk is full")
        #expect(await iterator.next() == "no gateway")
        while (try? String(contentsOf: folder.appendingPathComponent("n.log"), encoding: .utf8)) == nil {
            await Task.yield()
        }
        let text = try String(contentsOf: folder.appendingPathComponent("n.log"), encoding: .utf8)
        #expect(text == "1970-01-01T00:00:00Z\t磁盘已满\tthe disk is full\n")
    }

    private struct FailingNotifier: Notifier {
        static let kind = PluginKind.notify
        static let name = "failing"
        static let summary = BilingualText(zh: "", en: "")
        static let settings: [PluginSetting] = []
        struct Failure: Error, CustomStringConvertible { var description: String { "no gateway" } }
        init() {}
        init(_ settings: PluginSettings) throws {}
        func deliver(_ message: OutgoingNotice) throws { throw Failure() }
    }

    @Test("the notifier of docs/plugins.md is the one that is built here, word for word, and works")
    func example() throws {
        let page = try String(contentsOf: Self.root.appendingPathComponent("docs/plugins.md"), encoding: .utf8)
        let own = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "ShoutingNotifier.swift"), encoding: .utf8)
        let shown = try #require(page.firstMatch(of: #/```swift\n(struct ShoutingNotifier[\s\S]*?)```/#)).1
        #expect(own.contains(shown))
        let object = SettingsObject(["prefix": .string("哨点")], file: "vedette.json", place: "plugins.notify.shout")
        let notifier = try ShoutingNotifier(PluginSettings(object, declared: ShoutingNotifier.settings, folder: "/"))
        let text = BilingualText(zh: "通知", en: "a notice")
        let notice = Notice(
            key: "1", kind: .operation, to: .administrators, at: Instant(seconds: 0), title: text, text: text)
        try notifier.deliver(OutgoingNotice(id: "1", notice: notice, address: "", now: notice.at))
    }

    @Test(
        "a data folder that is lost, or another one, is not made anew over databases on a server that have data",
        .enabled(if: TestStore.available.contains(.postgresql)))
    func lostFolder() async throws {
        try await TestStore.$current.withValue(.postgresql) {
            let test = try TestPlatform()
            _ = try await test.send(try TestPlatform.package("FeverClinic", "clean"))
            try await test.processAll()
            let lines = try await test.lineList()
            await test.close()
            let aside = test.folder.path + ".aside"
            try FileManager.default.moveItem(atPath: test.folder.path, toPath: aside)
            #expect(throws: DataFolderError.missing(path: test.folder.path + "/identity")) {
                _ = try TestPlatform.open(test.folder)
            }
            #expect(!FileManager.default.fileExists(atPath: test.folder.path))
            // A folder that another deployment has made does not pass for the lost one.
            var other: Platform? = try TestStore.$current.withValue(.sqlite) { try TestPlatform.open(test.folder) }
            await other?.stop()
            other = nil
            let error = #expect(throws: DataFolderError.self) { _ = try TestPlatform.open(test.folder) }
            guard case .foreign? = error else {
                Issue.record("\(error.map { "\($0)" } ?? "")")
                return
            }
            try FileManager.default.removeItem(at: test.folder)
            try FileManager.default.moveItem(atPath: aside, toPath: test.folder.path)
            try await test.restart()
            #expect(try await test.lineList() == lines)
        }
    }

    @Test("a store that is not there, or lacks rights, stops the start and makes nothing in the data folder")
    func unreachable() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        var configuration = Configuration(dataFolder: folder, programsFolder: TestPlatform.programs)
        configuration.plugins = try read(
            #"{ "plugins": { "store": { "postgresql": { "connection": "host=/nowhere dbname=d user=u" } } } }"#
        ).plugins
        #expect(throws: (any Error).self) {
            try Platform(configuration, institutions: [TestPlatform.institution], report: { _ in })
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
}
