import Database
import Foundation
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("What is stored of a field is what its policy says")
struct DeidentificationTests {
    @Test(
        "every filled cell of the clean packages is stored, coarsened, replaced or dropped as declared",
        arguments: ProgramFile.all)
    func policies(file: ProgramFile) async throws {
        let test = try TestPlatform()
        let tables = try ProgramTables(file.folder)
        #expect(try #require(try await test.submit(tables.package)).state == .accepted)
        let table = try #require(tables[file.fileType.id])
        let records = try await test.records(file.table)
        #expect(records.count == table.rows.count && !records.isEmpty)
        for (index, row) in table.rows.enumerated() {
            let record = try #require(records[index + 2])
            for field in file.fileType.fields {
                guard let column = table.column(field.name), column < row.count else { continue }
                let cell = row[column].trimmingCharacters(in: .whitespaces)
                let stored = record[field.name]
                if field.deidentify == .drop {
                    #expect(stored == nil, "\(field.name) has a column")
                } else if cell.isEmpty || field.placeholders.contains(cell) {
                    #expect(stored == .null)
                } else {
                    expect(stored, toBe: cell, field)
                }
            }
        }
    }

    private func expect(_ stored: SQLValue?, toBe cell: String, _ field: Field) {
        switch (field.deidentify, field.type, stored) {
        case (.year, _, .integer(let year)): #expect(cell.hasPrefix("\(year)") && year > 1800, "\(field.name)")
        case (.area, _, .text(let area)): #expect(cell.prefix(4) == area, "\(field.name)")
        case (.pseudonym, _, .blob(let bytes)):
            #expect(bytes.count == 16 && !cell.utf8.elementsEqual(bytes), "\(field.name)")
        case (.scrub, _, .text(let text)), (.keep, .string, .text(let text)): #expect(text == cell, "\(field.name)")
        case (.keep, .date, .text(let text)), (.keep, .datetime, .text(let text)):
            #expect(text.filter(\.isNumber).hasPrefix(cell.filter(\.isNumber)), "\(field.name)")
        case (.keep, .integer, .integer(let number)): #expect(Int64(cell) == number, "\(field.name)")
        case (.keep, .number, .real(let number)): #expect(Double(cell) == number, "\(field.name)")
        case (.keep, .boolean, .integer(let number)): #expect(number == 0 || number == 1, "\(field.name)")
        default: Issue.record("\(field.name): '\(cell)' is stored as \(String(describing: stored))")
        }
    }

    @Test("each policy occurs in the programs, so that each is shown above")
    func occur() {
        let used = Set(ProgramFile.all.flatMap(\.fileType.fields).map(\.deidentify))
        #expect(used == Set(Deidentification.allCases))
    }

    @Test("a person's pseudonym is the same in every file of a package, in the next upload, and after a restart")
    func stable() async throws {
        let test = try TestPlatform()
        var tables = try ProgramTables("FeverClinic")
        _ = try await test.submit(tables.package)
        func pseudonyms(_ table: String, _ field: String) async throws -> Set<[UInt8]> {
            Set(
                try await test.records(table).values.compactMap {
                    if case .blob(let bytes)? = $0[field] { bytes } else { nil }
                })
        }
        let visits = try await pseudonyms("fever_clinic_fever", "P7502")
        #expect(visits.count > 50 && visits.allSatisfy { $0.count == 16 })
        for child in ["drug", "lab", "examine"] {
            let own = try await pseudonyms("fever_clinic_\(child)", "P7502")
            #expect(own.count > 10 && own.isSubset(of: visits), "\(child)")
        }
        let ids = try await pseudonyms("fever_clinic_fever", "P13")

        // Another upload of the same visits, in which every temperature differs.
        try await test.restart()
        let column = try #require(tables["fever"]?.column("P7507"))
        for index in tables["fever"]?.rows.indices ?? 0..<0 { tables["fever"]?.rows[index][column] = "咽痛\(index)天" }
        #expect(try #require(try await test.submit(tables.package)).state == .accepted)
        #expect(try await pseudonyms("fever_clinic_fever", "P7502") == visits)
        #expect(try await pseudonyms("fever_clinic_fever", "P13") == ids)
        #expect(try await test.records("fever_clinic_fever").count == tables["fever"]?.rows.count)
    }

    @Test("pseudonyms that an earlier version wrote as text are the same: what comes again changes nothing")
    func earlierForm() async throws {
        let test = try TestPlatform()
        let tables = try ProgramTables("FeverClinic")
        _ = try await test.submit(tables.package)
        try await test.platform.data.records.write { transaction in
            for table in ["fever", "drug", "lab", "examine"].map({ "fever_clinic_\($0)" }) {
                for field in ["P7502"] + (table.hasSuffix("fever") ? ["P13"] : []) {
                    try transaction.execute(
                        "UPDATE \(table) SET \(field) = lower(hex(\(field))) WHERE \(field) IS NOT NULL")
                }
                // 0 is no row's content: what is stored is compared value by value.
                try transaction.execute("UPDATE \(table)_key SET content = 0")
            }
        }
        let spelt = try await test.records("fever_clinic_fever")
        #expect(spelt.values.allSatisfy { if case .text(let text)? = $0["P7502"] { text.count == 32 } else { false } })
        let again = try #require(try await test.submit(tables.package))
        #expect(again.state == .accepted)
        #expect(again.records?.unchanged == again.rows && again.records?.changed == 0 && again.records?.added == 0)
        #expect(try await test.records("fever_clinic_fever") == spelt)
        // Children find parents that are written so.
        var child = try #require(tables["drug"])
        child.rows = [child.rows[0]]
        let alone = try #require(try await test.submit(child.bytes, named: "drug_1.csv"))
        #expect(alone.state == .accepted && alone.waiting.isEmpty)
    }

    @Test("the same person has another pseudonym in another program, in another deployment and at another institution")
    func unlinkable() async throws {
        let card = "CARD-20261108-77"
        let resident = "110105198008017528"
        func seen(
            _ test: TestPlatform, _ folder: String, _ type: String, _ table: String,
            at institution: String = TestPlatform.institution.code, broughtBy earlier: SubmissionID? = nil
        ) async throws -> (submission: SubmissionID, values: Set<SQLValue>) {
            var tables = try ProgramTables(folder)
            var own = try #require(tables[type])
            own.rows = [own.rows[0]]
            for (field, value) in [("P7502", card), ("P13", resident), ("P7503", "01"), ("P900", institution)] {
                if let column = own.column(field) { own.rows[0][column] = value }
            }
            tables[type] = own
            let submission = try #require(
                try await test.submit(own.bytes, named: "\(type)_1.csv", from: institution))
            #expect(submission.files.first?.accepted == 1, "\(submission.files)")
            let brought = earlier ?? submission.id
            let record = try #require(try await test.records(table, submission: brought)[2])
            return (brought, Set([record["P7502"], record["P13"]].compactMap { $0 }))
        }
        let (one, other) = (try TestPlatform(), try TestPlatform())
        let (first, influenza) = try await seen(one, "Influenza", "flu", "influenza_flu")
        let fever = try await seen(one, "FeverClinic", "fever", "fever_clinic_fever").values
        let elsewhere = try await seen(other, "Influenza", "flu", "influenza_flu").values
        let neighbour = try await seen(one, "Influenza", "flu", "influenza_flu", at: "OTHER00000000000000001").values
        for values in [influenza, fever, elsewhere, neighbour] { #expect(values.count == 2) }
        #expect(influenza.isDisjoint(with: neighbour))
        #expect(influenza.isDisjoint(with: fever))
        #expect(influenza.isDisjoint(with: elsewhere))
        // The same row again is the same record, still the one that the first submission brought.
        #expect(try await seen(one, "Influenza", "flu", "influenza_flu", broughtBy: first).values == influenza)
    }
}
