public import SurveillanceKit

/// Why a declared indicator cannot be kept, and where in its declaration.
public struct IndicatorMistake: Hashable, Sendable {
    /// The place of the indicator among the program's.
    public var indicator: Int
    /// The place among its earlier definitions; nil for the one in force.
    public var earlier: Int?
    /// The keys that lead to what is wrong, as they stand in `program.json`: `numerator`, `having`, `0`, `when`.
    public var path: [String]
    public var message: BilingualText

    public init(indicator: Int, earlier: Int?, path: [String], message: BilingualText) {
        self.indicator = indicator
        self.earlier = earlier
        self.path = path
        self.message = message
    }
}
