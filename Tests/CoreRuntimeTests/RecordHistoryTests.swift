import CheckKit
import Database
import Foundation
import IndicatorStore
import Intake
import ProgramFiles
import Records
import Seeding
import StoreKit
import SurveillanceKit
import TestKit
import Testing
import Validation

@testable import CoreRuntime

@Suite("Records remember, on every store", .everyStore)
struct RecordHistoryTests {
    /// What is known of each visit, kept as plainly as can be: every version in order, and the complaint of the current one.
    private struct Model {
        struct Version {
            var complaint: String
            var submission: Int
        }

        var versions: [Int: [Version]] = [:]
        /// The place of each visit's current version.
        var current: [Int: Int] = [:]
        var withdrawn: Set<Int> = []

        var known: [Int: String] {
            current.reduce(into: [:]) { known, entry in known[entry.key] = versions[entry.key]?[entry.value].complaint }
        }

        mutating func store(_ rows: [Int: String], submission: Int) {
            for (visit, complaint) in rows where known[visit] != complaint {
                versions[visit, default: []].append(Version(complaint: complaint, submission: submission))
                current[visit] = (versions[visit]?.count ?? 1) - 1
            }
        }

        /// Every visit whose current version the submission brought returns to its last version that no withdrawn submission brought.
        mutating func withdraw(_ submission: Int) {
            withdrawn.insert(submission)
            for (visit, place) in current {
                guard let all = versions[visit], all[place].submission == submission else { continue }
                guard let earlier = all.last(where: { !withdrawn.contains($0.submission) }) else {
                    current[visit] = nil
                    continue
                }
                versions[visit]?.append(earlier)
                current[visit] = all.count
            }
        }
    }

    private static let complaints = ["发热1天", "咳嗽2天", "咽痛3天", "乏力4天"]

    /// The complaint of every visit, as the line list has it.
    private func stored(_ test: TestPlatform, asOf: Instant? = nil) throws -> (known: [String], latest: Instant) {
        let data = test.platform.data
        return try data.records.readBlocking { connection in
            var known: [String] = []
            try data.lineList.forEachRecord(
                program: "influenza", fileType: "flu", institution: TestPlatform.institution.code, asOf: asOf,
                in: connection
            ) { record in
                if case .text(let text)? = record.values["P7507"], case .text(let time)? = record.values["P7506"] {
                    known.append(String(decoding: time + [0x20] + text, as: UTF8.self))
                }
            }
            let count = try data.lineList.count(
                program: "influenza", fileType: "flu", institution: TestPlatform.institution.code, asOf: asOf,
                in: connection)
            #expect(count == known.count)
            return (known.sorted(), try data.lineList.latest(in: connection))
        }
    }

    @Test(
        "submissions, corrections, withdrawals and restarts, drawn at random: what is known now and as of every instant is what a plain model knows",
        arguments: 1...4)
    func histories(seed: UInt64) async throws {
        // On PostgreSQL one of them: every statement waits for a server.
        if TestStore.current == .postgresql, seed > 1 { return }
        var random = Randomness(seed: seed)
        let test = try TestPlatform(maximumHeldBytes: seed.isMultiple(of: 2) ? 1 : 8 << 20)
        var table = try #require(try ProgramTables("Influenza")["flu"])
        let rows = Array(table.rows.prefix(6))
        let complaint = try #require(table.column("P7507"))
        let time = try #require(table.column("P7506"))
        #expect(Set(rows.map { $0[time] }).count == rows.count)
        var model = Model()
        var ids: [SubmissionID] = []
        var seen: [(known: [String], latest: Instant)] = []
        for _ in 0..<24 {
            let step = random.below(10)
            if step < 7 || ids.isEmpty {
                var sent: [Int: String] = [:]
                for visit in rows.indices where random.oneIn(2) {
                    sent[visit] = random.pick(RecordHistoryTests.complaints)
                }
                guard !sent.isEmpty else { continue }
                table.rows = sent.keys.sorted().map { visit in
                    var row = rows[visit]
                    row[complaint] = sent[visit] ?? ""
                    return row
                }
                let submission = try #require(try await test.submit(StoredZip.bytes([("flu_1.csv", table.bytes)])))
                #expect(submission.state == .accepted)
                // The same bytes again are the same submission, and change nothing.
                guard !ids.contains(submission.id) else { continue }
                ids.append(submission.id)
                model.store(sent, submission: ids.count - 1)
            } else if step < 9 {
                let number = random.below(ids.count)
                let data = test.platform.data
                let now = test.platform.now()
                let id = ids[number].description
                try data.records.writeBlocking { transaction in
                    let figures = IndicatorWriter(
                        data.figures, institution: TestPlatform.institution.code, isNew: false, place: nil,
                        in: transaction)
                    let withdrawn = try data.lineList.withdraw(
                        submission: id, at: now, in: transaction, observer: figures)
                    try figures.finish(at: withdrawn.at, submission: id, isWithdrawal: true)
                }
                if !model.withdrawn.contains(number) { model.withdraw(number) }
            } else {
                try await test.restart()
            }
            let now = try stored(test)
            let expected = model.known.map { "\(rows[$0.key][time]) \($0.value)" }.sorted()
            #expect(now.known == expected)
            seen.append(now)
        }
        for state in seen { #expect(try stored(test, asOf: state.latest).known == state.known) }
        #expect(try stored(test, asOf: Instant(milliseconds: 0)).known.isEmpty)
    }

    @Test(
        "each new, changed and withdrawn record is told of with its event day, before and after; an unchanged one is not"
    )
    func changes() async throws {
        let test = try TestPlatform()
        var table = try #require(try ProgramTables("Influenza")["flu"])
        table.rows = Array(table.rows.prefix(2))
        let complaint = try #require(table.column("P7507"))
        _ = try await test.submit(StoredZip.bytes([("flu_1.csv", table.bytes)]))
        table.rows[1][complaint] = "发热9天"
        let id = try #require(try await test.submit(StoredZip.bytes([("flu_1.csv", table.bytes)]))).id
        let data = test.platform.data
        let observer = RecordChanges(
            test.platform.registry.programs.map(\.program), institution: TestPlatform.institution.code)
        try data.records.writeBlocking { transaction in
            let counts = try data.lineList.withdraw(
                submission: id.description, at: test.platform.now(), in: transaction, observer: observer)
            #expect(counts.returned == 1 && counts.removed == 0)
        }
        let changes = observer.all
        let change = try #require(changes.first)
        #expect(changes.count == 1 && change.fileType == "flu" && change.institution == TestPlatform.institution.code)
        #expect(change.changedFields == ["P7507"])
        #expect(change.before?["P7507"] == .text(Array("发热9天".utf8)))
    }

    @Test(
        "rows that were stored when the process ended, and the log was not told: the next start tells it, and nothing is stored twice"
    )
    func repairs() async throws {
        let test = try TestPlatform()
        await test.platform.stop()
        let id = try await test.send(try TestPlatform.package("Influenza", "clean")).submission.id
        let claimed = try #require(try await test.platform.data.log.claimNext(at: test.platform.now()))
        #expect(claimed.id == id)
        // All of processing but its last step.
        let outcome = try test.platform.pipeline.checkAndStore(claimed, refused: [], looksUp: true)
        #expect(outcome.state == .accepted)
        let records = try await test.lineList()
        #expect(records.count > 300)
        try await test.restart()
        let told = try #require(try await test.find(id))
        #expect(told.state == .accepted && told.files.map(\.accepted) == outcome.files.map(\.accepted))
        try await test.processAll()
        #expect(try await test.lineList() == records)
        let undisturbed = try TestPlatform()
        let other = try await undisturbed.send(try TestPlatform.package("Influenza", "clean")).submission.id
        try await undisturbed.processAll()
        #expect(try await test.findingLines(id).count == undisturbed.findingLines(other).count)
    }
}
