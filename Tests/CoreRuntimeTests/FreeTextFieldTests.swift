import Database
import Foundation
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime

/// Whatever somebody types into a field that is stored as text, the patient is not stored with it.
@Suite("Free text of every field") struct FreeTextFieldTests {
    /// A row of a file type, and the fields of it into which anything can be typed.
    private struct Subject {
        let file: ProgramFile
        let test: TestPlatform
        var table: ProgramTables.Table
        var fields: [Field] = []
        let identity: [String: String]

        init(_ file: ProgramFile) async throws {
            self.file = file
            test = try TestPlatform()
            let tables = try ProgramTables(file.folder)
            _ = try await test.submit(tables.package)
            table = try #require(tables[file.fileType.id])
            table.rows = [table.rows[0]]
            identity = Dictionary(uniqueKeysWithValues: zip(table.header, table.rows[0]))
            fields = try await open(file.fileType.fields.filter(StoredText.isText))
        }

        /// Which of some fields take any text: where one of them does not, the row is sent back.
        private func open(_ fields: [Field]) async throws -> [Field] {
            if try await stored(["前后前后"], in: fields) != nil { return fields }
            guard fields.count > 1 else { return [] }
            let half = fields.count / 2
            return try await open(Array(fields[..<half])) + open(Array(fields[half...]))
        }

        /// Sends the row with a text in some fields, each the first that fits, and answers its record; nil where it was sent back.
        func stored(_ texts: [String], in fields: [Field]) async throws -> [String: SQLValue]? {
            var sent = table
            for field in fields {
                guard let column = sent.column(field.name),
                    let text = texts.first(where: { $0.unicodeScalars.count <= field.constraints.maximumLength ?? .max }
                    )
                else { continue }
                sent.rows[0][column] = text
            }
            let submission = try #require(try await test.submit(sent.bytes, named: "\(file.fileType.id)_1.csv"))
            guard submission.files.first?.accepted == 1 else { return nil }
            return try await test.records(file.table, submission: submission.id)[2]
        }
    }

    private enum StoredText {
        /// The institution's code must be the sender's own.
        static func isText(_ field: Field) -> Bool {
            (field.deidentify == .scrub || field.deidentify == .keep) && field.type == .string && field.name != "P900"
        }
    }

    @Test(
        "holds no name, ID, telephone or card number of the patient, and keeps what stands beside it",
        arguments: ProgramFile.all)
    func scrubs(file: ProgramFile) async throws {
        let subject = try await Subject(file)
        let declared = file.fileType.fields.filter { $0.deidentify == .scrub }
        #expect(Set(declared.map(\.name)).isSubset(of: subject.fields.map(\.name)), "each text of a doctor's is tried")
        for (index, (what, secret)) in Secrets.of(subject.identity).enumerated() {
            // Each time another end: a record that does not change is left as the last upload wrote it.
            let end = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥".map(String.init)[index % 22]
            let text = "前\(secret)\(end)"
            let record = try #require(try await subject.stored([text], in: subject.fields), "\(what) was sent back")
            for field in subject.fields where text.unicodeScalars.count <= field.constraints.maximumLength ?? .max {
                let stored = record[field.name]
                if file.fileType.primaryKey.contains(field.name) {
                    // What tells rows apart becomes a pseudonym.
                    guard case .text(let key)? = stored, key.utf8.count == 32, !key.contains("前") else {
                        Issue.record("\(what) in the key \(field.name) is stored as \(String(describing: stored))")
                        continue
                    }
                } else {
                    #expect(stored == .text("前***\(end)"), "\(what), \(secret), in \(field.name) \(field.title.zh)")
                }
            }
        }
    }

    @Test(
        "what a doctor types also loses shorter numbers, and keeps doses, dates and results", arguments: ProgramFile.all
    )
    func typed(file: ProgramFile) async throws {
        let subject = try await Subject(file)
        let typed = subject.fields.filter { $0.deidentify == .scrub }
        for (text, left) in [
            ("座机62345678联系", "座机***联系"), ("卡123456789", "卡***"), ("电话 6234-5678", "电话 ***"), ("护照E12345678", "护照E***"),
            ("体温38.5℃ 120/80mmHg", "体温38.5℃ 120/80mmHg"), ("2026-11-03起 3天", "2026-11-03起 3天"),
            ("38 13800007316 3天", "38 *** 3天"), ("白细胞 12 13 14 15 16 17", "白细胞 12 13 14 15 16 17"),
        ] where !typed.isEmpty {
            let record = try #require(try await subject.stored([text], in: typed), "\(text) was sent back")
            for field in typed { #expect(record[field.name] == .text(left), "\(text) in \(field.name)") }
        }
        // Codes and results pass where the schema has no doctor's text.
        let kept = subject.fields.filter { $0.deidentify == .keep && !file.fileType.primaryKey.contains($0.name) }
        for text in ["86901234567890", "H20123456", "A13912345678B", "3.5-9.5", "1000000", "J11.101x001", "前后"] {
            guard let record = try await subject.stored([text], in: kept) else { continue }
            for field in kept where text.count <= field.constraints.maximumLength ?? .max {
                #expect(record[field.name] == .text(text), "\(text) in \(field.name)")
            }
        }
    }

    /// What names the patient of a row, as people write it.
    private enum Secrets {
        static func of(_ row: [String: String]) -> [(what: String, text: String)] {
            var secrets = [
                ("ID", "110105198008017528"), ("ID with x", "11010519491231002x"), ("ID with X", "11010519491231002X"),
                ("ID of 15", "110105800801752"), ("ID in groups", "110105 19800801 7528"),
                ("ID with hyphens", "110105-19800801-7528"), ("ID in full width", "１１０１０５１９４９１２３１００２Ｘ"),
                ("mobile", "13800007316"), ("mobile in groups", "138 0000 7316"),
                ("mobile with hyphens", "138-0000-7316"),
                ("mobile in full width", "１３８００００７３１６"), ("mobile abroad", "8613800007316"),
                ("landline", "010-62345678"), ("landline in one", "01062345678"),
                ("landline in brackets", "010)62345678"),
                ("landline of four and seven", "0571-8765432"), ("bank card", "6222021234567890123"),
                ("bank card in groups", "6222 0212 3456 7890"),
            ]
            for (field, what) in [("P4", "name"), ("P18", "contact"), ("P431", "doctor")] {
                guard let name = row[field], name.count >= 2, name != "-" else { continue }
                let letters = name.map(String.init)
                secrets += [(what, name)]
                secrets += [" ", "·", "　", "・", "-"].map { ("\(what) with '\($0)'", letters.joined(separator: $0)) }
            }
            for field in ["P13", "P7502", "P3", "P686", "P800", "P801", "P14", "P20", "P802", "P21", "P7000", "P8000"] {
                // Shorter ones do not tell a person from a code.
                guard let text = row[field], text.utf8.count >= 7 else { continue }
                secrets.append(("the row's \(field)", text))
                let wide = text.unicodeScalars.map { scalar -> Character in
                    let isPlain = (0x21...0x7E).contains(scalar.value)
                    return Character(isPlain ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar)
                }
                secrets.append(("the row's \(field) in full width", String(wide)))
            }
            return secrets
        }
    }
}
