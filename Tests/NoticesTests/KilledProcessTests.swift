import Database
import Foundation
import Glibc
import Notices
import PluginKit
import Seeding
import StoreKit
import SurveillanceKit
import TestKit
import Testing

/// A real process is killed at every step of delivery, and from outside at any moment, with a gateway that lives on.
@Suite("A server process that is killed, on every store", .everyStore)
struct KilledProcessTests {
    /// How many kills a test has on each store.
    private static let kills = ProcessInfo.processInfo.environment["VEDETTE_NOTICE_KILLS"].flatMap(Int.init) ?? 13

    private static let executable: URL = {
        let bundle = Bundle.allBundles.compactMap(\.executableURL).first { $0.lastPathComponent.contains("xctest") }
        let test = bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return test.deletingLastPathComponent().appendingPathComponent("vedette-deliveries")
    }()

    private struct Place {
        var words: [String]
        var database: any SQLDatabase

        init(_ folder: URL) throws {
            let path = folder.appendingPathComponent("notices.sqlite").path
            if TestStore.current == .sqlite {
                words = ["SQLite", path]
                database = try SQLiteDatabase(path: path, readers: 1)
            } else {
                let schema = "k_\(UInt32.random(in: 0...UInt32.max))"
                words = ["PostgreSQL", "\(schema) \(try PostgreSQLServer.shared.get().connection())"]
                database = try TestStore.postgresql(schema: schema)
            }
            try database.migrate(Outbox.migrations)
        }
    }

    /// - Parameter microseconds: after which it is killed from outside; nil where it is left alone.
    /// - Returns: whether it was killed.
    private func run(_ words: [String], killedAfter microseconds: Int? = nil) throws -> Bool {
        var child: pid_t = 0
        let arguments = ([Self.executable.path] + words).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        try #require(posix_spawn(&child, Self.executable.path, nil, nil, arguments, environ) == 0)
        if let microseconds {
            usleep(UInt32(microseconds))
            kill(child, SIGKILL)
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        if status & 0x7F == SIGKILL { return true }
        try #require(status == 0)
        return false
    }

    @Test(
        "each notice is told to its person exactly once, by a gateway that knows ids and by one that can be asked; by one that can neither, never twice",
        arguments: [UnsureRemedy.tellAgain, .ask, .hold])
    func kills(remedy: UnsureRemedy) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("killed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = try Place(folder)
        let gateway = SocketGateway(knowsIDs: remedy == .tellAgain)
        var random = Randomness(seed: 13)
        var now: Int64 = 1_772_000_000_000
        var (kills, added, outside) = (0, 0, 0)
        var at: Set<Int> = []
        func words(_ step: Int) -> [String] {
            place.words + ["\(gateway.port)", "\(remedy)", "\(now)", "\(step)"]
        }
        while kills < Self.kills {
            // A step is reached only where something is left to deliver.
            for _ in 0..<3 {
                let text = BilingualText(zh: "逾期未报", en: "missing")
                let notice = Notice(
                    key: "\(added)", kind: .missed, to: .institution("H001"), at: Instant(milliseconds: now),
                    title: text,
                    text: text)
                try place.database.writeBlocking { _ = try Outbox.add(notice, in: $0) }
                added += 1
            }
            if random.oneIn(4) { gateway.failNext(SocketGateway.Failure.allCases[random.below(3)]) }
            let step = kills % 13
            if random.oneIn(4) {
                if try run(words(-1), killedAfter: random.below(60_000)) {
                    kills += 1
                    outside += 1
                }
            } else if try run(words(step)) {
                kills += 1
                at.insert(step)
            }
            now += Int64(random.below(100_000))
        }
        gateway.isWell()
        var counts: [Outbox.State: Int] = [:]
        for _ in 0..<40 {
            _ = try run(words(-1))
            now += 7_200_000
            counts = try place.database.readBlocking { try Outbox.counts(in: $0) }
            if Set(counts.keys).isDisjoint(with: [.waiting, .unsure, .sending]) { break }
        }
        let kept = gateway.kept
        #expect(kept.sent.values.allSatisfy { $0 == 1 } && (at.count >= min(13, Self.kills / 3)))
        if remedy == .hold {
            #expect(kept.told.values.allSatisfy { $0 >= 1 } && counts.values.reduce(0, +) == added)
            #expect(Set(counts.keys).isSubset(of: [.sent, .held]))
            #expect(kept.sent.count >= counts[.sent, default: 0])
        } else {
            #expect(kept.sent.count == added && counts == [.sent: added])
        }
        if Self.kills >= 1000 {
            print(
                "\(TestStore.current.rawValue), \(remedy): \(kills) kills (\(outside) from outside), \(added) notices, \(kept.sent.count) sent, twice: \(kept.sent.values.count { $0 > 1 })"
            )
        }
    }
}
