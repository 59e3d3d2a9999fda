import SurveillanceKit

extension BlockMerger {
    /// One parent is enough, in the package or in the store. A rejected parent is the one cause its children are held for.
    ///
    /// - Parameters:
    ///   - hashes: where the row's hashes begin.
    ///   - values: where its values begin.
    func lookForParents(
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
                switch membership(of: hash, link) {
                case .standing:
                    isFound = true
                    compare(hash, link, values: values, block, &extras)
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

    private func membership(of hash: KeyHash, _ link: Link) -> KeyIndex.Membership {
        guard link.isOwn else { return link.parents.membership(of: hash) }
        return link.ownIndex.map { own[$0].membership(of: hash) } ?? .absent
    }

    /// Tries a link's rules on a row and the parent that stands.
    private func compare(
        _ hash: KeyHash, _ link: Link, values: Int, _ block: CheckedBlock, _ extras: inout [RawFinding]
    ) {
        for rule in link.rules {
            let parent =
                link.isOwn
                ? link.ownIndex.map { own[$0].value(rule.parentValue, of: hash) } ?? ValueHash.unknown
                : link.parents.value(rule.parentValue, of: hash)
            let held = rule.ownValue >= 0 ? block.values[values + rule.ownValue] : ValueHash.unknown
            if rule.isBroken(own: held, parent: parent) { extras.append(finding(rule.template)) }
        }
    }
}
