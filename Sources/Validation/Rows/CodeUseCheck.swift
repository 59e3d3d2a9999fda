import Expressions
import SurveillanceKit

/// A dictionary that a file type's field is checked against.
struct CompiledCodeUse: Sendable {
    /// The dictionary's id.
    var dictionary: String
    var code: Int
    var name: Int?
    /// The place among the stored fields of the national code that is derived from the reported one.
    var national: Int?
}

/// Checks the codes of one row against the institution's own tables. One belongs to one checker.
///
/// The program says how severe a difference is. Where it does not say, it is a warning: the row is taken as it is, for the national systems
/// judge codes by lists of their own.
struct CodeUseCheck {
    private let book: any CodeBook
    private let type: CompiledFileType
    private let day: Int
    private let uses: [(number: Int, use: CompiledCodeUse)]
    private(set) var notes = CellNotes()

    /// - Returns: nil where there is nothing to check: no table that the file's columns refer to, or no column of its event day.
    init?(_ book: (any CodeBook)?, _ type: CompiledFileType, _ header: HeaderMatch) {
        guard let book, let day = type.eventDayField, header.fieldColumns[day] >= 0 else { return nil }
        uses = type.codeUses.enumerated().filter {
            header.fieldColumns[$0.element.code] >= 0 && book.hasTable(of: $0.element.dictionary)
        }.map { ($0.offset, $0.element) }
        guard !uses.isEmpty else { return nil }
        self.book = book
        self.type = type
        self.day = day
    }

    mutating func check(_ cells: RowCells, _ findings: inout RowFindings) {
        guard let day = cells[day].pointee.civilDay else { return }
        for (number, use) in uses {
            let cell = cells[use.code].pointee
            guard cell.state == .value, cell.text.count > 0 else { continue }
            let codes = type.fields[use.code].parts(of: cell.text)
            var isKnown = true
            var isNational = true
            for code in codes where isKnown {
                switch book.look(up: code, in: use.dictionary, on: day) {
                case .known: continue
                case .notNational: isNational = false
                case .noTable:
                    notes.note(.noTable, field: use.code)
                    isKnown = false
                case .unknown:
                    findings.report(type.templates.index(codeUse: number), field: use.code, cell.text)
                    isKnown = false
                }
            }
            if isKnown, !isNational {
                findings.report(type.templates.index(unmappedCodeUse: number), field: use.code, cell.text)
            }
            guard isKnown, codes.count == 1, let name = use.name else { continue }
            let text = cells[name].pointee
            guard text.state == .value, text.text.count > 0,
                !book.names(of: codes[0], in: use.dictionary, on: day, include: text.text)
            else { continue }
            findings.report(type.templates.index(nameOfCodeUse: number), field: use.code, cell.text)
        }
    }

    /// The dictionaries that columns of a file refer to and of which the institution has no table, in the program's order.
    static func missing(from book: (any CodeBook)?, _ type: CompiledFileType, _ header: HeaderMatch) -> [CodeDictionary]
    {
        guard let book, let day = type.eventDayField, header.fieldColumns[day] >= 0 else { return [] }
        let asked = Set(type.codeUses.filter { header.fieldColumns[$0.code] >= 0 }.map(\.dictionary))
        return type.program.dictionaries.filter { asked.contains($0.id) && !book.hasTable(of: $0.id) }
    }

    mutating func takeNotes() -> CellNotes? {
        guard !notes.isEmpty else { return nil }
        defer { notes = CellNotes() }
        return notes
    }
}
