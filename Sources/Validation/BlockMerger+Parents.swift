import SurveillanceKit

extension BlockMerger {
    /// One parent is enough, in the package or in the store. A rejected parent is the one cause its children are held for.
    ///
    /// - Parameters:
    ///   - hashes: where the row's hashes begin.
    ///   - values: where its values begin.
    mutating func lookForParents(
        _ hashes: Int, values: Int, _ row: CheckedBlock.Row, _ block: CheckedBlock, _ extras: inout [RawFinding]
    ) throws {
        for (number, links) in links.enumerated() {
            var isAsked = false
            var isUnreadable = false
            var rejectedParent: (row: Int, link: Int)?
            var isFound = false
            for (place, link) in links.enumerated() {
                let hash = block.hashes[hashes + link.hash]
                guard hash.isKnown else {
                    isUnreadable = isUnreadable || hash == .unreadable
                    continue
                }
                isAsked = true
                switch link.membership(of: hash, own) {
                case .standing:
                    isFound = true
                    for rule in link.rules where link.breaks(rule, hash, own, values: values, block) {
                        extras.append(finding(rule.template))
                    }
                case .rejected(let row): rejectedParent = (row, place)
                case .absent: break
                }
            }
            if isFound || !isAsked { continue }
            if let rejectedParent {
                let template = type.templates.index(rejectedParentOf: number, link: rejectedParent.link)
                extras.append(finding(template, number: rejectedParent.row))
            } else if isUnreadable {
                // The parent it means cannot be told, and the cell's own finding has said so.
                continue
            } else if let findParent = context.findParent {
                let known = links.filter { block.hashes[hashes + $0.hash].isKnown }
                if try !findStored(known, values: values, row, block, findParent, &extras) {
                    extras.append(finding(type.templates.index(foreignKey: number, isOffline: false)))
                }
            } else {
                extras.append(finding(type.templates.index(foreignKey: number, isOffline: true)))
            }
        }
    }

}

extension BlockMerger.Link {
    /// - Parameter own: the key indexes of the file itself.
    fileprivate func membership(of hash: KeyHash, _ own: [KeyIndex]) -> KeyIndex.Membership {
        guard isOwn else { return parents.membership(of: hash) }
        return ownIndex.map { own[$0].membership(of: hash) } ?? .absent
    }

    /// Tries a rule of the link on a row and the parent that stands.
    fileprivate func breaks(
        _ rule: PreparedParentRule, _ hash: KeyHash, _ own: [KeyIndex], values: Int, _ block: CheckedBlock
    ) -> Bool {
        let parent =
            isOwn
            ? ownIndex.map { own[$0].value(rule.parentValue, of: hash) } ?? ValueHash.unknown
            : parents.value(rule.parentValue, of: hash)
        let held = rule.ownValue >= 0 ? block.values[values + rule.ownValue] : ValueHash.unknown
        return rule.isBroken(own: held, parent: parent)
    }
}
