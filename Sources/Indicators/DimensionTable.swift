public import SurveillanceKit

/// A program's dimensions as one number a record: its *cell*.
///
/// The groups of every dimension, `unknown` as the last of each, are counted together like the digits of a number.
public struct DimensionTable: Sendable {
    public let dimensions: [IndicatorDimension]
    /// How many groups each has, `unknown` among them.
    public let sizes: [Int]
    /// What a group of each dimension counts.
    public let steps: [Int]
    public let count: Int

    /// So many combinations are possible at most: a cell is kept as two bytes, with the institution's level beside it.
    public static let maximumCount = 8_192

    public init(_ dimensions: [IndicatorDimension]) {
        self.dimensions = dimensions
        sizes = dimensions.map { $0.groups.count + 1 }
        var steps: [Int] = []
        var count = 1
        for size in sizes {
            steps.append(count)
            count *= size
        }
        self.steps = steps
        self.count = count
    }

    public func place(of id: String) -> Int? { dimensions.firstIndex { $0.id == id } }

    /// The group of a cell in a dimension.
    public func group(of cell: Int, in dimension: Int) -> Int { cell / steps[dimension] % sizes[dimension] }

    /// A group's id; the last is `IndicatorDimension.unknown`.
    public func id(of group: Int, in dimension: Int) -> String {
        let groups = dimensions[dimension].groups
        return group < groups.count ? groups[group].id : IndicatorDimension.unknown
    }

    /// The group that a field's value belongs to.
    func group(_ text: UnsafeBufferPointer<UInt8>, in dimension: Int) -> Int {
        let groups = dimensions[dimension].groups
        for (place, group) in groups.enumerated()
        where group.codes.contains(where: { text.elementsEqual($0.utf8) }) { return place }
        return groups.count
    }

    func group(_ number: Int64, in dimension: Int) -> Int {
        let groups = dimensions[dimension].groups
        for (place, group) in groups.enumerated() where group.codes.isEmpty {
            if let from = group.from, number < from { continue }
            if let through = group.through, number > through { continue }
            return place
        }
        return groups.count
    }
}
