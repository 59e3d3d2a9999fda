import Database
import Deidentification
import Records
import Seeding
import SurveillanceKit

/// Writes made-up records of the fever clinic straight into the tables of a line list, as three years of daily reports would have left them:
/// a visit comes with an item of a prescription, three laboratory results and an examination.
struct MadeUpRecords {
    private let program: Program
    private let institutions: Int
    private let days: Int
    private let perDay: Double
    private var random = SeededGenerator(seed: 14)
    private var templates: [String: [[SQLValue]]] = [:]
    private var columns: [String: [Field]] = [:]

    /// So many different rows of each type are made; what tells rows apart is written over them.
    private static let templateCount = 2_000
    static let firstDay = 19_700

    init(_ program: Program, institutions: Int, days: Int, records: Int) {
        self.program = program
        self.institutions = institutions
        self.days = days
        perDay = Double(records) / Double(institutions * days) / 6
        for fileType in program.fileTypes {
            let fields = fileType.fields.filter { StoredType($0) != nil }
            columns[fileType.id] = fields
            var rows: [[SQLValue]] = []
            for _ in 0..<Self.templateCount { rows.append(fields.map { value(of: $0) }) }
            templates[fileType.id] = rows
        }
    }

    static func code(_ institution: Int) -> String { "9\(10_000_000 + institution)" }

    /// The six digits of an institution's place: 34 provinces, some ten prefectures each.
    static func region(_ institution: Int) -> String {
        let provinces = [
            "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
            "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
        ]
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return provinces[institution % provinces.count] + two(institution / 34 % 10 + 1)
            + two(institution / 340 % 9 + 21)
    }

    private mutating func value(of field: Field) -> SQLValue {
        switch field.name {
        case "P5": return .text(random.pick(["1", "2"]))
        case "P7": return .integer(Int64(random.below(95)))
        case "P28": return .text(random.pick(["J11.101", "J10.100x001", "J18.900", "J06.900", "R50.900", "J20.900"]))
        case "P7508": return .real(Double(random.below(80_000)) / 100)
        case "P7509", "P7510", "P7511", "P7512": return .real(Double(random.below(20_000)) / 100)
        case "P7520", "P7521", "P7529": return .text(random.pick(["1", "2"]))
        case "P7613", "P7624": return .text(random.pick(["甲型流感病毒抗原", "乙型流感病毒抗原", "新型冠状病毒核酸", "白细胞计数", "C反应蛋白"]))
        case "P7621": return .text(random.pick(["阳性", "阴性", "6.5"]))
        case "P7625": return .text(random.pick(["1", "2", "3"]))
        case "P7806": return .text(random.pick(["磷酸奥司他韦胶囊", "布洛芬混悬液", "阿莫西林胶囊"]))
        default: break
        }
        switch StoredType(field) {
        case .integer?: return .integer(Int64(random.below(2_000)))
        case .number?: return .real(Double(random.below(10_000)) / 100)
        case .text?, nil:
            if field.type != .string { return .text("2024-01-01 08:00:00") }
            if let list = field.codeList, let code = list.entries.randomElement(using: &random)?.code {
                return .text(code)
            }
            if field.deidentify == .pseudonym { return .text(pseudonym()) }
            return random.oneIn(3) ? .text("上报内容\(random.below(1_000))") : .null
        }
    }

    private mutating func pseudonym() -> String {
        String(random.next(), radix: 36) + String(random.next() >> 20, radix: 36)
    }

    /// Writes all, a day at a time.
    ///
    /// - Returns: how many records.
    mutating func write(to database: any SQLDatabase, progress: (Int) -> Void) throws -> Int {
        try database.writeBlockingAgain { [institutions] transaction in
            for institution in 0..<institutions {
                try transaction.execute(
                    "INSERT INTO record_institution (number, code, revision, has_earlier_keys) VALUES (?, ?, 1, 0)",
                    [.integer(Int64(institution + 1)), .text(Self.code(institution))])
            }
        }
        var count = 0
        var number: Int64 = 0
        for day in 0..<days {
            var again = self
            let (records, last) = try database.writeBlockingAgain { [number] transaction in
                again = self
                return try again.write(day: day, after: number, transaction)
            }
            self = again
            count += records
            number = last
            if day % 30 == 29 { progress(count) }
        }
        return count
    }

    private mutating func write(
        day: Int, after number: Int64, _ transaction: any Transaction
    ) throws -> (records: Int, last: Int64) {
        var (count, number) = (0, number)
        // Reports of a day come in the afternoon of the next.
        let received = Int64(Self.firstDay + day + 1) * 86_400_000 + 30_000_000
        for institution in 0..<institutions {
            let at = received + Int64(institution)
            let submission = Int64(day * institutions + institution + 1)
            try transaction.execute(
                "INSERT INTO record_submission (number, id, institution, stored_at) VALUES (?, ?, ?, ?)",
                [
                    .integer(submission), .text("01MADEUP\(100_000_000_000_000_000 + submission)"),
                    .integer(Int64(institution + 1)), .integer(at),
                ])
            try transaction.execute(
                """
                INSERT INTO record_file (submission, file, at, program, file_type, added, changed, unchanged, withdrawn, \
                vanished, added_records, changed_records, withdrawn_records, vanished_records) \
                VALUES (?, 0, ?, ?, 'fever', 1, 0, 0, 0, 0, ?, ?, ?, ?)
                """,
                [.integer(submission), .integer(at), .text(program.id)]
                    + Array(repeating: SQLValue.blob([]), count: 4))
            let wanted = perDay * (institution % 10 == 0 ? 4 : 0.667)
            let visits = Int(wanted) + (Double(random.below(1_000)) / 1_000 < wanted - Double(Int(wanted)) ? 1 : 0)
            for _ in 0..<visits {
                let (card, serial) = (pseudonym(), pseudonym())
                let minute = 480 + random.below(540)
                let time = CivilText.text(Int64(Self.firstDay + day) * 86_400 + Int64(minute) * 60, withTime: true)
                for (fileType, times) in [("fever", 1), ("drug", 1), ("lab", 3), ("examine", 1)] {
                    for _ in 0..<times {
                        number += 1
                        count += 1
                        try insert(
                            fileType, number, institution: Int64(institution + 1), submission, at,
                            [
                                "P7502": card, "P7506": time, "P7000": serial, "P7528": time, "P7822": time,
                                "P7801": time,
                            ],
                            transaction)
                    }
                }
            }
        }
        return (count, number)
    }

    private mutating func insert(
        _ fileType: String, _ number: Int64, institution: Int64, _ submission: Int64, _ at: Int64,
        _ own: [String: String], _ transaction: any Transaction
    ) throws {
        let table = "\(program.id.replacing("-", with: "_"))_\(fileType)"
        let fields = columns[fileType] ?? []
        let names = fields.map { ", \"\($0.name)\"" }.joined()
        let marks = fields.map { _ in ", ?" }.joined()
        let row = (templates[fileType] ?? [])[random.below(Self.templateCount)]
        let values = zip(fields, row).map { field, value in own[field.name].map { SQLValue.text($0) } ?? value }
        try transaction.execute(
            "INSERT INTO \"\(table)\" (_record, _institution, _submission, _since, _row\(names)) VALUES (?, ?, ?, ?, ?\(marks))",
            [.integer(number), .integer(institution), .integer(submission), .integer(at), .integer(2)] + values)
        try transaction.execute(
            "INSERT INTO \"\(table)_key\" (institution, key_high, key_low, record, content) VALUES (?, ?, ?, ?, ?)",
            [
                .integer(institution), .integer(Int64(bitPattern: random.next())),
                .integer(Int64(random.below(1 << 32))),
                .integer(number), .integer(Int64(bitPattern: random.next())),
            ])
    }
}
