import SurveillanceKit
import Timeliness

/// Obligations as a table for a person's spreadsheet.
struct ObligationTable {
    var obligations: [Obligation]
    var programs: [Program]
    var institution: @Sendable (String) -> Institution?
    var zone: @Sendable (String) -> CivilZone?

    private static let columns: [ExportColumn] = [
        BilingualText(zh: "机构代码", en: "institution"), BilingualText(zh: "机构名称", en: "name"),
        BilingualText(zh: "行政区划", en: "region"), BilingualText(zh: "监测项目", en: "program"),
        BilingualText(zh: "类型", en: "kind"), BilingualText(zh: "从", en: "from"), BilingualText(zh: "到", en: "to"),
        BilingualText(zh: "截止时间", en: "due_at"), BilingualText(zh: "状态", en: "state"),
        BilingualText(zh: "收到时间", en: "received_at"),
    ].map { ExportColumn($0) }

    func table(_ day: CivilDate, _ language: Language) -> ExportTable {
        let rows = Rows(obligations)
        return ExportTable(
            title: BilingualText(zh: "\(day) 到期的上报", en: "Due on \(day)"), columns: ObligationTable.columns
        ) { rows.next().map { cells($0, language) } }
    }

    private func cells(_ duty: Obligation, _ language: Language) -> [ExportCell] {
        let owner = institution(duty.institution)
        let zone = zone(duty.program)
        func moment(_ moment: Instant) -> String { zone?.text(moment) ?? moment.utc }
        let cells: [String] = [
            duty.institution, owner?.name[language] ?? "", owner?.region ?? "",
            programs.first { $0.id == duty.program }?.title[language] ?? duty.program, duty.kind.title[language],
            "\(duty.from)", "\(duty.to)", moment(duty.dueAt), duty.state.title[language],
            duty.receivedAt.map(moment) ?? "",
        ]
        return cells.map { ExportCell($0) }
    }

    /// Unchecked: a table is read from one place at a time.
    private final class Rows: @unchecked Sendable {
        private var left: ArraySlice<Obligation>

        init(_ obligations: [Obligation]) { left = obligations[...] }

        func next() -> Obligation? { left.popFirst() }
    }
}
