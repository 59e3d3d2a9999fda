import Database
import Portal
import Records
import SurveillanceKit
import Timeliness

/// How many rows the days hold that a program's reports cover, and whether that is as usual.
struct CoverageReader: Sendable {
    let lineList: LineList
    let records: any SQLDatabase
    let calendar: WorkCalendar

    /// The file type whose rows are counted: the first that belongs to no other and has a day.
    static func counted(_ program: Program) -> FileType? {
        guard let coverage = program.coverage else { return nil }
        return program.fileTypes.first { $0.foreignKeys.isEmpty && $0.fieldIndex(coverage.by) != nil }
    }

    /// The covered days that end with a day, each with its rows and what they are called beside the days before it.
    ///
    /// - Parameter today: it is not over: what it holds is told, and not judged.
    func days(
        of institution: String, _ program: Program, upTo today: CivilDate
    ) async throws -> [DutyCoverage.Day] {
        guard let type = CoverageReader.counted(program), let covered = program.coverage?.days else { return [] }
        let first = today.advanced(byDays: 1 - covered)
        let rows = try await records.read { [lineList] in
            try lineList.recordsByDay(
                program: program.id, fileType: type.id, institution: institution,
                first.advanced(byDays: -UsualRows.mostDays)...today, in: $0)
        }
        guard !rows.isEmpty else { return [] }
        return (0..<covered).map { number in
            let day = first.advanced(byDays: number)
            let before = rows.filter { $0.key < day }
            let count = rows[day] ?? 0
            let usual = UsualRows(before, on: day, calendar: calendar)
            return DutyCoverage.Day(
                day: day, rows: count, verdict: day == today ? nil : usual.verdict(count), expected: usual.expected)
        }
    }
}
