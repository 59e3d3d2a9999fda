public import Expressions
public import SurveillanceKit

/// The indicators of one program, read and typed once: what each row of each file type gives to which figure.
///
/// One object that never changes, so that asking it for each row of a report copies nothing.
public final class CompiledIndicators: Sendable {
    public let program: Program
    /// Every definition that is kept, those of earlier versions among them; in the program's order, the one in force first.
    public let definitions: [CompiledIndicator]
    /// What is kept for them.
    public let counters: [Counter]
    /// The file types that some definition counts.
    public let bases: [BaseType]
    /// By file type: how its rows are read. Types that no definition asks for are left out.
    public let readings: [String: RowReading]
    public let dimensions: DimensionTable
    /// Definitions with mistakes are left out.
    public let mistakes: [IndicatorMistake]

    /// - Parameter checks: what expressions may call, the program's concepts among them.
    public init(_ program: Program, checks: [NamedCheck]) {
        self.program = program
        dimensions = DimensionTable(program.dimensions)
        var builder = IndicatorBuilder(program, checks: checks, dimensions: dimensions)
        for (place, indicator) in program.indicators.enumerated() {
            builder.add(indicator, at: place, earlier: nil)
            for (number, earlier) in indicator.earlier.enumerated() {
                builder.add(earlier, at: place, earlier: number)
            }
        }
        mistakes = builder.mistakes
        (definitions, counters, bases, readings) = builder.finish()
    }

    /// The definition of an indicator; the one in force where no version is asked for.
    public func definition(_ id: String, version: Int? = nil) -> CompiledIndicator? {
        definitions.first { $0.indicator.id == id && (version == nil || $0.indicator.version == version) }
    }

    public func base(_ fileType: String) -> Int? { bases.firstIndex { $0.fileType == fileType } }

    /// Every expression that the definitions ask of a file type, compiled.
    public func expressions(over fileType: String) -> [CompiledExpression] {
        guard let reading = readings[fileType] else { return [] }
        return reading.conditions.expressions + reading.values.compactMap(\.expression)
    }
}

/// One definition, as figures are told by it.
public struct CompiledIndicator: Sendable {
    public let indicator: Indicator
    public let kind: Indicator.Kind
    /// Whether each value is kept with how often it occurs, instead of two sums.
    public let keepsValues: Bool
    /// The place of its base among the program's bases.
    public let base: Int
    /// The counter of the numerator, or of the values.
    public let numerator: Int
    /// The counter of the denominator, or of the records behind a sum; nil for a count, and where values are kept.
    public let denominator: Int?

    init(indicator: Indicator, base: Int, numerator: Int, denominator: Int?) {
        self.indicator = indicator
        kind = indicator.kind
        keepsValues = indicator.keepsValues
        self.base = base
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The counter that counts records.
    public var records: Int { denominator ?? numerator }

    /// Tells this definition from every other of the deployment: `fever-clinic/visits/1`.
    public func name(in program: Program) -> String { "\(program.id)/\(indicator.id)/\(indicator.version)" }
}

/// A file type whose records are counted.
public struct BaseType: Sendable {
    public let fileType: String
    /// The counters over it, by their places.
    public internal(set) var counters: [Int] = []
    /// The same as rows are judged by them.
    var steps: [CounterStep] = []
    var factConditions: [CompiledCondition.Fact] = []
    /// Fields that say to which day a record belongs, each asked for by some definition.
    public internal(set) var days: [Int] = []
    /// For each dimension of the program its field; nil where the type has none.
    public let dimensionFields: [Int?]
    /// The fields by which children refer to a record; empty where no definition asks for children.
    public internal(set) var link: [Int] = []
    /// What is counted of children, kept by link.
    public internal(set) var facts: [ChildFact] = []
    public internal(set) var valueCount = 0
    public internal(set) var conditionCount = 0

    /// What each of `facts` is, in the words of the declaration.
    public internal(set) var factNames: [String] = []

    public var hasChildren: Bool { !facts.isEmpty }
}

/// A number that is kept of the children of a record: how many meet a condition, or a sum over those.
public struct ChildFact: Hashable, Sendable {
    public let fileType: String
    /// The place among the conditions of the child's reading; nil takes every child.
    let condition: Int?
    /// The place among the values of the child's reading; nil counts.
    let value: Int?
}

/// How rows of a file type are read: which fields are wanted, and what is asked of them.
public struct RowReading: Sendable {
    public let fileType: FileType
    /// Whether a field is wanted, by its place.
    public internal(set) var wanted: [Bool]
    let conditions: ExpressionList
    let values: [Value]
    /// Of a child: for each base that it refers to the fields that do.
    public internal(set) var links: [(base: Int, fields: [Int])]

    /// A number that is kept of a row: an expression's, or one that tells a field's values apart.
    struct Value: Sendable {
        var expression: CompiledExpression?
        var decimals = 0
        var digestOf: Int?
    }
}
