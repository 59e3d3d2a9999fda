import CheckKit
import SurveillanceKit
import Testing

@testable import Accounts
@testable import CoreRuntime
@testable import Intake
@testable import Portal

extension CorrectionTests {
    @Test("a whole export that comes again under the same names, with their day, is known to correct the first")
    func exportedAnew() async throws {
        let packages = try Self.packages()
        let (clean, faulty) = (try Self.files(packages.clean), try Self.files(packages.faulty))
        let test = try TestPlatform()
        func send(_ files: [(name: String, bytes: [UInt8])]) async throws -> Submission {
            let id = try await test.send(StoredZip.bytes(files)).submission.id
            try await test.processAll()
            return try #require(try await test.find(id))
        }
        func named(_ files: [(name: String, bytes: [UInt8])], _ day: String) -> [(name: String, bytes: [UInt8])] {
            files.map { (name: "\($0.name.prefix { $0 != "_" })_\(day).csv", bytes: $0.bytes) }
        }
        let first = try await send(named(faulty, "20261128"))
        let second = try await send(named(faulty, "20261127"))
        #expect(first.rejected > 0 && second.rejected > 0)
        // Another day's export, and names without a day, correct nothing.
        let other = try await send(named(clean, "20261126"))
        #expect(other.state == .accepted && other.repairs == nil)
        #expect(try await send(named(clean, "export")).repairs == nil)
        let again = try await send(named(clean, "20261128"))
        #expect(again.state == .accepted && again.repairs == first.id)
        #expect(try await test.find(first.id)?.repairedBy == again.id)
        #expect(try await test.find(second.id)?.repairedBy == nil, "its own export has not come again")
    }

    @Test(
        "a name holds a day where eight digits are one",
        arguments: [
            ("flu_20261128.csv", true), ("fever_2026-11-28_a.xlsx", true), ("x/flu_20261128093000.csv", true),
            ("flu_20261328.csv", false), ("flu.csv", false), ("flu_12345678.csv", false), ("flu_2026.csv", false),
            ("流感_2026_02_30.csv", false), ("", false),
        ])
    func days(name: String, holds: Bool) { #expect(SubmissionLog.holdsDay(name) == holds) }
}

extension CorrectionTests {
    @Test("a package that cannot be opened has no form, and its bundle says why")
    func unopened() async throws {
        let test = try TestPlatform()
        let id = try await test.send(Array("-sw".utf8)).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        let account = Account(
            name: "data-manager", displayName: "", role: .institution, institution: submission.institution)
        let answer = try await test.platform.correctionBundle(
            of: submission, as: .zip, in: .zh, by: account, from: "127.0.0.1")
        guard case .unreadable(let reason) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(!reason.zh.isEmpty && !reason.en.isEmpty)
    }
}
