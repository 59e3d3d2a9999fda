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

    /// One row becomes a rule's hit.
    mutating func brokenRule() -> Mutant? {
        guard let (table, row, entry) = becomeCase(\.hit) else { return nil }
        let fileType = package.tables[table].fileType
        guard let rule = fileType.rules.first(where: { $0.id == entry.rule }) else { return nil }
        let field = fileType.fieldIndex(rule.field)
        var expected = [expect(table, row: row, field: field, rule.code, rule.severity, rule: rule.id)]
        expected += consequences(table, row, changed: Set(entry.hit.keys), isRejected: rule.severity == .error)
        let beside = expect(table, row: row, field: field, .constraintError, .warning)
        return Mutant(kind: "rule", package: package, expected: expected, tolerated: [beside])
    }

    /// One row becomes a rule's near miss, and nothing is found.
    mutating func nearMiss() -> Mutant? {
        guard let (table, row, entry) = becomeCase(\.miss) else { return nil }
        let expected = consequences(table, row, changed: Set(entry.miss.keys), isRejected: false)
        return Mutant(kind: "near-miss", package: package, expected: expected)
    }

    private mutating func becomeCase(
        _ cells: KeyPath<RuleCases.Case, [String: String]>
    ) -> (table: Int, row: Int, entry: RuleCases.Case)? {
        let table = anyTable()
        let fileType = package.tables[table].fileType
        guard let cases = cases[fileType.id], !cases.cases.isEmpty else { return nil }
        let entry = random.pick(cases.cases)
        guard fileType.institutionField.map({ entry[keyPath: cells][$0] == nil }) ?? true else { return nil }
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
        let links = package.tables[table].fileType.foreignKeys.flatMap(\.links).flatMap(\.fields)
        if !changed.isDisjoint(with: links) { expected.append(orphan(table, row, .absent)) }
        if !changed.isDisjoint(with: parentFields(table)) {
            expected += children(of: [row], in: table, .absent)
        } else if isRejected {
            expected += children(of: [row], in: table, .rejected)
        }
        return expected
    }

    /// One row carries another institution's code.
    mutating func institution() -> Mutant? {
        let tables = package.tables.indices.filter {
            package.tables[$0].fileType.institutionField != nil && package.tables[$0].rows.count > 2
        }
        guard !tables.isEmpty else { return nil }
        let table = random.pick(tables)
        guard
            let field = package.tables[table].fileType.institutionField.flatMap(
                package.tables[table].fileType.fieldIndex)
        else { return nil }
        let row = anyRow(of: table)
        package.tables[table].rows[row][field] += "0"
        guard
            package.tables[table].rows[row][field].count <= package.tables[table].fileType.fields[field].constraints
                .maximumLength ?? 99
        else {
            package.tables[table].rows[row][field].removeLast(2)
            return institutionFound(table, row, field)
        }
        return institutionFound(table, row, field)
    }

    private func institutionFound(_ table: Int, _ row: Int, _ field: Int) -> Mutant {
        let expected =
            [expect(table, row: row, field: field, .constraintError)] + children(of: [row], in: table, .rejected)
        return Mutant(kind: "institution", package: package, expected: expected)
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
            for field in links.compactMap(fileType.fieldIndex) {
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
}
