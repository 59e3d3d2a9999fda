import Accounts
import Audit
import Database
import Foundation
import Registrations
import StoreKit
import SurveillanceKit
import Testing

@Suite("Merges of duplicate institutions", .everyStore)
struct MergeTests {
    private static let today = CivilDate("2026-03-02")!
    private static let author = Author(name: "admin", origin: "192.0.2.9")

    private static func hospital(_ code: String, _ name: String, codes: [String] = []) -> Institution {
        Institution(
            code: code, name: BilingualText(zh: name, en: name), codeAliases: codes, level: .secondary,
            region: "430102", hasFeverClinic: false)
    }

    private static let seed = [
        hospital("A", "甲院"), hospital("B", "乙院", codes: ["B-OLD"]), hospital("C", "丙院"), hospital("D", "丁院"),
    ]

    private static func merge(
        _ code: String, _ kept: String, seen: String? = nil, at now: Instant, _ database: any SQLDatabase
    ) async throws {
        try await database.write { transaction in
            try InstitutionMerges.begin(
                code, into: kept, seen: try seen ?? InstitutionMerges.mark(code, kept, in: transaction),
                seed: { code in seed.first { $0.code == code } }, today: today, by: author, at: now, in: transaction)
        }
    }

    private static func undo(_ code: String, at now: Instant, _ database: any SQLDatabase) async throws {
        try await database.write { try InstitutionMerges.undo(code, by: author, at: now, in: $0) }
    }

    private static func register(_ database: any SQLDatabase) throws -> WholeRegister {
        try database.readBlocking { try WholeRegister(seed, in: $0) }
    }

    @Test("the one that goes on has the duplicate's codes and names; the duplicate owes nothing from that day on")
    func merged() async throws {
        let house = try House()
        try await Self.merge("B", "A", at: house.now, house.database)
        let register = try Self.register(house.database)
        let found = Dictionary(uniqueKeysWithValues: register.institutions.map { ($0.code, $0) })
        #expect(found["A"]?.codeAliases == ["B", "B-OLD"] && found["A"]?.aliases == ["乙院"])
        #expect(found["A"]?.until == nil && found["B"]?.until == CivilDate("2026-03-01"))
        #expect(found["B"]?.name.zh == "乙院" && found["C"] == Self.seed[2])
        #expect(register.kept(insteadOf: "B") == "A" && register.kept(insteadOf: "A") == nil)
        #expect(register.unmerged("A") == Self.seed[0] && register.unmerged("B") == Self.seed[1])
        #expect(try await house.audit() == ["admin institution.merge"])
        let history = try house.database.readBlocking { try InstitutionMerges.history(of: "A", in: $0) }
        #expect(history.map(\.duplicate) == ["B"] && history.first?.isInForce == true)
    }

    @Test("one that was closed earlier stays closed from its own day on")
    func closedEarlier() async throws {
        let house = try House()
        var closed = Self.seed[1]
        closed.until = CivilDate("2025-12-31")
        try await house.database.write { [closed] in
            try InstitutionRegister.set(closed, action: "institution.close", by: Self.author, at: house.now, in: $0)
        }
        try await Self.merge("B", "A", at: house.now, house.database)
        #expect(try Self.register(house.database).institutions[1].until == CivilDate("2025-12-31"))
    }

    @Test("what cannot be merged is told why, and nothing changes")
    func obstacles() async throws {
        let house = try House()
        func refused(_ code: String, _ kept: String, _ error: MergeError) async throws {
            await #expect(throws: error) { try await Self.merge(code, kept, at: house.now, house.database) }
            #expect(!error.message.zh.isEmpty && !error.message.en.isEmpty)
        }
        try await refused("A", "A", .itself)
        try await refused("A", "X", .unknown)
        try await refused("X", "A", .unknown)
        await #expect(throws: MergeError.notMerged) { try await Self.undo("B", at: house.now, house.database) }
        try await Self.merge("B", "A", at: house.now, house.database)
        try await refused("B", "C", .mergedAlready(into: "A"))
        try await refused("C", "B", .keptIsMerged("B", into: "A"))
        try await refused("A", "B", .keptIsMerged("B", into: "A"))
        var closed = Self.seed[3]
        closed.until = CivilDate("2026-03-01")
        try await house.database.write { [closed] in
            try InstitutionRegister.set(closed, action: "institution.close", by: Self.author, at: house.now, in: $0)
            try InstitutionRegister.set(
                Self.seed[2], isSuspended: true, action: "institution.suspend", by: Self.author, at: house.now, in: $0)
        }
        try await refused("A", "D", .keptIsClosed("D"))
        try await refused("A", "C", .keptIsSuspended("C"))
        #expect(try Self.register(house.database).merges.map(\.duplicate) == ["B"])
    }

    @Test("what has changed since it was shown is not confirmed")
    func stale() async throws {
        let house = try House()
        func mark() throws -> String {
            try house.database.readBlocking { try InstitutionMerges.mark("B", "A", in: $0) }
        }
        let seen = try mark()
        try await house.database.write {
            try InstitutionRegister.set(
                Self.hospital("A", "甲医院"), action: "institution.import", by: Self.author, at: house.now, in: $0)
        }
        await #expect(throws: MergeError.changedMeanwhile) {
            try await Self.merge("B", "A", seen: seen, at: house.now, house.database)
        }
        let other = try mark()
        try await Self.merge("C", "D", at: house.now, house.database)
        try await Self.undo("C", at: house.now, house.database)
        await #expect(throws: MergeError.changedMeanwhile) {
            try await Self.merge("B", "A", seen: other, at: house.now, house.database)
        }
        #expect(try Self.register(house.database).merges.isEmpty)
    }

    @Test("of two servers that merge at once, each into the other's, or undo at once, one does it")
    func together() async throws {
        let house = try House()
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("merge-\(UUID().uuidString).sqlite")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let servers = [try TestStore.database(at: path), try TestStore.database(at: path)]
        try servers[0].migrate(Migration.accounts + Migration.registrations)
        let (now, seen) = (house.now, "0.0")
        func outcomes(_ acts: [@Sendable () async throws -> Void]) async -> [MergeError?] {
            await withTaskGroup(of: MergeError?.self) { group in
                for act in acts {
                    group.addTask {
                        do { try await act() } catch { return error as? MergeError ?? .unknown }
                        return nil
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        let merged = await outcomes([
            { try await Self.merge("A", "B", seen: seen, at: now, servers[0]) },
            { try await Self.merge("B", "A", seen: seen, at: now, servers[1]) },
            { try await Self.merge("A", "B", seen: seen, at: now, servers[1]) },
        ])
        #expect(merged.count { $0 == nil } == 1)
        #expect(!merged.contains(.unknown))
        let code = try #require(try Self.register(servers[1]).merges.first?.duplicate)
        let undone = await outcomes([
            { try await Self.undo(code, at: now, servers[0]) }, { try await Self.undo(code, at: now, servers[1]) },
        ])
        #expect(undone.count { $0 == nil } == 1 && undone.contains(.notMerged))
        #expect(try Self.register(servers[0]).merges.isEmpty)
    }

    @Test("merged and taken back in any order, every table and the register are what they were")
    func identity() async throws {
        let house = try House()
        let approved = try await house.approve(try await house.waiting())
        _ = try await house.waiting(1)
        let codes = Self.seed.map(\.code) + [approved.code]
        let left: Set<String> = ["audit", "institution_merge", "institution_merge_gate"]
        let (rows, register) = (
            try WholeStore.rows(of: house.database, but: left), try Self.register(house.database)
        )
        #expect(rows["account"]?.count == 1 && rows["application_file"]?.isEmpty == false)
        // A generator of its own: the same orders in every run.
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var merges = 0
        for _ in 0..<12 {
            for _ in 0..<6 {
                house.advance(bySeconds: 1)
                let pair = (codes[next(codes.count)], codes[next(codes.count)])
                do {
                    try await Self.merge(pair.0, pair.1, at: house.now, house.database)
                    merges += 1
                } catch is MergeError {}
                // Whatever is merged, every institution is still there, and no two go round in a circle.
                let now = try Self.register(house.database)
                #expect(now.institutions.map(\.code) == register.institutions.map(\.code))
                for code in codes {
                    if let kept = now.kept(insteadOf: code) { #expect(now.kept(insteadOf: kept) == nil) }
                }
            }
            var open = try Self.register(house.database).merges.map(\.duplicate)
            while !open.isEmpty {
                try await Self.undo(open.remove(at: next(open.count)), at: house.now, house.database)
            }
            #expect(try Self.register(house.database).institutions == register.institutions)
        }
        #expect(merges > 20)
        #expect(try WholeStore.rows(of: house.database, but: left) == rows)
    }
}
