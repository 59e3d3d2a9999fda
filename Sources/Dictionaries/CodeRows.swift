import SurveillanceKit

/// The rows of a code file as they are read: those that are kept, and what is wrong with the others.
struct CodeRows {
    static let maximum = 200_000
    private static let longest = (code: 100, name: 500)
    private static let faultsShown = 10

    private var entries: [CodeEntry] = []
    private var faults: [DictionaryRefusal.RowFault] = []
    private var faultCount = 0
    private var seen: Set<CodeEntry> = []
    private var repeated = 0
    private var shapes = CodeShapes()

    mutating func add(_ entry: CodeEntry, row: Int) throws(DictionaryRefusal) {
        if entry.code.isEmpty, entry.name.isEmpty { return }
        if let message = CodeRows.fault(entry) {
            faultCount += 1
            if faults.count < CodeRows.faultsShown { faults.append(.init(row: row, message: message)) }
            return
        }
        guard seen.insert(entry).inserted else {
            repeated += 1
            return
        }
        guard entries.count < CodeRows.maximum else { throw .tooManyRows(maximum: CodeRows.maximum) }
        shapes.count(entry.code, row: row)
        entries.append(entry)
    }

    /// The rows to keep, and what is to be said of them.
    func finish() throws(DictionaryRefusal) -> (entries: [CodeEntry], warnings: [BilingualText]) {
        guard faultCount == 0 else { throw .wrongRows(faults, count: faultCount) }
        guard !entries.isEmpty else { throw .noRows }
        var warnings: [BilingualText] = []
        if repeated > 0 {
            warnings.append(
                BilingualText(
                    zh: "\(repeated) 行与前面的行完全相同，只保留一次。",
                    en: "\(repeated.counted("row")) like an earlier one, kept once."))
        }
        if let warning = shapes.warning { warnings.append(warning) }
        return (entries, warnings)
    }

    private static func fault(_ entry: CodeEntry) -> BilingualText? {
        if entry.code.isEmpty { return BilingualText(zh: "没有编码", en: "there is no code") }
        if entry.name.isEmpty {
            return BilingualText(zh: "编码 \(shown(entry.code)) 没有名称", en: "code \(shown(entry.code)) has no name")
        }
        if entry.code.count > CodeRows.longest.code || entry.name.count > CodeRows.longest.name {
            return BilingualText(
                zh: "编码超过 \(CodeRows.longest.code) 个字符，或名称超过 \(CodeRows.longest.name) 个字符",
                en:
                    "the code has more than \(CodeRows.longest.code) characters, or the name more than \(CodeRows.longest.name)"
            )
        }
        if let damage = CodeDamage(entry.code) { return damage.message(shown(entry.code)) }
        return nil
    }

    private static func shown(_ code: String) -> String { String(code.prefix(40)) }
}
