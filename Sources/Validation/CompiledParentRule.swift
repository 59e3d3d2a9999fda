import SurveillanceKit

/// A rule about a row's parent, with places in place of names.
struct CompiledParentRule: Sendable {
    let rule: ParentRule
    /// Its place among all rules about parents of its file type.
    let number: Int
    /// The row's field that is compared; nil where the parent's alone decides.
    let field: Int?
    /// The place of the parent's value among those that its key set is asked for.
    let parentValue: Int

    /// What the store is asked where the parent stands there.
    ///
    /// - Parameter own: the row's value, where it is compared.
    func question(own: [ParentKey.Value]) -> ParentKey.Question {
        switch rule.test {
        case .same: .init(field: rule.parentField, values: own)
        case .among(let codes), .notAmong(let codes): .init(field: rule.parentField, values: codes.map { .text($0) })
        }
    }
}

/// A rule about parents ready for rows: values are compared by their hashes.
struct PreparedParentRule {
    let template: Int
    let parentValue: Int
    /// Place of the row's own value among its values; -1 where the parent's alone decides.
    let ownValue: Int
    private let codes: [UInt32]
    private let isBrokenByCode: Bool

    init(_ rule: CompiledParentRule, template: Int, ownValue: Int, seed: KeySeed) {
        self.template = template
        parentValue = rule.parentValue
        self.ownValue = ownValue
        switch rule.rule.test {
        case .same: (codes, isBrokenByCode) = ([], false)
        case .among(let codes): (self.codes, isBrokenByCode) = (codes.map { ValueHash.of($0, seed) }, false)
        case .notAmong(let codes): (self.codes, isBrokenByCode) = (codes.map { ValueHash.of($0, seed) }, true)
        }
    }

    func isBroken(own: UInt32, parent: UInt32) -> Bool {
        guard parent != ValueHash.unknown else { return false }
        if ownValue >= 0 { return own != ValueHash.unknown && own != parent }
        return codes.contains(parent) == isBrokenByCode
    }

    /// - Parameter holds: whether the parent holds the row's value, or one of the codes.
    func isBroken(holds: Bool) -> Bool { holds == isBrokenByCode }
}
