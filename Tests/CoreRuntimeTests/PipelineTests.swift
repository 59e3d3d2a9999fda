import Database
import Foundation
import Intake
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("The way of a report, on every store", .everyStore)
struct PipelineTests {
    @Test(
        "a clean package is accepted, and every row is in the line list",
        arguments: ["Influenza", "FeverClinic"], ["clean", "java-client", "csharp-client"])
    func accepts(program: String, package: String) async throws {
        let test = try TestPlatform()
        let id = try await test.send(try TestPlatform.package(program, package)).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        #expect(submission.state == .accepted)
        let rows = submission.files.reduce(0) { $0 + $1.rows }
        #expect(rows > 300)
        #expect(try await test.lineList().count == rows)
    }

    @Test("rows that stand are kept when others of the package are rejected", arguments: ["Influenza", "FeverClinic"])
    func keepsWhatStands(program: String) async throws {
        let test = try TestPlatform()
        let id = try await test.send(try TestPlatform.package(program, "faults")).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        #expect(submission.state == .partlyAccepted)
        let accepted = submission.files.reduce(0) { $0 + $1.accepted }
        #expect(submission.files.allSatisfy { $0.accepted + $0.rejected == $0.rows })
        #expect(try await test.lineList().count == accepted)
    }

    @Test("the same package again, and again, changes nothing in the line list")
    func repeatsChangeNothing() async throws {
        let test = try TestPlatform()
        let package = try TestPlatform.package("Influenza", "clean")
        let first = try #require(try await test.submit(package))
        let before = try await test.lineList()
        #expect(first.records == .init(added: first.rows))
        var last = first.id
        for turn in 0..<3 {
            let again = try #require(try await test.submit(package, named: "again-\(turn).zip"))
            #expect(again.id != last && again.sameBytesAs == last && again.state == .accepted)
            #expect(again.records == .init(unchanged: first.rows))
            last = again.id
        }
        #expect(try await test.lineList() == before)
    }

    @Test("A, then B, then A again: what was sent last is stored, with its own receipt")
    func lastCounts() async throws {
        let test = try TestPlatform()
        var tables = try ProgramTables("FeverClinic")
        tables.tables.removeAll { $0.fileType != "fever" }
        let one = tables.package
        let fee = try #require(tables["fever"]?.column("P7508"))
        tables["fever"]?.rows[0][fee] = "77.70"
        let other = tables.package
        var stored: [[String]] = []
        for package in [one, other, one] {
            let submission = try #require(try await test.submit(package, named: "fever.zip"))
            #expect(submission.state == .accepted)
            stored.append(
                try await test.records("fever_clinic_fever").values.map { "\($0["P7508"] ?? .null)" }.sorted())
        }
        #expect(stored[0] != stored[1] && stored[2] == stored[0])
        let receipts = try await test.platform.data.database.read { connection in
            try connection.first("SELECT count(DISTINCT submission) FROM receipt") as Int?
        }
        #expect(receipts == 3)
    }

    @Test("an earlier submission that is processed again leaves what a later one has written")
    func laterStays() async throws {
        let test = try TestPlatform()
        var tables = try ProgramTables("FeverClinic")
        tables.tables.removeAll { $0.fileType != "fever" }
        let fee = try #require(tables["fever"]?.column("P7508"))
        let first = try #require(try await test.submit(tables.package))
        tables["fever"]?.rows[0][fee] = "77.70"
        _ = try await test.submit(tables.package)
        let after = try await test.records("fever_clinic_fever")
        _ = try await test.platform.data.log.retry(first.id)
        try await test.processAll()
        #expect(try await test.find(first.id)?.state == .accepted)
        #expect(
            try await test.records("fever_clinic_fever").mapValues { $0["P7508"] } == after.mapValues { $0["P7508"] })
    }

    @Test("what is received and not finished is taken up again after a restart")
    func takesUpAgain() async throws {
        let test = try TestPlatform()
        let undisturbed = try TestPlatform()
        let package = try TestPlatform.package("FeverClinic", "faults")
        await test.platform.stop()
        let waiting = try await test.send(package).submission.id
        _ = try await undisturbed.send(package)
        try await undisturbed.processAll()
        // Claimed, and then nothing more: the process ended here.
        _ = try await test.platform.data.log.claimNext(at: test.platform.now())
        try await test.restart()
        try await test.processAll()
        #expect(try #require(try await test.find(waiting)).state == .partlyAccepted)
        #expect(try await test.lineList().count == undisturbed.lineList().count)
    }

    @Test("a package too large to be held is stored row for row as a held one")
    func twoPasses() async throws {
        let held = try TestPlatform()
        let streamed = try TestPlatform(maximumHeldBytes: 1)
        let package = try TestPlatform.package("Influenza", "faults")
        for test in [held, streamed] {
            _ = try await test.send(package)
            try await test.processAll()
        }
        #expect(try await streamed.lineList().count == held.lineList().count)
        #expect(try await streamed.lineList().count > 200)
    }

    @Test("no name, ID number, telephone number or address of a report reaches the line list")
    func keepsNoIdentifier() async throws {
        let test = try TestPlatform()
        _ = try await test.send(try TestPlatform.package("FeverClinic", "clean"))
        try await test.processAll()
        let lines = try await test.lineList().joined(separator: "\n")
        for identifier in ["胡明轩", "李芳丽", "110105198008017528", "13800007316", "某市某区某路25号", "M00000001"] {
            #expect(!lines.contains(identifier), "\(identifier) is in the line list")
        }
    }
}

extension Submission {
    var rows: Int { files.reduce(0) { $0 + $1.rows } }
}
