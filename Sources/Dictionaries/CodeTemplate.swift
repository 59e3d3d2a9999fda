public import SurveillanceKit
import Synchronization

/// The form in which the platform gives codes and likes to get them.
public enum CodeTemplate {
    /// The first two columns are needed.
    static let labels = ["本院编码", "本院名称", "国家临床版编码", "国家临床版名称", "附加编码", "备注"]

    /// Codes as a table that can be uploaded again; without codes the template.
    public static func table(of dictionary: CodeDictionary, _ entries: [CodeEntry]) -> ExportTable {
        let rest = Mutex(entries[...])
        return ExportTable(
            title: dictionary.title, columns: labels.map { ExportColumn(BilingualText(zh: $0, en: $0)) }
        ) {
            guard let entry = rest.withLock({ $0.popFirst() }) else { return nil }
            return (entry.fields + [""]).map { ExportCell($0) }
        }
    }
}
