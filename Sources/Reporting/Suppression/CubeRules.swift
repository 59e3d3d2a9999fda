/// A cell of a table of a week.
struct CellReference {
    var table: String
    /// By node and group.
    var place: Int

    init(_ table: String, _ place: Int) { (self.table, self.place) = (table, place) }
}

/// What the search for exchanges in one cube asks of the others.
struct CubeRules {
    /// Along which cells add up to another.
    enum Axis { case regions, parts, groups }

    /// Whether a cell of a simpler table is shown, or may be worked out.
    let isKnown: (CellReference) -> Bool
    /// For each earlier snapshot the count of a cell, if it was shown or can be worked out.
    let earlier: [(CellReference) -> Int64?]
    /// The cell of a place of the cube.
    let cell: (_ place: Int) -> CellReference
    /// The cell of a simpler table to which parts or groups add up.
    let sum: (_ axis: Axis, _ node: Int, _ part: Int, _ group: Int) -> CellReference?
    /// Whether a cell belongs to a hidden cell of a simpler table. As a small count it needs an exchange all the same.
    let isWithheld: (_ node: Int, _ part: Int, _ group: Int) -> Bool
    /// Whether what divides a cell has no room.
    let isTight: (_ place: Int) -> Bool
    /// Whether what protects a simpler table can be done so that it changes a withheld cell, too.
    let isLifted: (_ node: Int, _ part: Int, _ group: Int) -> Bool
    /// Exchanges that a divided table needs of this one.
    var demands: [Demand] = []
    /// Whether an exchange leaves the tables that divide this one further as they are.
    let isPossible: (SuppressionCube.Exchange) -> Bool

    /// A cell that must be changed by an exchange with patients such as a cell of a divided table counts.
    struct Demand {
        var node: Int
        var part: Int
        var group: Int
        var isMet: (SuppressionCube.Exchange) -> Bool
    }

    func changedBySmall(_ cell: CellReference, _ count: Int64) -> Bool {
        earlier.contains { known in known(cell).map { SuppressionCube.isSmall(abs(count - $0)) } ?? false }
    }
}
