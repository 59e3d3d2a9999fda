/// The tree of regions as the search for exchanges walks it.
struct RegionShape {
    let parents: [Int]
    let isOwn: [Bool]
    let children: [[Int]]
    /// The places of leaves, in order.
    let leaves: [Int]
    /// By leaf: the nodes from it up to the root.
    let paths: [[Int]]
    /// By node: the leaves below it that are not the audience's own, as numbers of leaves.
    let foreign: [[Int]]

    init(_ regions: PublicationRegions) {
        parents = regions.nodes.map { $0.parent ?? -1 }
        isOwn = regions.nodes.map(\.isOwn)
        leaves = regions.leaves
        var children = [[Int]](repeating: [], count: parents.count)
        for (node, parent) in parents.enumerated() where parent >= 0 { children[parent].append(node) }
        self.children = children
        paths = leaves.map { [parents] leaf in
            var path = [leaf]
            while let last = path.last, parents[last] >= 0 { path.append(parents[last]) }
            return path
        }
        var foreign = [[Int]](repeating: [], count: parents.count)
        for (number, leaf) in leaves.enumerated() where !isOwn[leaf] {
            for node in paths[number] { foreign[node].append(number) }
        }
        self.foreign = foreign
    }

    /// Adds up what stands at the leaves for every node, without the audience's own.
    ///
    /// - Parameter width: how many numbers stand at each leaf, one after the other; the same at each node of the answer.
    func sums(_ leafValues: [Int64], width: Int) -> [Int64] {
        var sums = [Int64](repeating: 0, count: parents.count * width)
        for (number, leaf) in leaves.enumerated() where !isOwn[leaf] {
            for node in paths[number] {
                for place in 0..<width { sums[node * width + place] += leafValues[number * width + place] }
            }
        }
        return sums
    }

    /// The nodes that hold one leaf and not the other. What holds both stays as it is when one gains what the other loses.
    func apart(_ leaf: Int, _ other: Int?) -> (own: ArraySlice<Int>, others: ArraySlice<Int>) {
        let path = paths[leaf]
        guard let other else { return (path[...], []) }
        let otherPath = paths[other]
        var common = 0
        while common < min(path.count, otherPath.count),
            path[path.count - 1 - common] == otherPath[otherPath.count - 1 - common]
        {
            common += 1
        }
        return (path.dropLast(common), otherPath.dropLast(common))
    }
}
