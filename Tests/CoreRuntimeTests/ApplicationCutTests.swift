import Accounts
import CheckKit
import Database
import Documents
import Foundation
import Intake
import Portal
import PluginKit
import Registrations
import ShangMi
import StoreKit
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

/// Each durable step from the code that is sent to the outcome that is sent is the last one of a server's life, once. The people behind the
/// application do what people do: they look, and do again what was not done.
@Suite("A server that is killed behind every durable step of an application, on every store", .everyStore)
struct ApplicationCutTests {
    /// A server that is started anew after each kill, and who deals with it.
    private final class World {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-cuts-\(UUID().uuidString)")
        let clock: SetClock
        /// One small program, so that a start takes little.
        private let programs: TemporaryPrograms
        let cutter = Cutter()
        let taken = TakenMessages()
        private var opened: Platform?
        var server: Platform { opened! }  // Set before anything is asked, and nil only within start.
        private(set) var kills: Set<String> = []
        private let later = Synchronized()

        init() throws {
            clock = try SetClock("2026-03-02T10:00:00+08:00")
            programs = try TemporaryPrograms([
                "Small/program.json": """
                { "id": "small", "version": "1.0.0", "effectiveFrom": "2026-01-01", "timeZone": "Asia/Shanghai",
                  "title": { "zh": "小", "en": "Small" }, "files": ["small"] }
                """,
                "Small/files/small.json": """
                { "name": "small", "title": "记录", "en": { "title": "Notes" }, "primaryKey": ["N"],
                  "fields": [ { "name": "N", "title": "号", "en": { "title": "number" }, "type": "integer",
                    "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" } ] }
                """,
            ])
            try start()
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        private func start() throws {
            let store: any Store =
                if let plugin = try TestStore.plugin(for: folder.path) { plugin } else { SQLiteFiles(root: folder) }
            let (cutter, taken) = (cutter, taken)
            opened = try TestPlatform.open(
                folder, now: now, fileSystem: cutter.fileSystem, programs: programs.folder, institutions: []
            ) {
                $0.plugins = EnabledPlugins([
                    CuttingStore(store, cutter), CutTexts(taken, cutter), CutMails(taken, cutter),
                ])
            }
        }

        var now: @Sendable () -> Instant {
            let (clock, later) = (clock.now, later)
            return { clock().advanced(bySeconds: later.value) }
        }
        func wait(seconds: Int64) { later.add(seconds) }

        /// Kills the server and starts another on what it has left.
        private func restart() async throws {
            await opened?.stop()
            opened = nil
            cutter.arm(butFor: nil)
            for _ in 0..<10_000 where opened == nil {
                do { try start() } catch IntakeError.inUse { await Task.yield() }
            }
        }

        /// Has something done, by servers of which each is killed behind another step, until one has lived to its end.
        ///
        /// - Parameter isDone: what whoever asks sees of it after a kill; nil where he has to do it again.
        func undisturbed<Answer>(
            _ name: String, _ act: (Platform) async throws -> Answer, isDone: (Platform) async throws -> Answer?,
            afterKill: (Platform) async throws -> Void = { _ in }
        ) async throws -> Answer {
            var known: Set<String> = []
            while known.count < 60 {
                cutter.arm(butFor: known)
                var answer: Answer?
                do { answer = try await act(server) } catch { if cutter.end == nil { throw error } }
                guard let end = cutter.end else {
                    cutter.arm(butFor: nil)
                    return try #require(answer)
                }
                known.insert(end)
                kills.insert("\(name): \(end)")
                try await restart()
                try await afterKill(server)
                if let seen = try await isDone(server) { return seen }
            }
            throw Cutter.Cut()
        }

        /// What the recurring job does.
        func deliver(_ server: Platform) async throws {
            let configuration = server.configuration
            _ = try await NoticeWorker(
                server.data, configuration.plugins.notifiers, configuration.notices, holder: server.data.log.owner,
                now: now
            ).run()
        }
    }

    private static let phone = PhoneNumber("13812345678")!
    private static let form = ApplicationForm([
        .name: "示例县人民医院", .code: "D2143569X43010211A1001", .region: "430102", .address: "示例路 1 号", .level: "二级",
        .category: "综合", .legalName: "甲", .managerName: "乙", .managerPhone: phone.national,
        .managerMail: "data@example.org",
    ])

    /// The code that came last to the telephone.
    private func lastCode(_ world: World) -> String {
        world.taken.all.last { $0.notice.kind == .phoneCode }.map {
            String($0.notice.text.zh.filter { ("0"..."9").contains($0) }.prefix(6))
        } ?? ""
    }

    @Test("nothing that was acknowledged is lost, no message is sent twice or never, and one account comes of it")
    func everyStep() async throws {
        let world = try World()
        let session = "s"

        // The code, and the way in: where a kill has used a code up, another is asked for.
        let token = try await world.undisturbed("enter") { server in
            // Eight codes a day.
            world.wait(seconds: 3 * 3_600 + 1)
            let sent = try await server.portalServices.requestPhoneCode(
                Self.phone, for: .application, session: session, from: "192.0.2.1")
            #expect(sent == .sent)
            try await world.deliver(server)
            let entry = try await server.portalServices.enterApplication(
                lastCode(world), of: Self.phone, session: session)
            guard case .entered(let token) = entry else { throw RegistrationError.noSuchApplication }
            return token
        } isDone: { _ in
            nil
        }
        func own(_ server: Platform) async throws -> Application {
            try #require(try await server.portalServices.application(ofSession: token))
        }

        _ = try await world.undisturbed("save") { server in
            try await server.portalServices.save(Self.form, of: own(server))
        } isDone: { server in
            let found = try await own(server)
            return found.form == Self.form ? found : nil
        }

        let scan = try DrawnPicture.jpeg(width: 12, height: 9) { x, y in (UInt8(x), UInt8(y), 9) }
        func add(_ kind: ApplicationFile.Kind, _ server: Platform) async throws {
            let answer = try await server.portalServices.addFile(scan, named: "a.jpg", as: kind, to: own(server))
            guard case .added = answer else { throw RegistrationError.incomplete }
        }
        try await add(.information, world.server)
        try await add(.agreement, world.server)
        try await world.undisturbed("scan") { server in
            try await add(.licence, server)
        } isDone: { server in
            try await own(server).missingFiles.isEmpty ? () : nil
        } afterKill: { server in
            // What was there before is there still, and opens.
            let found = try await own(server)
            #expect(found.form == Self.form && found.files.count >= 2)
            for file in found.files {
                #expect(SM3.digest(try server.data.documents.read(file.id)).hex == file.sm3)
            }
        }

        try await world.undisturbed("submit") { server in
            let error = try await server.portalServices.submit(own(server), from: "192.0.2.1")
            #expect(error == nil)
        } isDone: { server in
            try await own(server).state == .waiting ? () : nil
        }

        let reviewer = Account(name: "reviewer", displayName: "r", role: .reviewer, region: Region("43"))
        let id = try await own(world.server).id
        try await world.undisturbed("approve") { server in
            let seen = try #require(try await server.portalServices.application(id, for: reviewer)).application
            #expect(seen.files.count == 3)
            let error = try await server.portalServices.decide(
                id, revision: seen.revision, refusal: nil, by: reviewer, from: "192.0.2.9")
            #expect(error == nil)
        } isDone: { server in
            let seen = try #require(try await server.portalServices.application(id, for: reviewer)).application
            return seen.state == .approved ? () : nil
        }
        // The reviewer, who got no answer, decides again.
        let twice = try await world.server.portalServices.decide(
            id, revision: try await own(world.server).revision, refusal: nil, by: reviewer, from: "192.0.2.9")
        #expect(twice == .changedMeanwhile)
        try await world.undisturbed("deliver") {
            try await world.deliver($0)
        } isDone: { _ in
            nil
        }
        let code = try #require(Self.form.institution?.code)
        #expect(world.server.institutions[code]?.name.zh == "示例县人民医院")

        // One of each, whatever was killed.
        let counts: [Int] = try await world.server.data.database.read { connection in
            try ["account", "password_link", "institution_version", "application", "application_file"].map {
                try connection.first("SELECT count(*) FROM \($0)") ?? -1
            }
        }
        #expect(counts == [1, 1, 1, 1, 3])
        let (messages, rows) = (
            world.taken.all,
            try await world.server.data.database.read { try $0.rows("SELECT id, state FROM notice_delivery") }
        )
        let sent = Set(messages.map(\.id))
        #expect(sent.count == messages.count, "a message was sent twice")
        for row in rows {
            let (id, state): (String, String) = (try row[0], try row[1])
            // A code whose time was over before a server came to deliver it is not sent any more.
            #expect(state == "expired" || state == "sent" && sent.contains(id), "\(state)")
        }
        let links = messages.filter { $0.notice.kind == .passwordLink }
        #expect(links.map(\.address).sorted() == ["+8613812345678", "data@example.org"])

        // The link that came sets the password, once.
        let link = try #require(links.first?.notice.text.zh.firstMatch(of: /token=([0-9a-f]+)/)).1
        let password = "pear-sock-7 蓝天"
        try await world.undisturbed("password") { server in
            let error = try await server.portalServices.setPassword(
                password, byLink: String(link), from: "192.0.2.1")
            #expect(error == nil)
        } isDone: { server in
            try await server.portalServices.account(ofLink: String(link)) == nil ? () : nil
        }
        guard case .accepted = try await world.server.portalServices.signIn(code, password: password, from: "192.0.2.1")
        else {
            Issue.record("the account does not sign in")
            return
        }

        // Scans of uploads that were cut off are removed after a day; the three that count stay.
        world.wait(seconds: 86_401)
        try await world.undisturbed("purge") { server in
            _ = try await server.purge()
        } isDone: { _ in
            nil
        }
        let folder = world.folder.appendingPathComponent("documents").path
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder)
        let files = try await world.server.registrations.applications.reviewed(id, in: .nation)?.files ?? []
        #expect(Set(kept.filter { $0.count == 32 }) == Set(files.map(\.id)) && files.count == 3)
        let named = [
            "enter: commit 1", "enter: text 1", "save: commit 1", "scan: commit 1", "scan: create 1",
            "scan: rename 1", "scan: sync folder 1", "scan: commit 2", "submit: commit 1",
            "approve: commit 1", "deliver: commit 1", "deliver: text 1", "deliver: mail 1", "password: commit 1",
            "purge: commit 1", "purge: remove 1",
        ]
        #expect(world.kills.isSuperset(of: named), "\(world.kills.sorted())")
    }
}

/// A number that a test's clock reads from any thread.
final class Synchronized: Sendable {
    private let stored = Mutex<Int64>(0)
    var value: Int64 { stored.withLock { $0 } }
    func add(_ more: Int64) { stored.withLock { $0 += more } }
}
