public import SurveillanceKit
public import Tabular

/// The rejected rows of one file as a CSV that is mended and uploaded as it is: all columns as they came, and behind them the row's
/// number in the file as sent and what was found in it.
///
/// The file is read a second time, side by side with its findings, which stand in the order of its rows: memory grows with neither.
/// The sender's cells stay as they are, but for an apostrophe before what a spreadsheet would run; see docs/decisions/0010-correction-form.md.
public final class CorrectionForm {
    private var reader: TableReader
    private let block = TableReader.makeBlock()
    private let takesAll: Bool
    private var columns: CorrectionColumnsPlan?
    private var findings: RowFindings

    /// - Parameters:
    ///   - source: the file's bytes as they were sent.
    ///   - findings: of the whole package, each as its line of JSON without the line's end.
    ///   - takesAll: also the rows without an error.
    public init(
        _ source: any ByteSource, file: String, takesAll: Bool, language: Language,
        findings: @escaping () throws -> ArraySlice<UInt8>?
    ) {
        reader = TableReader(source, findsHeader: true)
        self.takesAll = takesAll
        self.findings = RowFindings(file: file, language: language, lines: findings)
    }

    /// What the form is called: the part before the first `_` is the file type, so that the form can be sent under its name.
    ///
    /// - Parameter origin: what it belongs to, a submission's id or a file's name; reduced to letters, digits, `-`, `_` and `.`.
    public static func name(fileType: String, origin: String) -> String {
        let plain = origin.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
        return "\(fileType)_corrections_\(String(plain)).csv"
    }

    /// The next piece, nil at the end. The first holds the header.
    public func next() throws -> [UInt8]? {
        while try reader.read(into: block) {
            var piece: [UInt8] = []
            for index in 0..<block.rowCount {
                guard let columns else {
                    let plan = CorrectionColumnsPlan(header: block.cursor(ofRow: index))
                    piece += [0xEF, 0xBB, 0xBF]
                    plan.appendHeader(block.cursor(ofRow: index), to: &piece)
                    self.columns = plan
                    continue
                }
                let row = block.firstRow + index
                let found = try findings.of(row)
                guard found.hasError || (takesAll && !block.isBlank(row: index)) else { continue }
                columns.append(block.cursor(ofRow: index), row: row, text: found.text, to: &piece)
            }
            if !piece.isEmpty { return piece }
        }
        return nil
    }
}

extension RecordBlock {
    fileprivate func isBlank(row: Int) -> Bool {
        filledCells(ofRow: row).allSatisfy { CellText.trimmed($0.bytes(from: start)).isEmpty }
    }
}
