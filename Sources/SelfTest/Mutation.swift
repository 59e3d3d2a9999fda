import Seeding
public import SurveillanceKit

/// One known fault in a package that had none, and all that must be found because of it.
public struct Mutant: Sendable {
    /// The kind of fault: `type`, `key`, `stray-newline`.
    public var kind: String
    public var package: GeneratedPackage
    public var expected: [ExpectedFinding]
    /// Findings that may stand beside those at the same cells, and need not.
    public var tolerated: Set<ExpectedFinding> = []
    /// A file that was sent beside the tables, or in the place of one.
    public var extraFiles: [(name: String, bytes: [UInt8])] = []
    /// All files come in one zip, and this stands before their names.
    public var folder: String?
}

/// A finding by what must be exact: where it is, what it is and what it costs.
public struct ExpectedFinding: Hashable, Sendable, CustomStringConvertible {
    public var file: String
    public var row: Int?
    public var field: String?
    public var code: FindingCode
    public var severity: Severity
    public var rule: String?

    public init(file: String, row: Int?, field: String?, code: FindingCode, severity: Severity, rule: String? = nil) {
        self.file = file
        self.row = row
        self.field = field
        self.code = code
        self.severity = severity
        self.rule = rule
    }

    public init(_ finding: Finding) {
        self.init(
            file: finding.file, row: finding.row, field: finding.field, code: finding.code, severity: finding.severity,
            rule: finding.rule)
    }

    public var description: String {
        let place = "\(file) \(row.map { "row \($0)" } ?? "whole file") \(field ?? "-")"
        return "\(place): \(code.rawValue)\(rule.map { " \($0)" } ?? "")\(severity == .warning ? " (warning)" : "")"
    }
}

/// Puts faults into a package, each kind by a function of its own; nil where the package has no place for that kind.
struct Mutator {
    var package: GeneratedPackage
    var random: SeededGenerator
    let cases: [String: RuleCases]
    let program: Program
    /// Whether a store is asked for parents that the package lacks. Ours has none of them.
    let hasStore: Bool

    typealias Kind = @Sendable (inout Mutator) -> Mutant?

    static let kinds: [(name: String, make: Kind)] = [
        ("none", { $0.untouched() }),
        ("type", { $0.wrongCell("type") { WrongValues.types($0) } }),
        ("range", { $0.wrongCell("range") { WrongValues.ranges($0) } }),
        ("decimals", { $0.wrongCell("decimals") { WrongValues.decimals($0) } }),
        ("too-long", { $0.wrongCell("too-long") { WrongValues.lengths($0) } }),
        ("code", { $0.wrongCell("code") { WrongValues.codes($0) } }),
        ("pattern", { $0.wrongCell("pattern") { WrongValues.forms($0) } }),
        ("required", { $0.requiredEmpty() }),
        ("word-for-nothing", { $0.wordForNothing() }),
        ("artefact", { $0.artefact() }),
        ("lost-digits", { $0.lostDigits() }),
        ("no-seconds", { $0.noSeconds() }),
        ("placeholder-date", { $0.placeholderDate() }),
        ("future-date", { $0.futureDate() }),
        ("rule", { $0.brokenRule("rule") { _ in true } }),
        ("future", { $0.brokenRule("future") { $0.readsToday } }),
        ("near-miss", { $0.nearMiss() }),
        ("institution", { $0.institution() }),
        ("institution-name", { $0.institutionName() }),
        ("key", { $0.duplicateKey() }),
        ("link", { $0.missingParent() }),
        ("parent-value", { $0.otherThanParent() }),
        ("parent-code", { $0.wrongParent() }),
        ("zero-byte", { $0.badText("zero-byte", "\0", .sourceError) }),
        ("charset", { $0.badText("charset", String(TableForm.brokenMark), .encodingError) }),
        ("quote-behind", { $0.badQuote(closes: true) }),
        ("quote-open", { $0.badQuote(closes: false) }),
        ("quote-amid", { $0.quoteAmid() }),
        ("stray-newline", { $0.strayNewline() }),
        ("missing-cell", { $0.missingCell() }),
        ("shifted-column", { $0.shiftedColumn() }),
        ("blank-line", { $0.blankLine() }),
        ("missing-column", { $0.missingColumn() }),
        ("unknown-column", { $0.unknownColumn() }),
        ("duplicate-column", { $0.duplicateColumn() }),
        ("separator", { $0.wrongSeparator() }),
        ("no-header", { $0.noHeader() }),
        ("line-amid", { $0.lineAmid() }),
        ("footer", { $0.footer() }),
        ("head-line", { $0.headLine() }),
        ("end-mark", { $0.endMark() }),
        ("blank-columns", { $0.blankColumns() }),
        ("left-out-commas", { $0.leftOutCommas() }),
        ("lost-text", { $0.lostText() }),
        ("lost-line-ends", { $0.lostLineEnds() }),
        ("rows-in-quotes", { $0.rowsInQuotes() }),
        ("no-rows", { $0.noRows() }),
        ("empty-file", { $0.emptyFile() }),
        ("unknown-file", { $0.unknownFile() }),
        ("file-twice", { $0.fileTwice() }),
        ("zip-folder", { $0.zipFolder() }),
    ]

    /// What becomes of a row that children belong to.
    enum Fate {
        /// It is known and rejected: its children are held for it.
        case rejected
        /// Its key cannot be read or is another: its children have no parent.
        case absent
    }

    // MARK: What the kinds share

    mutating func anyTable() -> Int { random.below(package.tables.count) }
    mutating func anyRow(of table: Int) -> Int { random.below(package.tables[table].rows.count) }

    func expect(
        _ table: Int, row: Int?, field: Int? = nil, _ code: FindingCode, _ severity: Severity = .error,
        rule: String? = nil
    ) -> ExpectedFinding {
        let target = package.tables[table]
        return ExpectedFinding(
            file: target.fileName, row: row.map(target.number(ofRow:)),
            field: field.map { target.fileType.fields[$0].name },
            code: code, severity: severity, rule: rule)
    }

    /// The findings of the children of some rows.
    func children(of rows: [Int], in table: Int, _ fate: Fate) -> [ExpectedFinding] {
        package.tables.indices.filter { package.tables[$0].parentTable == table }.flatMap { child in
            package.tables[child].rows.indices.filter { rows.contains(package.tables[child].parents[$0]) }.map {
                orphan(child, $0, fate)
            }
        }
    }

    /// What a row is told whose parent is rejected or absent.
    func orphan(_ table: Int, _ row: Int, _ fate: Fate) -> ExpectedFinding {
        let link = package.tables[table].fileType.foreignKeys.first?.links.first
        let field = link.flatMap(package.tables[table].fileType.fieldShown(for:))
        return expect(table, row: row, field: field, .foreignKey, fate == .rejected || hasStore ? .error : .warning)
    }

    /// Fields by which children find a table's rows, or that its own rows find parents by.
    func keyFields(_ table: Int) -> Set<String> {
        PackageGenerator.Plan(package.tables[table].fileType, in: program).linked
    }

    /// Fields by which a table's rows are known to others.
    func parentFields(_ table: Int) -> Set<String> {
        let id = package.tables[table].fileType.id
        return Set(
            program.fileTypes.flatMap(\.foreignKeys).flatMap(\.links).filter { $0.fileType == id }.flatMap(
                \.parentFields))
    }

    /// Fields whose value no rule's outcome depends on.
    func fieldsWithoutRules(_ table: Int) -> [Int] {
        let fileType = package.tables[table].fileType
        let read = fileType.rules.reduce(into: Set<String>()) { $0.formUnion(fileType.fieldsRead(by: $1)) }
        let compared = PackageGenerator.Plan(fileType, in: program).compared
        return fileType.fields.indices.filter {
            !read.contains(fileType.fields[$0].name) && !compared.contains(fileType.fields[$0].name)
        }
    }
}
