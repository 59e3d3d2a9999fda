import Accounts
import Foundation
import SurveillanceKit
import Intake
import Synchronization
import StoreKit
import Testing

@testable import CoreRuntime

@Suite("Children that come before their parents, on every store", .everyStore)
struct WaitingTests {
    private static func tables(_ types: Set<String>, of tables: ProgramTables) -> [UInt8] {
        var some = tables
        some.tables.removeAll { !types.contains($0.fileType) }
        return some.package
    }

    @Test("are held, say what they wait for, and are judged again by themselves when the parents arrive")
    func arrives() async throws {
        let test = try TestPlatform()
        let all = try ProgramTables("FeverClinic")
        let drugs = try #require(all["drug"]?.rows.count)
        let early = try #require(try await test.submit(Self.tables(["drug"], of: all), named: "drug.zip"))
        #expect(early.state == .rejected && early.waiting.map(\.rows) == [drugs])
        let waiting = try #require(early.waiting.first)
        #expect(waiting.program == "fever-clinic" && waiting.fileType == "drug" && waiting.parents == ["fever"])
        #expect(waiting.until == early.receivedAt.advanced(byDays: 30))

        _ = try await test.submit(Self.tables(["fever"], of: all), named: "fever.zip")
        let late = try #require(try await test.find(early.id))
        #expect(late.state == .accepted && late.waiting.isEmpty && late.attempt == 2)
        #expect(late.records == .init(added: drugs))
        #expect(try await test.audit().contains("vedette submission.recheck \(early.id)"))
        // As if all had come together.
        let together = try TestPlatform()
        _ = try await together.submit(Self.tables(["fever", "drug"], of: all))
        #expect(try await test.lineList().count == together.lineList().count)
    }

    @Test("are judged again for a parent of theirs alone, and only once for it")
    func onlyTheirs() async throws {
        let test = try TestPlatform()
        let all = try ProgramTables("FeverClinic")
        var (first, rest) = (all, all)
        // The visit of the first drug, with its drugs, and all other visits.
        let link = try #require(all["drug"]?.column("P7502"))
        let key = try #require(all["fever"]?.column("P7502"))
        let visit = try #require(all["drug"]?.rows[0][link])
        first["fever"]?.rows = all["fever"]?.rows.filter { $0[key] == visit } ?? []
        rest["fever"]?.rows = all["fever"]?.rows.filter { $0[key] != visit } ?? []
        first["drug"]?.rows = all["drug"]?.rows.filter { $0[link] == visit } ?? []
        let early = try #require(try await test.submit(Self.tables(["drug"], of: first), named: "drug.zip"))
        _ = try await test.submit(Self.tables(["fever"], of: rest), named: "rest.zip")
        #expect(try await test.find(early.id)?.attempt == 1)
        _ = try await test.submit(Self.tables(["fever"], of: first), named: "first.zip")
        #expect(try await test.find(early.id)?.attempt == 2)
        _ = try await test.submit(Self.tables(["fever"], of: all), named: "all.zip")
        #expect(try await test.find(early.id)?.attempt == 2)
        #expect(try await test.find(early.id)?.state == .accepted)
    }

    @Test("do not wait for another hospital's parents, nor beyond the time that uploads are kept")
    func notForever() async throws {
        let clock = Mutex(Instant(milliseconds: 1_795_000_000_000))
        let test = try TestPlatform(now: { clock.withLock { $0 } })
        let all = try ProgramTables("FeverClinic")
        let early = try #require(try await test.submit(Self.tables(["drug"], of: all), named: "drug.zip"))
        clock.withLock { $0 = $0.advanced(byDays: 30) }
        _ = try await test.submit(Self.tables(["fever"], of: all), named: "fever.zip")
        #expect(try await test.find(early.id)?.attempt == 1)
    }

    @Test("a row that has another fault is mended by the hospital and does not wait")
    func otherFault() async throws {
        let test = try TestPlatform()
        var all = try ProgramTables("FeverClinic")
        let rows = try #require(all["drug"]?.rows.count)
        let ordered = try #require(all["drug"]?.column("P7801"))
        all["drug"]?.rows[0][ordered] = "gestern"
        let early = try #require(try await test.submit(Self.tables(["drug"], of: all), named: "drug.zip"))
        #expect(early.waiting.map(\.rows) == [rows - 1])
        _ = try await test.submit(Self.tables(["fever"], of: all), named: "fever.zip")
        let late = try #require(try await test.find(early.id))
        #expect(late.state == .partlyAccepted && late.files[0].rejected == 1 && late.waiting.isEmpty)
    }

    @Test("a value that came later stays, though the earlier rows are stored only now")
    func newerStays() async throws {
        let test = try TestPlatform()
        let all = try ProgramTables("FeverClinic")
        var newer = all
        let column = try #require(
            all["drug"]?.header.firstIndex(of: "P8024") ?? all["drug"].map { $0.header.count - 1 })
        let early = try #require(try await test.submit(Self.tables(["drug"], of: all), named: "drug.zip"))
        let other = all["drug"]?.rows[1][column] ?? ""
        newer["drug"]?.rows[0][column] = other
        let whole = try #require(try await test.submit(newer.package, named: "whole.zip"))
        try await test.processAll()
        let late = try #require(try await test.find(early.id))
        #expect(late.state == .accepted)
        let written = try await test.records("fever_clinic_drug")
        #expect(!written.isEmpty)
        #expect(try await test.records("fever_clinic_drug", submission: whole.id) == written)
    }
}
