import SurveillanceKit

extension BlockMerger {
    /// Looks for the row's parents in the store, and tries the rules on what is stored of them; answers whether there is one.
    ///
    /// One parent is enough: where one has been found, another is asked for only if rules speak of it.
    ///
    /// - Parameter values: where the row's values begin.
    func findStored(
        _ links: [Link], values: Int, _ row: CheckedBlock.Row, _ block: CheckedBlock,
        _ findParent: (ParentKey) throws -> StoredParent?, _ extras: inout [RawFinding]
    ) throws -> Bool {
        // Without the row's cells, in a check that does not want them, nothing can be asked.
        guard let batch = block.batch, row.place >= 0 else { return true }
        let cells = batch.cells[batch.rows[Int(row.place)].cells]
        func value(_ field: Int) -> ParentKey.Value? {
            guard let cell = cells.first(where: { Int($0.field) == field }) else { return nil }
            let isText = type.fields[field].field.type == .string
            return isText ? .text(String(decoding: batch.text(of: cell), as: UTF8.self)) : .bits(cell.bits)
        }
        var isFound = false
        for link in links {
            let key = link.link.fields.compactMap(value)
            guard key.count == link.link.fields.count else { continue }
            var asked: [PreparedParentRule] = []
            var questions: [ParentKey.Question] = []
            for (rule, prepared) in zip(link.link.rules, link.rules) {
                var own: [ParentKey.Value] = []
                if let field = rule.field {
                    // A value of its own that cannot be compared decides nothing.
                    guard block.values[values + prepared.ownValue] != ValueHash.unknown, let value = value(field) else {
                        continue
                    }
                    own = [value]
                }
                questions.append(rule.question(own: own))
                asked.append(prepared)
            }
            if isFound && questions.isEmpty { continue }
            let parent = try findParent(
                ParentKey(
                    program: type.program.id, fileType: link.link.parent, fields: link.link.parentFields, values: key,
                    questions: questions))
            guard let parent else { continue }
            isFound = true
            for (rule, answer) in zip(asked, parent.answers) {
                if let answer, rule.isBroken(holds: answer) { extras.append(finding(rule.template)) }
            }
        }
        return isFound
    }
}
