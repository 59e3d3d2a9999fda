public import Foundation
import JSON
import SurveillanceKit
public import Timeliness
public import Validation

/// The calendars of holidays and make-up workdays, `Config/calendar/*.json`.
public enum CalendarFolder {
    /// Reads every calendar of a folder; together they say which years are known.
    ///
    /// - Parameter shown: what messages call the folder.
    /// - Throws: every mistake, each with its line. A folder that is not there has no calendar.
    public static func read(_ folder: URL, shownAs shown: String? = nil) throws(ProgramError) -> WorkCalendar {
        let shown = shown ?? folder.lastPathComponent
        var calendar = WorkCalendar()
        var mistakes: [ProgramMistake] = []
        var years: [Int: String] = [:]
        for name in FolderFile.names(in: folder) ?? [] where name.lowercased().hasSuffix(".json") {
            let source = SourceFile(
                folder.appendingPathComponent(name), shownAs: "\(shown)/\(name)", isSettings: true)
            if let object = source.object() { add(object, to: &calendar, &years) }
            mistakes += source.mistakes
        }
        guard mistakes.isEmpty else { throw ProgramError(mistakes) }
        return calendar
    }

    private static func add(_ object: ObjectReader, to calendar: inout WorkCalendar, _ years: inout [Int: String]) {
        object.allow(["$schema", "id", "title", "years"])
        _ = object.string("id", like: .programID)
        _ = object.text("title")
        for reader in object.objects("years", isNeeded: true) {
            guard let reader else { continue }
            reader.allow(["year", "source", "holidays", "workdays"])
            _ = reader.string("source")
            if !reader.has("year") {
                reader.fault("year", "缺少 'year'；请写成 2026", "'year' is missing; write it as 2026")
            }
            guard let year = reader.wholeNumber("year", from: 1) else { continue }
            if let other = years.updateValue(reader.source.place(of: reader.offset), forKey: year) {
                reader.fault("year", "\(year) 年已在 \(other) 给出", "the year \(year) is given at \(other) already")
            }
            let holidays = days("holidays", reader, year: year)
            let workdays = days("workdays", reader, year: year)
            for day in workdays where holidays.contains(day) {
                reader.fault(
                    "workdays", "\(day) 既是假日又是上班日", "\(day) is given both as a holiday and as a working day")
            }
            for day in workdays where day.weekday <= 5 {
                reader.fault(
                    "workdays", "\(day) 不是周末，本来就上班；这里只列调休上班的周末",
                    "\(day) is no Saturday or Sunday and a working day anyway; only make-up workdays are listed")
            }
            calendar.add(year: year, holidays: holidays, workdays: workdays)
        }
    }

    /// Days and ranges of days, `2026-10-01` and `2026-10-01/2026-10-07`, all of one year.
    private static func days(_ name: String, _ object: ObjectReader, year: Int) -> [CivilDate] {
        var days: [CivilDate] = []
        for value in object.list(name, isNeeded: true, least: 0) ?? [] {
            guard case .string(let text) = value.content else {
                object.fault(at: value.offset, "'\(name)' 中应为日期", "'\(name)' must be a list of days")
                continue
            }
            let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { CivilDate(String($0)) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last,
                first.yearMonthDay.year == year, last.yearMonthDay.year == year
            else {
                object.fault(
                    at: value.offset, "'\(text)' 不是 \(year) 年的日期；请写成 \(year)-10-01 或 \(year)-10-01/\(year)-10-07",
                    "'\(text)' is no day of \(year); write it as \(year)-10-01 or \(year)-10-01/\(year)-10-07")
                continue
            }
            days += (first.daysSince1970...last.daysSince1970).map { CivilDate(daysSince1970: $0) }
        }
        return days
    }
}
