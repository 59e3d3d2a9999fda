import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit
import StoreKit
import Testing

private let reason = BilingualText(zh: "磁盘读取失败", en: "the disk could not be read")

@Suite("The submission log, on every store", .everyStore)
struct SubmissionLogTests {
    let fixture: Fixture
    let log: SubmissionLog

    init() throws {
        fixture = try Fixture()
        log = try fixture.log()
    }

    private func finish(_ submission: Submission, _ state: SubmissionState = .accepted) async throws -> Submission {
        try await log.database.write { [log] transaction in
            try log.finish(
                submission.id, attempt: submission.attempt, files: [], state: state, at: .milliseconds(5000),
                in: transaction)
        }
    }

    private func failForGood(_ id: SubmissionID) async throws {
        let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
        #expect(claimed.id == id)
        let failed = try await log.fail(
            id, attempt: claimed.attempt, reason: reason, maximumTries: 1, at: .milliseconds(6000))
        #expect(failed.state == .failed && failed.reason == reason && failed.finishedAt == .milliseconds(6000))
    }

    // MARK: What is there

    @Test("remembers what arrived, for the next start too, and shows it to its own institution alone")
    func find() async throws {
        let recorded = try await log.record(arrival(1, fileName: "flu_门诊.csv", bytes: "abc"))
        let expected = Submission(
            id: id(1), institution: "A", account: "demo", fileName: "flu_门诊.csv", size: 3, sm3: SM3.digest("abc").hex,
            receivedAt: .milliseconds(1001), state: .received)
        #expect(recorded == .new(expected))
        let reopened = try fixture.log()
        #expect(try await reopened.find(id(1), scope: .institution("A")) == expected)
        #expect(try await reopened.find(id(1), scope: .nation) == expected)
        #expect(try await reopened.find(id(1), scope: .institution("B")) == nil)
        #expect(try await reopened.find(id(2), scope: .nation) == nil)
    }

    @Test("shows the latest first, page by page, and counts by state")
    func list() async throws {
        for number in 1...5 { _ = try await log.record(arrival(Int64(number), bytes: "\(number)")) }
        _ = try await log.record(arrival(6, institution: "B"))
        #expect(try await log.list(scope: .institution("A"), limit: 2).map(\.id) == [id(5), id(4)])
        #expect(
            try await log.list(scope: .institution("A"), limit: 9, before: id(4)).map(\.id) == [id(3), id(2), id(1)])
        #expect(try await log.list(scope: .nation, limit: 1).map(\.id) == [id(6)])
        let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
        _ = try await finish(claimed)
        #expect(
            try await log.list(scope: .institution("A"), matching: .init(state: .accepted), limit: 9).map(\.id) == [
                id(1)
            ])
        #expect(try await log.counts(scope: .nation) == [.received: 5, .accepted: 1])
        #expect(try await log.counts(scope: .institution("B")) == [.received: 1])
    }

    @Test("no file name stands in the database's files in clear")
    func sealedNames() async throws {
        _ = try await log.record(arrival(1, fileName: "flu_张三丰.csv", key: "key-of-张三丰"))
        let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
        try await log.database.write { [log] transaction in
            let file = FileReport(name: "张三丰/flu_1.csv", program: "influenza", fileType: "flu", rows: 3, accepted: 3)
            try log.finish(
                claimed.id, attempt: 1, files: [file], state: .accepted, at: .milliseconds(1), in: transaction)
        }
        #expect(try await log.find(id(1), scope: .nation)?.files.first?.name == "张三丰/flu_1.csv")
        #expect(try fixture.files(holding: "张三丰").isEmpty)
    }

    // MARK: Exactly once

    @Test("the same bytes again are a submission of their own that names the earlier one: what was sent last counts")
    func sameBytes() async throws {
        for (number, bytes) in [(1, "x"), (2, "y"), (3, "x"), (4, "x")] as [(Int64, String)] {
            let recorded = try await log.record(arrival(number, bytes: bytes))
            #expect(recorded == .new(recorded.submission) && recorded.submission.id == id(number))
            #expect(recorded.submission.sameBytesAs == [3: id(1), 4: id(3)][number])
            let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
            _ = try await finish(claimed, number == 1 ? .rejected : .accepted)
        }
        #expect(try await log.find(id(3), scope: .nation)?.sameBytesAs == id(1))
    }

    @Test(
        "a double click is answered with the submission that still waits or is processed; after it has ended there is a new one"
    )
    func doubleClick() async throws {
        let first = try await log.record(arrival(1)).submission
        #expect(try await log.record(arrival(2)) == .known(first))
        let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
        #expect(try await log.record(arrival(3)) == .known(claimed))
        _ = try await finish(claimed)
        #expect(try await log.record(arrival(4)).submission.id == id(4))
    }

    @Test("where something else of the institution has arrived since, the same bytes count anew, and after it")
    func somethingBetween() async throws {
        for (number, bytes) in [(1, "x"), (2, "y"), (3, "x")] as [(Int64, String)] {
            #expect(try await log.record(arrival(number, bytes: bytes)).submission.id == id(number))
        }
        #expect(try await log.record(arrival(4, institution: "B")).submission.sameBytesAs == nil)
        #expect(try await log.record(arrival(5)).submission.id == id(3), "another hospital's upload changes nothing")
        var order: [SubmissionID] = []
        while let claimed = try await log.claimNext(at: .milliseconds(0)) {
            order.append(claimed.id)
            _ = try await finish(claimed)
        }
        #expect(order == [id(1), id(2), id(3), id(4)])
    }

    @Test(
        "other bytes, another institution or another table's name are no repetition; an archive's name says nothing"
    )
    func otherBytes() async throws {
        let arrivals = [
            arrival(1), arrival(2, bytes: "y"), arrival(3, institution: "B"), arrival(4, fileName: "pt_1.csv"),
            arrival(5, fileName: "a.zip"),
        ]
        for arrival in arrivals {
            let recorded = try await log.record(arrival)
            #expect(recorded.submission.id == arrival.id)
        }
        #expect(try await log.record(arrival(6, fileName: "b.ZIP")).submission.id == id(5))
        #expect(try await log.record(arrival(7, fileName: "flu_1.csv")).submission.id == id(7))
        #expect(try await log.record(arrival(8, fileName: "FLU_1.csv")).submission.id == id(7))
    }

    @Test("a failed try never makes the next one a repetition of itself")
    func failedTry() async throws {
        _ = try await log.record(arrival(1, key: "k"))
        try await failForGood(id(1))
        let second = try await log.record(arrival(2, key: "k"))
        #expect(second == .new(second.submission) && second.submission.id == id(2))
        #expect(try await log.record(arrival(3, key: "k")).submission.id == id(2))
    }

    @Test("the same key is answered with the same submission, and refused with other bytes")
    func idempotencyKey() async throws {
        let first = try await log.record(arrival(1, key: "k")).submission
        #expect(try await log.record(arrival(2, key: "k")) == .known(first))
        await #expect(throws: IntakeError.idempotencyConflict(first: id(1))) {
            try await log.record(arrival(3, bytes: "y", key: "k"))
        }
        let other = try await log.record(arrival(4, institution: "B", bytes: "y", key: "k"))
        #expect(other.submission.id == id(4))
        #expect(try await log.record(arrival(5, bytes: "y")).submission.id == id(5))
        // Also long after it has ended.
        while let claimed = try await log.claimNext(at: .milliseconds(0)) { _ = try await finish(claimed) }
        #expect(try await log.record(arrival(6, key: "k")).submission.id == id(1))
    }

    @Test("a database of the version before keeps its submissions, and the same bytes can come again")
    func migrates() async throws {
        let path = fixture.path + "/older.sqlite"
        let older = try TestStore.database(at: path)
        try older.migrate(Array(SubmissionLog.migrations.prefix(1)))
        let seal = try fixture.seal()
        let name = try seal.seal("flu_1.csv", place: "submission/file_name/\(id(1))")
        try await older.write { transaction in
            try transaction.execute(
                """
                INSERT INTO submission (id, sequence, institution, account, file_name, size, sm3, received_at, state, attempt, tries,
                    not_before, is_kept, same_name)
                VALUES (?, 1, 'A', 'demo', ?, 1, ?, 1001, 'accepted', 1, 1, 0, 1, 'x')
                """, [.text(id(1).description), .blob(name), .text(SM3.digest("x").hex)])
        }
        let database = try TestStore.database(at: path)
        try database.migrate(SubmissionLog.migrations)
        let migrated = SubmissionLog(database: database, seal: seal)
        let kept = try #require(try await migrated.find(id(1), scope: .institution("A")))
        #expect(kept.fileName == "flu_1.csv" && kept.state == .accepted && kept.records == nil)
        let again = try await migrated.record(arrival(2))
        #expect(again.submission.id == id(2) && again.submission.sameBytesAs == id(1))
    }

    @Test("parallel uploads of the same package end as one")
    func parallel() async throws {
        let recorded = try await withThrowingTaskGroup(of: Recorded.self) { group in
            for number in 1...40 { group.addTask { try await log.record(arrival(Int64(number), key: "k")) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(recorded.map(\.submission.id)).count == 1)
        #expect(recorded.count { if case .new = $0 { true } else { false } } == 1)
    }

    @Test("a crash before the commit leaves nothing: neither the submission nor its key")
    func rolledBack() async throws {
        struct Crash: Error {}
        await #expect(throws: Crash.self) {
            try await log.database.write { [log] transaction in
                _ = try log.record(arrival(1, key: "k"), in: transaction)
                throw Crash()
            }
        }
        #expect(try await log.record(arrival(2, bytes: "y", key: "k")).submission.id == id(2))
    }

    // MARK: Processing

    @Test("one institution's submissions go in order and one at a time, those of others beside them")
    func fairness() async throws {
        for (number, institution) in ["A", "A", "B", "A"].enumerated() {
            _ = try await log.record(arrival(Int64(number), institution: institution, bytes: "\(number)"))
        }
        let first = try #require(try await log.claimNext(at: .milliseconds(0)))
        let second = try #require(try await log.claimNext(at: .milliseconds(0)))
        #expect([first.id, second.id] == [id(0), id(2)])
        #expect(try await log.claimNext(at: .milliseconds(0)) == nil)
        _ = try await finish(second)
        #expect(try await log.claimNext(at: .milliseconds(0)) == nil)
        _ = try await finish(first)
        #expect(try await log.claimNext(at: .milliseconds(0))?.id == id(1))
    }

    @Test("several workers never take the same")
    func workers() async throws {
        for number in 0..<60 {
            _ = try await log.record(arrival(Int64(number), institution: "\(number % 7)", bytes: "\(number)"))
        }
        let taken = try await withThrowingTaskGroup(of: [SubmissionID].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var taken: [SubmissionID] = []
                    while let submission = try await log.claimNext(at: .milliseconds(0)) {
                        taken.append(submission.id)
                        _ = try await finish(submission)
                    }
                    return taken
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        // A worker ends when all that waits belongs to institutions that are being worked for; the rest is for the last one.
        let rest = try await log.counts(scope: .nation)[.received] ?? 0
        #expect(Set(taken).count == taken.count && taken.count + rest == 60)
    }

    @Test("an attempt that was taken over can store nothing, and a result is stored once")
    func fencing() async throws {
        _ = try await log.record(arrival(1))
        let stale = try #require(try await log.claimNext(at: .milliseconds(0)))
        try await log.handBack(stale.id, attempt: stale.attempt, until: .milliseconds(0))
        let current = try #require(try await log.claimNext(at: .milliseconds(0)))
        #expect(current.attempt == stale.attempt + 1)
        await #expect(throws: IntakeError.notProcessing(id(1), attempt: stale.attempt)) { try await finish(stale) }
        let finished = try await finish(current, .partlyAccepted)
        #expect(finished.state == .partlyAccepted && finished.finishedAt == .milliseconds(5000))
        await #expect(throws: IntakeError.notProcessing(id(1), attempt: current.attempt)) { try await finish(current) }
    }

    @Test("rows, counts and state change together or not at all")
    func oneTransaction() async throws {
        struct Crash: Error {}
        _ = try await log.record(arrival(1))
        let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
        let files = [
            FileReport(
                name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 2, accepted: 1, rejected: 1, errors: 3)
        ]
        await #expect(throws: Crash.self) {
            try await log.database.write { [log] transaction in
                try transaction.execute("CREATE TABLE line_list (n INTEGER)")
                try log.finish(
                    claimed.id, attempt: 1, files: files, state: .accepted, at: .milliseconds(1), in: transaction)
                throw Crash()
            }
        }
        #expect(try await log.find(id(1), scope: .nation)?.state == .processing)
        let finished = try await log.database.write { [log] transaction in
            try log.finish(
                claimed.id, attempt: 1, files: files, state: .partlyAccepted, at: .milliseconds(1), in: transaction)
        }
        #expect(finished.files == files)
    }

    @Test("what goes wrong is tried again after a while, later ones of the institution wait, and the last try fails")
    func retries() async throws {
        _ = try await log.record(arrival(1))
        _ = try await log.record(arrival(2, bytes: "y"))
        for round in 1...3 {
            let now = Instant(seconds: Int64(round))
            let claimed = try #require(try await log.claimNext(at: now))
            #expect(claimed.id == id(1) && claimed.attempt == round)
            let after = try await log.fail(
                id(1), attempt: round, reason: reason, maximumTries: 3, retryAfter: 1000, at: now)
            #expect(after.state == (round < 3 ? .received : .failed))
            if round < 3 { #expect(try await log.claimNext(at: now.advanced(by: 999)) == nil) }
        }
        #expect(try await log.claimNext(at: .milliseconds(4000))?.id == id(2))
    }

    @Test("a failed submission can be retried with tries of its own, also when its bytes came again since")
    func retry() async throws {
        _ = try await log.record(arrival(1))
        await #expect(throws: IntakeError.cannotRetry(id(1), state: .received)) { try await log.retry(id(1)) }
        try await failForGood(id(1))
        let queued = try await log.retry(id(1))
        #expect(queued.state == .received && queued.reason == nil && queued.finishedAt == nil)
        #expect(try await log.record(arrival(2)).submission.id == id(1))
        try await failForGood(id(1))
        _ = try await log.record(arrival(3))
        #expect(try await log.retry(id(1)).state == .received)
        #expect(try await log.claimNext(at: .milliseconds(0))?.id == id(1), "in the order of arrival")
        await #expect(throws: IntakeError.noSuchSubmission(id(9))) { try await log.retry(id(9)) }
    }

    @Test("lists what is open and what a program has, and keeps who acknowledged warnings until the next check")
    func acknowledged() async throws {
        let id = try await log.record(arrival(1, fileName: "flu_1.csv", bytes: "abc")).submission.id
        func acknowledge(_ reason: String) async throws -> Submission {
            try await log.database.write { [log] transaction in
                try log.acknowledge(id, reason: reason, by: "data", at: .milliseconds(9000), in: transaction)
            }
        }
        func listed(_ filter: SubmissionFilter) async throws -> Int {
            let count = try await log.list(scope: .nation, matching: filter, limit: 9).count
            #expect(try await log.list(scope: .nation, limit: 9).filter(filter.matches).count == count)
            return count
        }
        await #expect(throws: IntakeError.cannotAcknowledge(id, state: .received)) {
            _ = try await acknowledge("too early")
        }
        let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
        let file = FileReport(
            name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 2, accepted: 1, rejected: 1, errors: 1,
            warnings: 3)
        _ = try await log.database.write { [log] transaction in
            try log.finish(
                id, attempt: claimed.attempt, files: [file], state: .partlyAccepted, at: .milliseconds(5000),
                in: transaction)
        }
        #expect(try await listed(SubmissionFilter(program: "influenza", isOpen: true)) == 1)
        #expect(try await listed(SubmissionFilter(program: "fever-clinic")) == 0)
        let said = try await acknowledge("核对过").acknowledgement
        #expect(said == .init(at: .milliseconds(9000), account: "data", reason: "核对过"))
        #expect(try await acknowledge("later").acknowledgement == said, "the first word stands")
        #expect(try await log.retry(id).acknowledgement == nil)
    }

    @Test("work that is handed back waits until it is due, and that does not count as a try")
    func handBack() async throws {
        _ = try await log.record(arrival(1))
        for round in 0..<5 {
            let now = Instant(seconds: Int64(round))
            let claimed = try #require(try await log.claimNext(at: now))
            try await log.handBack(claimed.id, attempt: claimed.attempt, until: now.advanced(by: 1000))
            #expect(try await log.claimNext(at: now.advanced(by: 999)) == nil)
        }
        let claimed = try #require(try await log.claimNext(at: .milliseconds(5000)))
        let after = try await log.fail(
            claimed.id, attempt: claimed.attempt, reason: reason, maximumTries: 2, at: .milliseconds(0))
        #expect(after.state == .received)
    }
}
