import AllPrograms
import CoreRuntime
import Foundation
import ProgramFiles
import SurveillanceKit
import Timeliness
import Validation

/// What `vedette deadline` judges: programs, register, calendars and receipts, read from files.
struct OfflineDuties {
    let book: DutyBook
    let at: Instant
    private let programs: [Program]
    private let overrides: [DutyOverrides]
    private let calendar: WorkCalendar
    private let receipts: ReceiptsFile?
    private let institution: String?
    private let program: String?

    /// - Parameter deployment: where what is not given is found; and the receipts, where no file of them is.
    init(_ arguments: Arguments, deployment: (configuration: Configuration, desk: Desk)? = nil) throws {
        let (deployment, desk) = (deployment?.configuration, deployment?.desk)
        let registry = try ProgramRegistry(
            folder: try arguments.value("--programs") == nil && deployment != nil
                ? deployment?.programsFolder ?? URL(fileURLWithPath: "Surveillance")
                : ProgramsFolder.find(arguments.value("--programs")))
        let programs = registry.programs.map(\.program)
        self.programs = programs
        let register =
            arguments.value("--institutions").map { URL(fileURLWithPath: $0) } ?? deployment?.institutionsFile
            ?? URL(fileURLWithPath: "Config/institutions.json")
        let institutions = try InstitutionsFile.read(register)
        let beside = register.deletingLastPathComponent()
        overrides =
            try OverridesFolder.read(
                try OfflineDuties.folder("--deadlines", arguments) ?? deployment?.deadlinesFolder
                    ?? beside.appendingPathComponent("deadlines"),
                programs: programs) + (desk?.administratorRules(for: programs) ?? [])
        calendar = try CalendarFolder.read(
            try OfflineDuties.folder("--calendar", arguments) ?? deployment?.calendarFolder
                ?? OfflineDuties.calendar(beside: beside))
        at =
            try arguments.value("--at").map { text in
                guard let instant = Instant(withZone: text) else {
                    throw UsageError(
                        "--at 不能是“\(text)”：应为含时区的时刻，如 2020-08-25T17:00:00+08:00",
                        "--at is '\(text)'; write an instant with its zone, as in 2020-08-25T17:00:00+08:00")
                }
                return instant
            } ?? .systemClock()
        let institution = arguments.value("--institution")
        self.institution = institution
        if let institution, !institutions.contains(where: { $0.code == institution }) {
            throw UsageError(
                "\(register.lastPathComponent) 中没有机构“\(institution)”",
                "no institution '\(institution)' in \(register.lastPathComponent)")
        }
        let program = arguments.value("--program")
        self.program = program
        if let program, !programs.contains(where: { $0.id == program }) {
            throw UsageError(
                "没有监测项目“\(program)”；现有 \(programs.map(\.id).joined(separator: "、"))",
                "no program '\(program)'; there are \(programs.map(\.id).joined(separator: ", "))")
        }
        receipts = try arguments.value("--receipts").map { file in
            try ReceiptsFile(
                URL(fileURLWithPath: file), institutions: Set(institutions.map(\.code)),
                programs: Set(programs.map(\.id)))
        }
        book = try DutyBook(
            programs.filter { program == nil || $0.id == program }, overrides: overrides,
            calendar: calendar, institutions: institutions)
        if receipts == nil, deployment == nil {
            CommandLineTool.complain(
                say("没有 --receipts FILE：按没有收到任何上报判断", "no --receipts FILE: judged as if nothing had been received"))
        }
    }

    /// The same with the rules of a file set.
    func changed(by file: URL) throws -> DutyBook {
        let change = try OverridesFolder.readChange(file, programs: programs)
        return try DutyBook(
            programs.filter { program == nil || $0.id == program }, overrides: overrides + [change],
            calendar: calendar, institutions: book.institutions)
    }

    func receipts(of institution: String, for program: String) -> DutyReceipts {
        receipts?.receipts(of: institution, for: program) ?? .none
    }

    func isWanted(_ other: Institution) -> Bool { institution == nil || other.code == institution }

    func isWanted(_ code: String, _ id: String) -> Bool {
        (institution ?? code) == code && (program ?? id) == id
    }

    /// The days from `--from` to `--to`.
    func days(_ arguments: Arguments) throws(UsageError) -> ClosedRange<CivilDate> {
        guard let from = arguments.value("--from"), let to = arguments.value("--to") else {
            throw UsageError("需要 --from DAY 和 --to DAY", "--from DAY and --to DAY are needed")
        }
        let (first, last) = (try OfflineDuties.day("--from", from), try OfflineDuties.day("--to", to))
        guard first <= last else {
            throw UsageError("--from \(first) 晚于 --to \(last)", "--from \(first) is after --to \(last)")
        }
        return first...last
    }

    static func day(_ name: String, _ text: String) throws(UsageError) -> CivilDate {
        guard let day = CivilDate(text) else {
            throw UsageError(
                "\(name) 不能是“\(text)”：应为日期，如 2020-08-25",
                "\(name) is '\(text)', which is no day; write it as 2020-08-25")
        }
        return day
    }

    /// A folder that was given must be there.
    private static func folder(_ name: String, _ arguments: Arguments) throws(UsageError) -> URL? {
        guard let path = arguments.value(name) else { return nil }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw UsageError("\(name)：没有文件夹“\(path)”", "\(name) is '\(path)'; there is no such folder")
        }
        return URL(fileURLWithPath: path)
    }

    private static func calendar(beside folder: URL) -> URL {
        let own = folder.appendingPathComponent("calendar")
        guard !FileManager.default.fileExists(atPath: own.path),
            let programs = try? ProgramsFolder.find(nil)
        else { return own }
        return programs.deletingLastPathComponent().appendingPathComponent("Config/calendar")
    }
}
