import SurveillanceKit
import Tabular

/// Finds tables whose line ends were lost on the way: `curl -d @file` takes them out, and all rows stand in the header.
enum LostLineEnds {
    /// What is said of a table that is one line and either has no line end or is far longer than any header; nil of any other.
    ///
    /// - Parameter isWhole: the block holds all of the file.
    static func fault(_ labels: [String], in block: RecordBlock, of type: CompiledFileType, isWhole: Bool)
        -> FindingTemplate?
    {
        guard isWhole, isAlone(block) else { return nil }
        let names = Set(type.fileType.fields.map { $0.name.lowercased() })
        guard labels.contains(where: { names.contains($0.lowercased()) }) else { return nil }
        let named = labels.lastIndex { !$0.isEmpty } ?? 0
        let isTooLong = named >= type.fields.count + max(8, type.fields.count / 2)
        guard isTooLong || !block.endsWithLineEnd else { return nil }
        return FindingTemplate(
            severity: .error, code: .emptyFile,
            message: BilingualText(
                zh: "没有数据行：整个文件只有一行，换行丢失了。用 curl 上报时须用 --data-binary 或 -T，不能用 -d",
                en:
                    "no rows: the whole file is one line, its line breaks are missing. With curl send it by --data-binary or -T, not by -d"
            ))
    }

    private static func isAlone(_ block: RecordBlock) -> Bool {
        (1..<max(1, block.rowCount)).allSatisfy { row in
            block.filledCells(ofRow: row).allSatisfy { CellText.trimmed($0.bytes(from: block.start)).isEmpty }
        }
    }
}
