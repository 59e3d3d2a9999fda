public import Foundation
import SurveillanceKit
import Tabular
public import Timeliness
public import Validation

/// What institutions have sent, as a table: `institution,program,receivedAt,state`, and where they are known `begunAt` and `day`.
public struct ReceiptsFile: Sendable {
    private var receipts: [String: [String: [DutyReceipt]]] = [:]

    private static let needed = ["institution", "program", "receivedAt", "state"]
    private static let optional = ["begunAt", "day"]

    /// The states of submissions, and `zero`.
    private static let states: [String: DutyReceipt.Outcome] = [
        "accepted": .accepted, "partly-accepted": .partlyAccepted, "zero": .zero, "rejected": .rejected,
        "failed": .failed, "received": .pending, "processing": .pending,
    ]

    /// - Parameters:
    ///   - institutions: the codes of the register; a row of another institution is a mistake.
    ///   - programs: the programs that there are.
    /// - Throws: every mistake, each with its line. Rows may stand in any order and be repeated.
    public init(_ url: URL, institutions: Set<String>, programs: Set<String>) throws(ProgramError) {
        let file = url.lastPathComponent
        let bytes: [UInt8]
        switch FolderFile.read(url, maximumBytes: ReceiptsFile.maximumBytes) {
        case .unreadable(let reason): throw ProgramError([ProgramMistake(file: file, message: reason)])
        case .bytes(let read): bytes = read
        }
        let rows: [SmallTable.Row]
        do throws(TableError) {
            rows = try SmallTable.rows(BytesSource(bytes))
        } catch {
            let message = error.fault?.message ?? BilingualText(zh: "无法读取：\(error)", en: "cannot be read: \(error)")
            throw ProgramError([ProgramMistake(file: file, message: message)])
        }
        var mistakes: [ProgramMistake] = []
        func note(_ line: Int?, _ zh: String, _ en: String) {
            mistakes.append(ProgramMistake(file: file, line: line, message: BilingualText(zh: zh, en: en)))
        }
        let wanted = ReceiptsFile.needed.joined(separator: ",")
        guard let header = rows.first else {
            note(nil, "文件为空；第一行应为 \(wanted)", "is empty; its first line must be \(wanted)")
            throw ProgramError(mistakes)
        }
        let known = ReceiptsFile.needed + ReceiptsFile.optional
        for (place, name) in header.cells.enumerated() {
            if !known.contains(name) {
                note(
                    header.line, "未知的列 '\(name)'；可用的有 \(known.joined(separator: ","))",
                    "unknown column '\(name)'; known are \(known.joined(separator: ","))")
            } else if header.cells.prefix(place).contains(name) {
                note(header.line, "列 '\(name)' 出现两次", "column '\(name)' stands twice")
            }
        }
        let places = Dictionary(
            header.cells.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for name in ReceiptsFile.needed where places[name] == nil {
            note(
                header.line, "缺少列 '\(name)'；第一行应为 \(wanted)",
                "column '\(name)' is missing; the first line must be \(wanted)")
        }
        guard mistakes.isEmpty else { throw ProgramError(mistakes) }
        for row in rows.dropFirst() {
            func cell(_ name: String) -> String {
                places[name].flatMap { $0 < row.cells.count ? row.cells[$0] : nil } ?? ""
            }
            guard row.cells.count == header.cells.count else {
                note(
                    row.line, "有 \(row.cells.count) 个单元格，标题行有 \(header.cells.count) 个",
                    "has \(row.cells.count) cells, the header \(header.cells.count)")
                continue
            }
            let (institution, program) = (cell("institution"), cell("program"))
            if !institutions.contains(institution) {
                note(row.line, "机构名录中没有 '\(institution)'", "the register of institutions has no '\(institution)'")
            }
            if !programs.contains(program) {
                let there = programs.sorted().joined(separator: ", ")
                note(row.line, "没有监测项目 '\(program)'；现有 \(there)", "no program '\(program)'; there are \(there)")
            }
            let received = Instant(withZone: cell("receivedAt"))
            if received == nil { noInstant("receivedAt", cell("receivedAt")) }
            let begun = Instant(withZone: cell("begunAt"))
            if begun == nil, !cell("begunAt").isEmpty { noInstant("begunAt", cell("begunAt")) }
            func noInstant(_ name: String, _ text: String) {
                note(
                    row.line, "'\(name)' 是 '\(text)'；请写成带时区的时刻，如 2020-08-25T17:00:00+08:00",
                    "'\(name)' is '\(text)'; write a moment with its zone, as in 2020-08-25T17:00:00+08:00")
            }
            if let begun, let received, begun > received {
                note(row.line, "'begunAt' 晚于 'receivedAt'", "'begunAt' is after 'receivedAt'")
            }
            let day = cell("day").isEmpty ? nil : CivilDate(cell("day"))
            if day == nil, !cell("day").isEmpty {
                note(
                    row.line, "'day' 是 '\(cell("day"))'；请写成 2020-08-25",
                    "'day' is '\(cell("day"))'; write it as 2020-08-25")
            }
            let outcome = ReceiptsFile.states[cell("state")]
            if outcome == nil {
                let there = ReceiptsFile.states.keys.sorted().joined(separator: ", ")
                note(
                    row.line, "未知的状态 '\(cell("state"))'；可用的有 \(there)",
                    "unknown state '\(cell("state"))'; known are \(there)")
            }
            if day != nil, let outcome, outcome != .zero {
                note(row.line, "只有 zero 有 'day'", "'day' is for the state zero alone")
            }
            guard let received, let outcome else { continue }
            receipts[institution, default: [:]][program, default: []].append(
                DutyReceipt(receivedAt: received, begunAt: begun, outcome: outcome, day: day))
        }
        guard mistakes.isEmpty else { throw ProgramError(mistakes) }
    }

    private static let maximumBytes = 4 << 30

    /// What an institution has sent for a program.
    public func receipts(of institution: String, for program: String) -> DutyReceipts {
        DutyReceipts(receipts[institution]?[program] ?? [])
    }
}
