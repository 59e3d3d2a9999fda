/// What may come of a node, as a set of bits: of a truth `1 << Outcome`, of a value `1 << Bits.State`.
private typealias Possible = UInt8

extension Possible {
    fileprivate static let isFalse: Possible = 1 << Outcome.false.rawValue
    fileprivate static let isTrue: Possible = 1 << Outcome.true.rawValue
    fileprivate static let isUndecided: Possible = 1 << Outcome.undecided.rawValue
    fileprivate static let anyTruth: Possible = 0b111

    fileprivate static let isValue: Possible = 1 << Bits.State.value.rawValue
    fileprivate static let isNull: Possible = 1 << Bits.State.null.rawValue
    fileprivate static let isError: Possible = 1 << Bits.State.error.rawValue
    fileprivate static let anyValue: Possible = 0b111

    fileprivate func has(_ other: Possible) -> Bool { self & other != 0 }
}

/// What is known of a cell before it is looked at.
enum Blankness {
    case blank
    case notBlank
    case unknown
}

/// What follows for an expression from some of its fields being blank, whatever the others hold.
///
/// Most columns of most reports are empty, so most rules need not be run: this is where the engine learns which.
struct BlankReasoning {
    let program: RowProgram
    /// By the field's place in the environment; a field that is not in it is unknown.
    var cells: [Int32: Blankness]

    /// Whether the expression may be false.
    func canFail() -> Bool { truth(program.root).has(.isFalse) }

    private func cell(_ field: Int32) -> Blankness { cells[field] ?? .unknown }

    private func truth(_ index: Int32) -> Possible {
        let node = program.tables.pointee.nodes[Int(index)]
        switch node.operation {
        case .always: return .isTrue
        case .never: return .isFalse
        case .and, .andWhere: return junction(node, decidedBy: .isFalse, otherwise: .isTrue)
        case .or: return junction(node, decidedBy: .isTrue, otherwise: .isFalse)
        case .exactlyOne: return .anyTruth
        case .not: return inverted(truth(node.a))
        case .truthIf:
            let test = truth(node.a)
            return (test.has(.isTrue) ? truth(node.b) : 0) | (test.has(.isFalse) ? truth(node.c) : 0)
                | (test & .isUndecided)
        case .truthField: return cell(node.a) == .blank ? .isUndecided : .anyTruth
        case .cellIsNull, .cellIsNotNull:
            let possible = field(node, state: .blank)
            return node.operation == .cellIsNull ? possible : inverted(possible)
        case .cellState: return field(node, state: .blank)
        case .bitsIsNull: return isNull(value(node.a))
        case .textIsNull: return isNull(value(node.a))
        case .fieldIsText: return cell(node.a) == .blank ? .isFalse : .anyTruth
        case .fieldIsNotText: return cell(node.a) == .blank ? .isTrue : .anyTruth
        case .compareText, .compareInt, .compareDouble, .compareIntDouble: return compare(node)
        case .notInWords: return inverted(membership(node))
        case .inWords, .inInts, .inDoubles: return membership(node)
        case .startsWith, .endsWith, .contains: return test(value(node.a), value(node.b))
        case .matches, .matchesSlowly, .check: return test(value(node.a), .isValue)
        default: return .anyTruth
        }
    }

    private func membership(_ node: Node) -> Possible {
        let possible = value(node.a)
        return (possible.has(.isValue) ? .isTrue | .isFalse : 0) | (possible.has(.isError) ? .isUndecided : 0)
            | (possible.has(.isNull) ? (node.states != 0 ? .isTrue : .isFalse) : 0)
    }

    /// A test of a cell's state: known of a blank cell, and of another where no other state answers otherwise.
    private func field(_ node: Node, state: Cell.State) -> Possible {
        let whenBlank: Possible = node.states >> state.rawValue & 1 != 0 ? .isTrue : .isFalse
        switch cell(node.a) {
        case .blank: return whenBlank
        case .unknown: return .anyTruth
        case .notBlank:
            // Without the blank one and the invalid one, which is undecided, are both states alike?
            let others = node.states & 0b0110
            let certain: Possible = others == 0 ? .isFalse : others == 0b0110 ? .isTrue : .isTrue | .isFalse
            return certain | .isUndecided
        }
    }

    /// The outcomes of `&&` or `||`: decided by any part that may decide, undecided by any that may be.
    private func junction(_ node: Node, decidedBy decisive: Possible, otherwise: Possible) -> Possible {
        var mayBeDecided = false
        var mustBeDecided = false
        var mayBeUndecided = false
        var mayPass = true
        for part in 0..<Int(node.b) {
            let possible = truth(program.tables.pointee.parts[Int(node.a) + part])
            mayBeDecided = mayBeDecided || possible.has(decisive)
            mustBeDecided = mustBeDecided || possible == decisive
            mayBeUndecided = mayBeUndecided || possible.has(.isUndecided)
            mayPass = mayPass && possible.has(otherwise)
        }
        if mustBeDecided { return decisive }
        return (mayBeDecided ? decisive : 0) | (mayBeUndecided ? .isUndecided : 0) | (mayPass ? otherwise : 0)
    }

    private func inverted(_ possible: Possible) -> Possible {
        (possible.has(.isTrue) ? .isFalse : 0) | (possible.has(.isFalse) ? .isTrue : 0) | (possible & .isUndecided)
    }

    private func isNull(_ possible: Possible) -> Possible {
        (possible.has(.isNull) ? .isTrue : 0) | (possible.has(.isValue) ? .isFalse : 0)
            | (possible.has(.isError) ? .isUndecided : 0)
    }

    /// A test that takes values alone.
    private func test(_ a: Possible, _ b: Possible) -> Possible {
        let mayHold: Possible = a.has(.isValue) && b.has(.isValue) ? .isTrue | .isFalse | .isUndecided : 0
        return mayHold | ((a | b).has(.isNull | .isError) ? .isUndecided : 0)
    }

    private func compare(_ node: Node) -> Possible {
        let a = value(node.a)
        let b = value(node.b)
        guard node.comparison == .equal || node.comparison == .notEqual else { return test(a, b) }
        var equal: Possible = 0
        if a.has(.isValue), b.has(.isValue) { equal |= .isTrue | .isFalse }
        if a.has(.isNull), b.has(.isNull) { equal |= .isTrue }
        if (a.has(.isNull) && b.has(.isValue)) || (a.has(.isValue) && b.has(.isNull)) { equal |= .isFalse }
        if (a | b).has(.isError) { equal |= .isUndecided }
        return node.comparison == .equal ? equal : inverted(equal)
    }

    private func value(_ index: Int32) -> Possible {
        let node = program.tables.pointee.nodes[Int(index)]
        switch node.operation {
        case .bitsConstant, .textConstant: return .isValue
        case .bitsNull, .textNull: return .isNull
        case .bitsField:
            // A placeholder is no value of these types.
            return cell(node.a) == .blank ? .isNull : .anyValue
        case .bitsFieldOr: return cell(node.a) == .blank ? .isValue : .isValue | .isError
        case .textField:
            switch cell(node.a) {
            case .blank: return .isNull
            case .notBlank: return .isValue | .isError
            case .unknown: return .anyValue
            }
        case .bitsIf, .textIf:
            let test = truth(node.a)
            return (test.has(.isTrue) ? value(node.b) : 0) | (test.has(.isFalse) ? value(node.c) : 0)
                | (test.has(.isUndecided) ? .isError : 0)
        case .bitsOfTruth:
            let possible = truth(node.a)
            return (possible.has(.isTrue | .isFalse) ? .isValue : 0) | (possible.has(.isUndecided) ? .isError : 0)
        case .bitsOfTerm: return .anyValue
        case .negateInt, .negateDouble, .intToDouble, .doubleToInt, .textSize, .date, .momentPart, .durationPart:
            return strict(value(node.a), .isValue)
        case .sumInt, .sumDouble:
            return (0..<Int(node.b)).reduce(.isValue) { possible, part in
                strict(possible, value(program.tables.pointee.parts[Int(node.a) + part]))
            }
        default: return strict(value(node.a), value(node.b))
        }
    }

    /// Functions and arithmetic: a value from values, which may fail; an error from anything else.
    private func strict(_ a: Possible, _ b: Possible) -> Possible {
        a.has(.isValue) && b.has(.isValue) ? .isValue | .isError : .isError
    }
}
