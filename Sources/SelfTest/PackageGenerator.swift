import Seeding
public import SurveillanceKit

/// Makes packages without a fault out of a program's schemas and the base rows of its rule cases.
///
/// A row is its type's base row with a key of its own, its parent's key where it has one, now and then the cells of a near miss, and
/// drawn values in fields that no rule reads. Equal seeds make equal packages.
public struct PackageGenerator: Sendable {
    public let program: Program
    private let cases: [String: RuleCases]
    private let plans: [String: Plan]
    private var random: SeededGenerator

    public init(_ program: Program, cases: [String: RuleCases], seed: UInt64) {
        self.program = program
        self.cases = cases
        plans = Dictionary(uniqueKeysWithValues: program.fileTypes.map { ($0.id, Plan($0, in: program)) })
        random = SeededGenerator(seed: seed)
    }

    private func plan(_ fileType: FileType) -> Plan { plans[fileType.id] ?? Plan(fileType, in: program) }

    /// A table of every file type that has a base row, parents and children included, written in any form.
    public mutating func package(rows: Int) -> GeneratedPackage {
        var tables: [GeneratedTable] = []
        for fileType in parentsFirst() {
            guard cases[fileType.id] != nil else { continue }
            var table = GeneratedTable(
                fileType, fileName: "\(fileType.id)_\(random.below(1000)).csv", form: TableForm(random: &random))
            table.columns.shuffle(using: &random)
            if let parent = fileType.foreignKeys.first?.links.first {
                table.parentTable = tables.firstIndex { $0.fileType.id == parent.fileType }
            }
            // Where the parent's key is all of the key, each row has a parent of its own.
            let isOnePerParent = plan(fileType).countedField == nil
            let parentTable = table.parentTable.map { tables[$0] }
            let parents = parentTable.map { possibleParents(of: fileType, in: $0) } ?? [0]
            // No row of the parent's could have a child here.
            guard !parents.isEmpty else { continue }
            let count = 1 + random.below(isOnePerParent ? min(rows, parents.count) : rows)
            let first = random.below(90_000)
            for index in 0..<count {
                let parent = isOnePerParent ? parents[index] : random.pick(parents)
                table.parents.append(parent)
                table.rows.append(row(of: fileType, number: first + index, parent: parentTable?.rows[parent]))
            }
            tables.append(table)
        }
        return GeneratedPackage(tables: tables)
    }

    /// The rows that a type's rules about parents admit by their codes.
    private func possibleParents(of fileType: FileType, in table: GeneratedTable) -> [Int] {
        let rules = fileType.foreignKeys.first?.links.first?.rules ?? []
        return table.rows.indices.filter { row in
            rules.allSatisfy { $0.test == .same || !$0.isBroken(by: nil, table.value($0.parentField, ofRow: row)) }
        }
    }

    /// A row for a file of any length: its number makes its key.
    public mutating func row(of fileType: FileType, number: Int, parent: [String]? = nil) -> [String] {
        let plan = plan(fileType)
        var cells = cases[fileType.id]?.base ?? [:]
        if random.oneIn(2), let near = near(fileType, plan) { cells.merge(near) { $1 } }
        var row = fileType.fields.map { cells[$0.name] ?? "" }
        for (index, field) in fileType.fields.enumerated()
        where !plan.settled.contains(field.name) && random.oneIn(3) {
            if let value = ValidValues.draw(field, &random) { row[index] = value }
        }
        if let parent, let link = fileType.foreignKeys.first?.links.first,
            let parentType = program.fileType(link.fileType)
        {
            let same = link.rules.filter { $0.test == .same }
            for (own, other) in zip(link.fields + same.map(\.field), link.parentFields + same.map(\.parentField)) {
                if let own = fileType.fieldIndex(own), let other = parentType.fieldIndex(other) {
                    row[own] = parent[other]
                }
            }
        }
        if let key = plan.countedField { row[key] = PackageGenerator.counted(row[key], number, fileType.fields[key]) }
        return row
    }

    /// Writes a table in UTF-8 a piece at a time, its columns in the schema's order.
    ///
    /// - Parameter output: takes each piece.
    public mutating func write(_ fileType: FileType, rows: Int, to output: (String) -> Void) {
        var table = GeneratedTable(fileType, fileName: fileType.id)
        output(table.text())
        table.hasHeader = false
        var next = 0
        while next < rows {
            let end = min(next + 256, rows)
            table.rows = (next..<end).map { row(of: fileType, number: $0) }
            output(table.text())
            next = end
        }
    }

    /// The cells of a near miss that leave keys, links and the institution as they are.
    private mutating func near(_ fileType: FileType, _ plan: Plan) -> [String: String]? {
        let misses = (cases[fileType.id]?.cases ?? []).map(\.miss).filter { plan.linked.isDisjoint(with: $0.keys) }
        // Some children belong to few rows alone: to those of deaths.
        if let wanted = plan.wantedByChildren.randomElement(using: &random), random.oneIn(2) {
            let fitting = misses.filter { $0[wanted.field].map(wanted.codes.contains) ?? false }
            if !fitting.isEmpty { return random.pick(fitting) }
        }
        return misses.isEmpty ? nil : random.pick(misses)
    }

    /// A key's text with the row's number at its end, as long as it was where there is room.
    static func counted(_ text: String, _ number: Int, _ field: Field) -> String {
        let digits = String(number)
        if field.type == .integer { return digits }
        let length = min(max(text.count, digits.count + 1), field.constraints.maximumLength ?? 50)
        let prefix = text.prefix(max(0, length - 8))
        return prefix + String(repeating: "0", count: max(0, length - prefix.count - digits.count)) + digits
    }

    private func parentsFirst() -> [FileType] {
        var placed: [FileType] = []
        var waiting = program.fileTypes
        while !waiting.isEmpty {
            let names = Set(waiting.map(\.id))
            let next =
                waiting.first { type in
                    type.foreignKeys.flatMap(\.links).allSatisfy {
                        $0.fileType == type.id || !names.contains($0.fileType)
                    }
                } ?? waiting[0]
            placed.append(next)
            waiting.removeAll { $0.id == next.id }
        }
        return placed
    }

    /// What of a file type's fields is settled by others: rules, keys, links.
    struct Plan {
        /// Fields that keys, links, rules about parents or the institution hold fast.
        var linked: Set<String>
        /// Fields whose value decides a rule about parents, the type's own or a child's.
        var compared: Set<String>
        /// The codes that children want of this type's rows.
        var wantedByChildren: [(field: String, codes: [String])] = []
        /// Those, and the fields that any rule reads or points at.
        var settled: Set<String>
        /// The field of the key that counts the rows: text or a whole number, and no parent's.
        var countedField: Int?

        init(_ fileType: FileType, in program: Program) {
            let own = Set(fileType.foreignKeys.flatMap(\.links).flatMap(\.fields))
            compared = Set(fileType.parentRules.filter { $0.test == .same }.map(\.field))
            linked = own.union(fileType.primaryKey).union(fileType.institutionFields).union(compared)
            for link in program.fileTypes.flatMap(\.foreignKeys).flatMap(\.links) where link.fileType == fileType.id {
                linked.formUnion(link.parentFields)
                for rule in link.rules {
                    compared.insert(rule.parentField)
                    if rule.test == .same { linked.insert(rule.parentField) }
                    if case .among(let codes) = rule.test { wantedByChildren.append((rule.parentField, codes)) }
                }
            }
            settled = fileType.rules.reduce(into: linked.union(compared)) { $0.formUnion(fileType.fieldsRead(by: $1)) }
            countedField = fileType.primaryKey.compactMap(fileType.fieldIndex).first { index in
                let field = fileType.fields[index]
                return [.string, .integer].contains(field.type) && field.codeList == nil && !own.contains(field.name)
                    && !fileType.institutionFields.contains(field.name)
            }
        }
    }
}

extension FileType {
    /// The fields a rule reads or points at, by the words of its expression.
    func fieldsRead(by rule: Rule) -> Set<String> {
        var texts: [String] = []
        switch rule.test {
        case .expression(let expression): texts = [expression]
        case .check(_, let when): texts = [when].compactMap { $0 }
        }
        var names: Set<String> = [rule.field]
        for word in texts.flatMap({ $0.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "_" } })
        where fieldIndex(String(word)) != nil { names.insert(String(word)) }
        return names
    }
}

extension ParentRule {
    /// The rule as a person would decide it, by the two values; nil for one that is not known.
    func isBroken(by own: String?, _ parent: String?) -> Bool {
        guard let parent else { return false }
        return switch test {
        case .same: own != nil && own != parent
        case .among(let codes): !codes.contains(parent)
        case .notAmong(let codes): codes.contains(parent)
        }
    }
}
