public import SurveillanceKit

/// What an expression may name: the fields of a file type and the named checks.
public struct ExpressionEnvironment: Sendable {
    public let fields: [(name: String, type: FieldType)]
    public let checks: [NamedCheck]
    private let fieldIndices: [String: Int]
    private let checkIndices: [String: Int]

    public init(fields: [(name: String, type: FieldType)], checks: [NamedCheck] = []) {
        self.fields = fields
        self.checks = checks
        fieldIndices = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        checkIndices = Dictionary(
            checks.enumerated().map { ($1.functionName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The field's place in `fields`, and so of its cell in every row.
    public func fieldIndex(_ name: String) -> Int? { fieldIndices[name] }

    /// The check's place, by the name expressions call it by.
    func checkIndex(_ functionName: String) -> Int? { checkIndices[functionName] }

    /// The functions that every expression may call, whatever the environment.
    public static let standardFunctions = Function.allCases.map(\.rawValue) + ["filled", "given", "has"]

    /// Every name that may be called.
    var functionNames: [String] { ExpressionEnvironment.standardFunctions + checks.map(\.functionName) }
}
