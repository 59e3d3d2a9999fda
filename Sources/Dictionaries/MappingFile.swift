public import SurveillanceKit
import Synchronization
import Tabular

/// Unmapped codes as a file that is filled in and comes back.
public enum MappingFile {
    /// As many codes are given at once: more than a national list has. When they are mapped, the next ones follow.
    public static let maximumRows = 50_000

    /// A row for each code, with the column for the national one empty and the candidates behind it.
    public static func table(of dictionary: CodeDictionary, _ unmapped: UnmappedCodes) -> ExportTable {
        let labels = ["本院编码", "本院名称", "国家临床版编码", "国家临床版名称", "候选1", "候选2", "候选3"]
        let rest = Mutex(unmapped.items[...])
        return ExportTable(
            title: dictionary.title, columns: labels.map { ExportColumn(BilingualText(zh: $0, en: $0)) },
            comesBack: true
        ) {
            guard let item = rest.withLock({ $0.popFirst() }) else { return nil }
            let candidates = item.candidates.map { "\($0.code) \($0.name)" }
            return ([item.entry.code, item.entry.name, "", ""] + candidates).map { ExportCell($0) }
        }
    }

    /// The rows of a file that have a national code.
    ///
    /// - Throws: `DictionaryRefusal` where it is no such file.
    public static func mappings(
        named name: String, _ bytes: [UInt8], of dictionary: CodeDictionary
    ) throws -> [CodeMapping] {
        try DictionaryFile(name: name, source: BytesSource(bytes), of: dictionary).entries.compactMap { entry in
            entry.nationalCode.isEmpty
                ? nil
                : CodeMapping(code: bare(entry.code), name: bare(entry.name), nationalCode: entry.nationalCode)
        }
    }

    /// Without the apostrophe that was put before what a spreadsheet would run.
    private static func bare(_ cell: String) -> String {
        cell.utf8.first == FormulaGuard.mark && FormulaGuard.concerns(cell.utf8) ? String(cell.dropFirst()) : cell
    }
}
