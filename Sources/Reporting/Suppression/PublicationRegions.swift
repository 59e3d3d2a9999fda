public import SurveillanceKit

/// The regions that an audience is told of, as a tree: each node is the sum of its children.
///
/// A node of the audience's own is known to it to the last record, so the counts that are protected are those without it.
public struct PublicationRegions: Hashable, Sendable, Codable {
    public private(set) var nodes: [Node]

    public struct Node: Hashable, Sendable, Codable {
        /// `nation`, a GB/T 2260 code, an institution's code; what is left of a region is its id and `PublicationRegions.rest`.
        public var id: String
        /// The place of the node that holds it, which stands before it; nil for the first node alone.
        public var parent: Int?
        /// The audience sees every record of it.
        public var isOwn: Bool
    }

    public static let nation = "nation"

    /// Ends the id of what is left of a region beside those that are named. Nobody asks for it, but subtraction gives it.
    public static let rest = "~"

    /// A tree of one node.
    public init(root: String = PublicationRegions.nation, isOwn: Bool = false) {
        nodes = [Node(id: root, parent: nil, isOwn: isOwn)]
    }

    /// Adds a node and returns its place.
    ///
    /// - Precondition: `parent` is the place of a node.
    @discardableResult
    public mutating func add(_ id: String, in parent: Int, isOwn: Bool = false) -> Int {
        precondition(nodes.indices.contains(parent), "a region is added to a node of the tree")
        nodes.append(Node(id: id, parent: parent, isOwn: isOwn || nodes[parent].isOwn))
        return nodes.count - 1
    }

    /// The regions outside of a scope that its readers are told of: the provinces, and around their own region what lies beside it on each level.
    ///
    /// A reader in Changsha is told of the provinces, of the prefectures of Hunan and of the counties of Changsha. An institution's reader is
    /// told of the counties of its prefecture besides, and of what the other institutions of its county have together.
    ///
    /// - Parameter institutions: every institution's code with its region's, six digits.
    public init(for scope: Scope, institutions: [(code: String, region: String)]) {
        let own: String
        var ownCode: String?
        switch scope {
        case .nation:
            self.init(isOwn: true)
            return
        case .nothing: own = ""
        case .region(let region): own = region.prefix
        case .institution(let code):
            own = institutions.first { $0.code == code }?.region ?? ""
            ownCode = code
        }
        self.init()
        let regions = Set(institutions.map(\.region))
        func addLevel(_ digits: Int, in parent: Int, prefix: String) {
            for code in Set(regions.filter { $0.hasPrefix(prefix) }.map { String($0.prefix(digits)) }).sorted() {
                let place = add(code, in: parent, isOwn: ownCode == nil && code == own)
                guard own.hasPrefix(code), !nodes[place].isOwn else { continue }
                if digits < 6 {
                    addLevel(digits + 2, in: place, prefix: code)
                } else if let ownCode {
                    add(ownCode, in: place, isOwn: true)
                    add(code + Self.rest, in: place)
                }
            }
        }
        addLevel(2, in: 0, prefix: "")
    }

    /// The places of nodes without children, in order: counts are given for these.
    public var leaves: [Int] {
        let inner = Set(nodes.compactMap(\.parent))
        return nodes.indices.filter { !inner.contains($0) }
    }

    /// The place of the first leaf that holds an institution, by the longest id that its codes begin with; nil where none does.
    public func leaf(ofInstitution code: String, region: String) -> Int? {
        let leaves = leaves
        if let own = leaves.first(where: { nodes[$0].id == code }) { return own }
        return leaves.first { leaf in
            let id = nodes[leaf].id
            return region.hasPrefix(id.hasSuffix(Self.rest) ? String(id.dropLast(Self.rest.count)) : id)
        }
    }

    public func place(of id: String) -> Int? { nodes.firstIndex { $0.id == id } }
}
