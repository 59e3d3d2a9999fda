import SurveillanceKit

/// Columns that ought to be filled and in which no cell has been so far: told once for the file, not at every row.
///
/// A column in which a cell is filled later is told row by row from that block on; the note names the rows before.
struct EmptyColumns {
    private let type: FileType
    /// By the template of its warning, the field.
    private let fields: [Int32: Int]
    /// For each field that is still empty the cells; nil once one was filled.
    private var open: [Int: Int]
    /// Fields of which a cell was filled after all, with the empty cells before.
    private var filledLater: [Int: Int] = [:]

    init(_ type: FileType) {
        self.type = type
        var fields: [Int32: Int] = [:]
        for (index, field) in type.fields.enumerated()
        where field.constraints.isRequired && field.warnings.contains(.required) {
            fields[Int32(FindingTemplates.index(field: index, .required))] = index
        }
        self.fields = fields
        open = Dictionary(uniqueKeysWithValues: fields.values.map { ($0, 0) })
    }

    /// Takes out of a block's findings those of columns that are empty so far.
    ///
    /// - Parameter rows: how many records the block has.
    mutating func take(_ findings: inout [RawFinding], rows: Int) {
        guard !open.isEmpty, rows > 0 else { return }
        var counts: [Int: Int] = [:]
        for finding in findings { if let field = fields[finding.template] { counts[field, default: 0] += 1 } }
        let isBegun = open.values.contains { $0 > 0 }
        for (field, before) in open where counts[field, default: 0] < rows {
            open[field] = nil
            if before > 0 { filledLater[field] = before }
        }
        let empty = open.keys.reduce(0) { $0 + counts[$1, default: 0] }
        // A single one is best told where it is.
        guard isBegun || empty > 1 else {
            open = [:]
            return
        }
        for field in open.keys { open[field, default: 0] += counts[field, default: 0] }
        findings.removeAll { fields[$0.template].map { open[$0] != nil } ?? false }
    }

    /// The note; nil where there is nothing to tell.
    var template: FindingTemplate? {
        let throughout = open.filter { $0.value > 0 }.keys.sorted().map { type.fields[$0] }
        let before = filledLater.sorted { $0.key < $1.key }.map { (type.fields[$0.key], $0.value) }
        guard !throughout.isEmpty || !before.isEmpty else { return nil }
        let zh =
            throughout.map { "\($0.name) \($0.title.zh)" } + before.map { "\($0.0.name) \($0.0.title.zh)（前 \($0.1) 行）" }
        let en =
            throughout.map { "\($0.name) \($0.title.en)" }
            + before.map { "\($0.0.name) \($0.0.title.en) (the first \($0.1) rows)" }
        return FindingTemplate(
            severity: .warning, code: .constraintError,
            expected: BilingualText(zh: "有内容的填写内容，不详时填“-”", en: "the value, or '-' where it is not known"),
            message: BilingualText(
                zh: "有 \(zh.count) 列应填而全部为空：\(zh.joined(separator: "、"))。各行已照常接收，请核对导出程序是否遗漏这些列",
                en:
                    "\(en.count.counted("column")) that should be filled \(en.count == 1 ? "is" : "are") empty throughout: \(en.joined(separator: ", ")); the rows are taken, but check whether the export leaves out these columns"
            ))
    }
}
