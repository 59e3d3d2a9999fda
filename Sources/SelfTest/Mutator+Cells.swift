import Seeding
import SurveillanceKit

extension Mutator {
    /// Nothing is wrong, in whatever form the tables are written.
    mutating func untouched() -> Mutant? { Mutant(kind: "none", package: package, expected: []) }

    /// One cell gets a value its field must not have.
    mutating func wrongCell(_ kind: String, _ values: (Field) -> [WrongValues.Wrong]) -> Mutant? {
        func candidates(_ table: Int) -> [Int] {
            let fileType = package.tables[table].fileType
            return fileType.fields.indices.filter { index in
                !values(fileType.fields[index]).isEmpty && fileType.fields[index].name != fileType.institutionField
            }
        }
        guard let table = package.tables.indices.filter({ !candidates($0).isEmpty }).randomElement(using: &random)
        else {
            return nil
        }
        let fileType = package.tables[table].fileType
        let field = random.pick(candidates(table))
        let wrong = random.pick(values(fileType.fields[field]))
        // A cell that only warns takes part in rules, and a rule may find it wrong once more.
        guard wrong.severity == .error || fieldsWithoutRules(table).contains(field) else { return nil }
        let row = anyRow(of: table)
        package.tables[table].rows[row][field] = wrong.text
        var expected = [expect(table, row: row, field: field, wrong.code, wrong.severity)]
        let name = fileType.fields[field].name
        if wrong.severity == .error {
            expected += children(of: [row], in: table, parentFields(table).contains(name) ? .absent : .rejected)
        }
        return Mutant(kind: kind, package: package, expected: expected)
    }

    /// One required cell is empty; rules that look for it may say so too.
    mutating func requiredEmpty() -> Mutant? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        let candidates = fileType.fields.indices.filter { fileType.fields[$0].constraints.isRequired }
        guard !candidates.isEmpty else { return nil }
        let field = random.pick(candidates)
        let name = fileType.fields[field].name
        let severity: Severity = fileType.fields[field].warnings.contains(.required) ? .warning : .error
        let row = anyRow(of: table)
        guard !package.tables[table].rows[row][field].isEmpty else { return nil }
        package.tables[table].rows[row][field] = random.pick(["", " ", "\t"])
        let rules = fileType.rules.filter { fileType.fieldsRead(by: $0).contains(name) }
        // A rule of error severity would decide the children's fate: such fields are left to the rules' own cases.
        guard severity == .error || rules.allSatisfy({ $0.severity == .warning }) else { return nil }
        var expected = [expect(table, row: row, field: field, .constraintError, severity)]
        if severity == .error {
            expected += children(of: [row], in: table, parentFields(table).contains(name) ? .absent : .rejected)
        }
        let tolerated = rules.map {
            expect(table, row: row, field: fileType.fieldIndex($0.field), $0.code, $0.severity, rule: $0.id)
        }
        return Mutant(kind: "required", package: package, expected: expected, tolerated: Set(tolerated))
    }

    /// One row becomes the hit of a rule, of those that are wanted.
    mutating func brokenRule(_ kind: String, _ isWanted: (Rule) -> Bool) -> Mutant? {
        guard let (table, row, entry) = becomeCase(\.hit, isWanted) else { return nil }
        let fileType = package.tables[table].fileType
        guard let rule = fileType.rules.first(where: { $0.id == entry.rule }) else { return nil }
        let field = fileType.fieldIndex(rule.field)
        var expected = [expect(table, row: row, field: field, rule.code, rule.severity, rule: rule.id)]
        expected += consequences(table, row, changed: Set(entry.hit.keys), isRejected: rule.severity == .error)
        let beside = expect(table, row: row, field: field, .constraintError, .warning)
        return Mutant(kind: kind, package: package, expected: expected, tolerated: [beside])
    }

    /// One row becomes a rule's near miss, and nothing is found.
    mutating func nearMiss() -> Mutant? {
        guard let (table, row, entry) = becomeCase(\.miss, { _ in true }) else { return nil }
        let expected = consequences(table, row, changed: Set(entry.miss.keys), isRejected: false)
        return Mutant(kind: "near-miss", package: package, expected: expected)
    }

    private mutating func becomeCase(
        _ cells: KeyPath<RuleCases.Case, [String: String]>, _ isWanted: (Rule) -> Bool
    ) -> (table: Int, row: Int, entry: RuleCases.Case)? {
        let tables = package.tables.indices.filter { package.tables[$0].fileType.rules.contains(where: isWanted) }
        guard let table = tables.randomElement(using: &random) else { return nil }
        let fileType = package.tables[table].fileType
        let wanted = Set(fileType.rules.filter(isWanted).map(\.id))
        guard let cases = cases[fileType.id],
            let entry = cases.cases.filter({ wanted.contains($0.rule) }).randomElement(using: &random)
        else { return nil }
        guard fileType.institutionFields.allSatisfy({ entry[keyPath: cells][$0] == nil }) else { return nil }
        let row = anyRow(of: table)
        let held = keyFields(table)
        for (index, field) in fileType.fields.enumerated() {
            if let text = entry[keyPath: cells][field.name] {
                package.tables[table].rows[row][index] = text
            } else if !held.contains(field.name) {
                package.tables[table].rows[row][index] = cases.base[field.name] ?? ""
            }
        }
        return (table, row, entry)
    }

    /// What follows for a row's link and for its children when some of its cells have become others.
    private func consequences(_ table: Int, _ row: Int, changed: Set<String>, isRejected: Bool) -> [ExpectedFinding] {
        var expected: [ExpectedFinding] = []
        let fileType = package.tables[table].fileType
        let links = fileType.foreignKeys.flatMap(\.links).flatMap(\.fields)
        let cells = package.tables[table].rows[row]
        if changed.isDisjoint(with: links) {
            expected += brokenParentRules(table, row)
        } else if !links.compactMap(fileType.fieldIndex).contains(where: { cells[$0] == "-" }) {
            // What "-" belongs to cannot be told: that it stands in a key is the one finding.
            expected.append(orphan(table, row, .absent))
        }
        if !changed.isDisjoint(with: parentFields(table)) {
            expected += children(of: [row], in: table, .absent)
        } else if isRejected {
            expected += children(of: [row], in: table, .rejected)
        } else {
            for child in package.tables.indices where package.tables[child].parentTable == table {
                for childRow in package.tables[child].rows.indices where package.tables[child].parents[childRow] == row
                {
                    expected += brokenParentRules(child, childRow)
                }
            }
        }
        return expected
    }
}
