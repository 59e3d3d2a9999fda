import Seeding
import SurveillanceKit

extension Mutator {
    /// One row carries another institution's code.
    mutating func institution() -> Mutant? {
        guard let (table, row, field) = changedInstitution(\.institutionField) else { return nil }
        let expected =
            [expect(table, row: row, field: field, .constraintError)] + children(of: [row], in: table, .rejected)
        return Mutant(kind: "institution", package: package, expected: expected)
    }

    /// One row calls the institution otherwise than the others do.
    mutating func institutionName() -> Mutant? {
        guard let (table, row, field) = changedInstitution(\.institutionNameField) else { return nil }
        let expected = expect(table, row: row, field: field, .constraintError, .warning)
        return Mutant(kind: "institution-name", package: package, expected: [expected])
    }

    /// Changes a cell about the institution, in a table with rows enough to tell which one is odd.
    private mutating func changedInstitution(
        _ name: KeyPath<FileType, String?>
    ) -> (table: Int, row: Int, field: Int)? {
        let tables = package.tables.indices.filter {
            package.tables[$0].fileType[keyPath: name] != nil && package.tables[$0].rows.count > 2
        }
        guard !tables.isEmpty else { return nil }
        let table = random.pick(tables)
        let fileType = package.tables[table].fileType
        guard let field = fileType[keyPath: name].flatMap(fileType.fieldIndex) else { return nil }
        let row = anyRow(of: table)
        var text = package.tables[table].rows[row][field] + "0"
        if text.count > fileType.fields[field].constraints.maximumLength ?? 99 { text.removeLast(2) }
        package.tables[table].rows[row][field] = text
        return (table, row, field)
    }

    /// One row has the key of an earlier one; written otherwise where it holds a moment.
    mutating func duplicateKey() -> Mutant? {
        let tables = package.tables.indices.filter { package.tables[$0].rows.count > 1 }
        guard !tables.isEmpty else { return nil }
        let table = random.pick(tables)
        let fileType = package.tables[table].fileType
        let row = 1 + random.below(package.tables[table].rows.count - 1)
        let first = random.below(row)
        let key = fileType.primaryKey.compactMap(fileType.fieldIndex)
        for field in key {
            let value = package.tables[table].rows[first][field]
            package.tables[table].rows[row][field] = random.oneIn(2) ? GeneratedTable.slashed(value) : value
        }
        let links = fileType.foreignKeys.flatMap(\.links).flatMap(\.fields)
        if fileType.primaryKey.contains(where: links.contains) {
            // The link is part of the key, and the whole link must be the other row's.
            let compared = fileType.parentRules.filter { $0.test == .same }.map(\.field)
            for field in (links + compared).compactMap(fileType.fieldIndex) {
                package.tables[table].rows[row][field] = package.tables[table].rows[first][field]
            }
            package.tables[table].parents[row] = package.tables[table].parents[first]
        }
        let expected =
            [expect(table, row: row, field: key.first, .primaryKey)] + children(of: [row], in: table, .absent)
        return Mutant(kind: "key", package: package, expected: expected)
    }

    /// One row belongs to nothing.
    mutating func missingParent() -> Mutant? {
        let tables = package.tables.indices.filter { package.tables[$0].parentTable != nil }
        guard !tables.isEmpty else { return nil }
        let table = random.pick(tables)
        let fileType = package.tables[table].fileType
        guard
            let field = fileType.foreignKeys.first?.links.first?.fields.compactMap(fileType.fieldIndex).first(where: {
                fileType.fields[$0].type == .string && fileType.fields[$0].codeList == nil
            })
        else { return nil }
        let row = anyRow(of: table)
        package.tables[table].rows[row][field] = "nobody"
        return Mutant(kind: "link", package: package, expected: [orphan(table, row, .absent)])
    }

    /// One row holds something else than its parent.
    mutating func otherThanParent() -> Mutant? {
        func rules(_ table: Int) -> [(rule: ParentRule, field: Int)] {
            let fileType = package.tables[table].fileType
            guard package.tables[table].parentTable != nil else { return [] }
            return (fileType.foreignKeys.first?.links.first?.rules ?? []).compactMap { rule in
                guard rule.test == .same, let field = fileType.fieldIndex(rule.field),
                    fileType.fields[field].type == .string, fileType.fields[field].codeList == nil
                else { return nil }
                return (rule, field)
            }
        }
        guard let table = package.tables.indices.filter({ !rules($0).isEmpty }).randomElement(using: &random) else {
            return nil
        }
        let (rule, field) = random.pick(rules(table))
        let row = anyRow(of: table)
        let value = package.tables[table].rows[row][field]
        guard package.tables[table].value(rule.field, ofRow: row) != nil else { return nil }
        package.tables[table].rows[row][field] = (value.hasPrefix("某") ? "别" : "某") + value.dropFirst()
        return parentRuleMutant("parent-value", table, row, rule)
    }

    /// One row belongs to a parent that cannot be its.
    mutating func wrongParent() -> Mutant? {
        var choices: [(table: Int, rule: ParentRule, parent: Int)] = []
        for (index, table) in package.tables.enumerated() {
            guard let parentTable = table.parentTable.map({ package.tables[$0] }) else { continue }
            for rule in table.fileType.foreignKeys.first?.links.first?.rules ?? [] where rule.test != .same {
                for row in parentTable.rows.indices
                where rule.isBroken(by: nil, parentTable.value(rule.parentField, ofRow: row)) {
                    choices.append((index, rule, row))
                }
            }
        }
        guard let (table, rule, parent) = choices.randomElement(using: &random),
            let link = package.tables[table].fileType.foreignKeys.first?.links.first,
            let parentTable = package.tables[table].parentTable.map({ package.tables[$0] })
        else { return nil }
        let row = anyRow(of: table)
        let same = link.rules.filter { $0.test == .same }
        for (own, other) in zip(link.fields + same.map(\.field), link.parentFields + same.map(\.parentField)) {
            guard let own = package.tables[table].fileType.fieldIndex(own),
                let other = parentTable.fileType.fieldIndex(other)
            else { return nil }
            package.tables[table].rows[row][own] = parentTable.rows[parent][other]
        }
        package.tables[table].parents[row] = parent
        return parentRuleMutant("parent-code", table, row, rule)
    }

    private func parentRuleMutant(_ kind: String, _ table: Int, _ row: Int, _ rule: ParentRule) -> Mutant {
        let field = package.tables[table].fileType.fieldIndex(rule.field)
        var expected = [expect(table, row: row, field: field, .ruleError, rule.severity, rule: rule.id)]
        if rule.severity == .error { expected += children(of: [row], in: table, .rejected) }
        return Mutant(kind: kind, package: package, expected: expected)
    }

    /// What a row is told of its parent, which stands, by the values as they are now.
    func brokenParentRules(_ table: Int, _ row: Int) -> [ExpectedFinding] {
        let target = package.tables[table]
        guard let parentTable = target.parentTable.map({ package.tables[$0] }) else { return [] }
        return (target.fileType.foreignKeys.first?.links.first?.rules ?? []).filter { rule in
            rule.isBroken(
                by: target.value(rule.field, ofRow: row),
                parentTable.value(rule.parentField, ofRow: target.parents[row]))
        }.map {
            expect(table, row: row, field: target.fileType.fieldIndex($0.field), .ruleError, $0.severity, rule: $0.id)
        }
    }
}

extension Rule {
    /// Whether it asks which day it is.
    var readsToday: Bool {
        switch test {
        case .expression(let expression): expression.contains("today()")
        case .check(_, let when): when?.contains("today()") ?? false
        }
    }
}
