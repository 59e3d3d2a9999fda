import Database
import Indicators
import Records
import ShangMi
import StoreKit
import SurveillanceKit

@testable import Deidentification
@testable import IndicatorStore

/// A line list of visits and their tests with figures beside it.
struct FigureStore {
    let database: any SQLDatabase
    let lineList: LineList
    let figures: IndicatorStore
    let program: Program

    init(_ indicators: [Indicator] = FigureStore.indicators, on known: FigureStore? = nil) throws {
        program = FigureStore.program(indicators)
        lineList = LineList([program])
        database = try known?.database ?? TestStore.database()
        try database.migrate(LineList.migrations + IndicatorStore.migrations)
        try lineList.prepare(database)
        figures = try IndicatorStore([CompiledIndicators(program, checks: [])], lineList, in: database)
    }

    static func text(_ text: String) -> BilingualText { BilingualText(zh: text, en: text) }

    static func program(_ indicators: [Indicator]) -> Program {
        func field(_ name: String, _ type: FieldType) -> Field {
            Field(
                name: name, title: text(name), type: type, constraints: Constraints(), sensitivity: .quasi,
                deidentify: .keep)
        }
        let visit = FileType(
            id: "visit", title: text("visit"),
            fields: [
                field("K", .integer), field("N", .string), field("D", .datetime), field("E", .date),
                field("A", .integer), field("S", .string), field("C", .number), field("F", .string),
            ], primaryKey: ["K"], eventDate: "D")
        let test = FileType(
            id: "test", title: text("test"),
            fields: [field("T", .integer), field("N", .string), field("R", .string), field("Q", .number)],
            primaryKey: ["T"],
            foreignKeys: [
                ForeignKey(links: [ForeignKey.Link(fields: ["N"], fileType: "visit", parentFields: ["N"])])
            ])
        return Program(
            id: "p", title: text("p"), version: "1.0.0", effectiveFrom: "2020-01-01", timeZone: "Asia/Shanghai",
            fileTypes: [visit, test], indicators: indicators,
            dimensions: [
                IndicatorDimension(
                    id: "age", title: text("age"), fields: ["visit": "A"],
                    groups: [
                        .init(id: "0-4", title: text("0-4"), through: 4), .init(id: "5+", title: text("5+"), from: 5),
                    ]),
                IndicatorDimension(
                    id: "sex", title: text("sex"), fields: ["visit": "S"],
                    groups: [
                        .init(id: "male", title: text("m"), codes: ["1"]),
                        .init(id: "female", title: text("f"), codes: ["2"]),
                    ]),
            ])
    }

    static func indicator(
        _ id: String, version: Int = 1, valid: IndicatorCondition? = nil, _ numerator: IndicatorPart,
        per denominator: IndicatorPart? = nil, eventDate: String? = nil, earlier: [Indicator] = []
    ) -> Indicator {
        Indicator(
            id: id, version: version, title: text(id), definition: text(id), source: text("-"), unit: text("-"),
            over: "visit", valid: valid, numerator: numerator, denominator: denominator, eventDate: eventDate,
            dimensions: ["age", "sex"], earlier: earlier)
    }

    static func tested(_ when: String? = nil, atLeast: Int = 1) -> IndicatorCondition {
        IndicatorCondition(having: [.init(fileType: "test", when: when, atLeast: atLeast)])
    }

    static let indicators = [
        indicator("visits", IndicatorPart(.count)),
        indicator(
            "positivity", valid: tested("R != 'invalid'"), IndicatorPart(.count, tested("R == 'positive'")),
            per: IndicatorPart(.count)),
        indicator(
            "flagged-untested",
            IndicatorPart(.count, IndicatorCondition(when: "F == '1'", having: tested(atLeast: 0).having)),
            per: IndicatorPart(.count, IndicatorCondition(when: "F != null"))),
        indicator("admitted", IndicatorPart(.count), eventDate: "E"),
        indicator("cost", IndicatorPart(.sum(of: IndicatorValue("C", decimals: 2), child: nil))),
        indicator("mean-cost", IndicatorPart(.mean(of: IndicatorValue("C", decimals: 2)))),
        indicator("median-cost", IndicatorPart(.percentile(50, of: IndicatorValue("C", decimals: 1)))),
        indicator("patients", IndicatorPart(.distinct(field: "N"))),
        indicator(
            "quantity", IndicatorPart(.sum(of: IndicatorValue("Q", decimals: 1), child: "test")),
            per: IndicatorPart(.count)),
    ]

    // MARK: Storing

    struct Row {
        var values: [String: StoredValue]
        var isWithdrawal = false
    }

    /// Stores a submission and answers since when it is known.
    @discardableResult
    func store(
        _ institution: String, _ submission: String, _ files: [(fileType: String, rows: [Row])],
        place: InstitutionPlace = InstitutionPlace(region: "430100", level: .tertiary), at now: Int64 = 1_000,
        keepsFigures: Bool = true, in transaction: any Transaction
    ) throws -> Instant {
        let known = try lineList.institution(institution, in: transaction)
        let observer = IndicatorWriter(
            figures, institution: institution, isNew: known == nil, place: place, in: transaction)
        let writer = try RecordWriter(
            lineList, institution: institution, expecting: known?.revision, submission: submission,
            at: Instant(milliseconds: now), in: transaction, observer: keepsFigures ? observer : nil)
        // More blocks than one, so that they are judged beside the storing.
        for (number, file) in files.enumerated() {
            for start in stride(from: 0, to: file.rows.count, by: 2) {
                let rows = Array(file.rows[start..<min(start + 2, file.rows.count)])
                try writer.store(batch(file.fileType, rows), file: number)
            }
        }
        try writer.finish(attempt: 1, outcome: [])
        if keepsFigures { try observer.finish(at: writer.instant, submission: submission) }
        return writer.instant
    }

    func withdraw(_ institution: String, _ submission: String, in transaction: any Transaction) throws {
        let observer = IndicatorWriter(
            figures, institution: institution, isNew: false, place: InstitutionPlace(region: "", level: nil),
            in: transaction)
        let withdrawn = try lineList.withdraw(
            submission: submission, at: Instant(milliseconds: 1_000), in: transaction, observer: observer)
        try observer.finish(at: withdrawn.at, submission: submission, isWithdrawal: true)
    }

    private func batch(_ id: String, _ rows: [Row]) throws -> DeidentifiedBatch {
        guard let type = program.fileType(id) else { throw IndicatorError.unknownProgram(id) }
        let links = try LinkHashes(
            program, type, institution: "", key: SymmetricKey(bytes: [UInt8](repeating: 1, count: 32)))
        var batch = DeidentifiedBatch(program: program, fileType: type, institution: "", links: links)
        for row in rows { append(row, type, to: &batch) }
        return batch
    }

    private func append(_ row: Row, _ type: FileType, to batch: inout DeidentifiedBatch) {
        let first = Int32(batch.cells.count)
        var key: Int64 = 0
        var content = Hasher()
        for (place, field) in type.fields.enumerated() {
            guard let value = row.values[field.name] else { continue }
            content.combine(place)
            content.combine(value)
            switch value {
            case .integer(let number):
                if field.name == type.primaryKey.first { key = number }
                batch.cells.append(
                    .init(field: UInt16(place), kind: .integer, count: 0, bits: UInt64(bitPattern: number)))
            case .number(let number):
                batch.cells.append(.init(field: UInt16(place), kind: .number, count: 0, bits: number.bitPattern))
            case .text(let text):
                batch.cells.append(
                    .init(
                        field: UInt16(place), kind: .text, count: UInt32(text.count), bits: UInt64(batch.text.count)))
                batch.text += text
            }
        }
        batch.rows.append(
            .init(
                number: batch.rows.count + 2, cells: first..<Int32(batch.cells.count),
                identity: RowIdentity(
                    key: RecordKey(high: key, low: 0), content: Int64(content.finalize()) | 1),
                record: nil, isWithdrawal: row.isWithdrawal))
    }

    // MARK: Asking

    func definition(_ id: String, version: Int? = nil) throws -> (CompiledIndicator, IndicatorProgram) {
        let program = try figures.program("p")
        guard let found = program.compiled.definition(id, version: version) else {
            throw IndicatorError.unknownIndicator(id, version: version, known: [])
        }
        return (found, program)
    }

    static let days = CivilDate(daysSince1970: 20_000)...CivilDate(daysSince1970: 20_400)

    func figures(
        _ id: String, version: Int? = nil, _ query: FigureQuery, in connection: any Connection
    ) throws -> Figures {
        let (definition, program) = try definition(id, version: version)
        return try figures.figures(
            definition, of: program, query, now: Instant(milliseconds: 1_000_000), in: connection)
    }
}
