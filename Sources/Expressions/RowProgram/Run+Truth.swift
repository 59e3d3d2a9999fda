import RegularExpressions
import SurveillanceKit

extension Run {
    /// What a node that is true or false comes to.
    ///
    /// Tests of one cell, of which most rules are made, are done on the spot; the rest in `composed`.
    @inline(__always)
    func truth(_ index: Int32) -> Outcome {
        let node = nodes + Int(index)
        switch node.pointee.operation {
        case .cellIsNull, .cellState:
            let state = cells[Int(node.pointee.a)].state
            return state == .invalid ? .undecided : known(node.pointee.states &>> state.rawValue & 1 != 0)
        case .cellIsNotNull:
            let state = cells[Int(node.pointee.a)].state
            return state == .invalid ? .undecided : known(node.pointee.states &>> state.rawValue & 1 == 0)
        case .andWhere:
            let state = cells[Int(node.pointee.c)].state
            let isExcluded = node.pointee.states &>> state.rawValue & 1 == 0 && state != .invalid
            return isExcluded ? .false : composed(node)
        case .fieldIsText: return fieldIsText(node)
        case .fieldIsNotText: return inverted(fieldIsText(node))
        default: return composed(node)
        }
    }

    /// `truth` where a call costs less than room for it.
    @inline(never)
    func truthOfPart(_ index: Int32) -> Outcome { truth(index) }

    @inline(never)
    private func composed(_ node: UnsafePointer<Node>) -> Outcome {
        switch node.pointee.operation {
        case .and, .andWhere: return junction(node, decidedBy: .false, otherwise: .true)
        case .or: return junction(node, decidedBy: .true, otherwise: .false)
        case .always: return .true
        case .never: return .false
        case .exactlyOne: return exactlyOne(node)
        case .not: return inverted(truthOfPart(node.pointee.a))
        case .truthIf:
            switch truthOfPart(node.pointee.a) {
            case .true: return truthOfPart(node.pointee.b)
            case .false: return truthOfPart(node.pointee.c)
            case .undecided: return .undecided
            }
        case .truthField:
            let cell = cells[Int(node.pointee.a)]
            return cell.state == .value ? known(cell.bits != 0) : .undecided
        case .bitsIsNull:
            let bits = number(node.pointee.a)
            return bits.state == .error ? .undecided : known(bits.state == .null)
        case .textIsNull:
            let text = word(node.pointee.a)
            return text.state == .error ? .undecided : known(text.state == .null)
        case .compareText: return compareText(node)
        case .compareInt:
            let a = number(node.pointee.a)
            let b = number(node.pointee.b)
            guard a.state == .value, b.state == .value else { return compareNulls(node, a, b) }
            return compareInt(node.pointee.comparison, a.int, b.int)
        case .compareDouble:
            let a = number(node.pointee.a)
            let b = number(node.pointee.b)
            guard a.state == .value, b.state == .value else { return compareNulls(node, a, b) }
            return compareDouble(node.pointee.comparison, a.double, b.double)
        case .compareIntDouble:
            let a = number(node.pointee.a)
            let b = number(node.pointee.b)
            guard a.state == .value, b.state == .value else { return compareNulls(node, a, b) }
            return known(node.pointee.comparison.holds(for: compare(a.int, b.double)))
        case .inWords:
            let text = word(node.pointee.a)
            guard text.isText else { return text.state == .null ? known(node.pointee.states != 0) : .undecided }
            return known(tables.pointee.words[Int(node.pointee.b)].contains(text.bytes))
        case .notInWords:
            let text = word(node.pointee.a)
            guard text.isText else { return text.state == .null ? known(node.pointee.states == 0) : .undecided }
            return known(!tables.pointee.words[Int(node.pointee.b)].contains(text.bytes))
        case .inInts, .inDoubles: return inNumbers(node)
        case .startsWith:
            return pair(node) { Bytes.starts($0, with: $1) }
        case .endsWith:
            return pair(node) { Bytes.ends($0, with: $1) }
        case .contains:
            return pair(node) { Bytes.contains($0, $1) }
        case .matches:
            let text = word(node.pointee.a)
            return text.isText ? known(tables.pointee.patterns[Int(node.pointee.b)].matches(text.bytes)) : .undecided
        case .matchesSlowly:
            let text = word(node.pointee.a)
            return text.isText ? known(tables.pointee.program.simulates(node.pointee.b, text.bytes)) : .undecided
        case .check:
            let text = word(node.pointee.a)
            guard text.state == .value, text.bytes.count > 0 else { return .undecided }
            return known(tables.pointee.program.expression.checks[Int(node.pointee.b)].passes(text.bytes.span))
        case .truthOfTerm:
            guard case .bool(let value)? = tables.pointee.program.value(of: node.pointee.a, cells) else {
                return .undecided
            }
            return known(value)
        default: return .undecided
        }
    }

    @inline(__always)
    private func known(_ value: Bool) -> Outcome { value ? .true : .false }

    @inline(__always)
    private func inverted(_ outcome: Outcome) -> Outcome {
        switch outcome {
        case .true: .false
        case .false: .true
        case .undecided: .undecided
        }
    }

    @inline(__always)
    private func junction(
        _ node: UnsafePointer<Node>, decidedBy decisive: Outcome,
        otherwise: Outcome
    ) -> Outcome {
        var result = otherwise
        var part = tables.pointee.parts + Int(node.pointee.a)
        let end = part + Int(node.pointee.b)
        while part < end {
            let outcome = truth(part.pointee)
            if outcome == decisive { return decisive }
            if outcome == .undecided { result = .undecided }
            part += 1
        }
        return result
    }

    private func exactlyOne(_ node: UnsafePointer<Node>) -> Outcome {
        var count = 0
        for part in 0..<Int(node.pointee.b) {
            switch truthOfPart(tables.pointee.parts[Int(node.pointee.a) &+ part]) {
            case .true: count &+= 1
            case .false: break
            case .undecided: return .undecided
            }
        }
        return known(count == 1)
    }

    // MARK: Comparing

    /// Of null CEL knows only whether it is equal.
    @inline(never)
    private func compareNulls(_ node: UnsafePointer<Node>, _ a: Bits, _ b: Bits) -> Outcome {
        if a.state == .error || b.state == .error { return .undecided }
        switch node.pointee.comparison {
        case .equal: return known(a.state == b.state)
        case .notEqual: return known(a.state != b.state)
        default: return .undecided
        }
    }

    @inline(__always)
    private func compareInt(_ comparison: Comparison, _ a: Int64, _ b: Int64) -> Outcome {
        switch comparison {
        case .equal: known(a == b)
        case .notEqual: known(a != b)
        case .less: known(a < b)
        case .lessOrEqual: known(a <= b)
        case .greater: known(a > b)
        case .greaterOrEqual: known(a >= b)
        }
    }

    @inline(__always)
    private func compareDouble(_ comparison: Comparison, _ a: Double, _ b: Double) -> Outcome {
        switch comparison {
        case .equal: known(a == b)
        case .notEqual: known(a != b)
        case .less: known(a < b)
        case .lessOrEqual: known(a <= b)
        case .greater: known(a > b)
        case .greaterOrEqual: known(a >= b)
        }
    }

    @inline(__always)
    private func fieldIsText(_ node: UnsafePointer<Node>) -> Outcome {
        let cell = cells[Int(node.pointee.a)]
        switch cell.state {
        case .blank: return .false
        case .invalid: return .undecided
        case .value, .placeholder: break
        }
        guard cell.text.count == Int(node.pointee.b), Bytes.head(cell.text) == node.pointee.bits else { return .false }
        return cell.text.count <= 8 ? .true : isLongText(node)
    }

    @inline(never)
    private func isLongText(_ node: UnsafePointer<Node>) -> Outcome {
        let text = cells[Int(node.pointee.a)].text
        return known(Bytes.equal(text, constantText(at: node.pointee.c, count: node.pointee.b)))
    }

    private func compareText(_ node: UnsafePointer<Node>) -> Outcome {
        let a = word(node.pointee.a)
        let b = word(node.pointee.b)
        if a.state == .error || b.state == .error { return .undecided }
        switch node.pointee.comparison {
        case .equal, .notEqual:
            let isEqual = a.isText == b.isText && (!a.isText || Bytes.equal(a.bytes, b.bytes))
            return known(isEqual == (node.pointee.comparison == .equal))
        default:
            guard a.isText, b.isText else { return .undecided }
            return known(node.pointee.comparison.holds(for: Bytes.order(a.bytes, b.bytes)))
        }
    }

    private func inNumbers(_ node: UnsafePointer<Node>) -> Outcome {
        let bits = number(node.pointee.a)
        switch bits.state {
        case .error: return .undecided
        case .null: return known(node.pointee.states != 0)
        case .value: break
        }
        let isDouble = node.pointee.operation == .inDoubles
        for index in 0..<Int(node.pointee.c) {
            let number = tables.pointee.numbers[Int(node.pointee.b) &+ index]
            if isDouble ? Double(bitPattern: number) == bits.double : number == bits.value { return .true }
        }
        return .false
    }

    @inline(__always)
    private func pair(
        _ node: UnsafePointer<Node>, _ holds: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Outcome {
        let a = word(node.pointee.a)
        let b = word(node.pointee.b)
        return a.isText && b.isText ? known(holds(a.bytes, b.bytes)) : .undecided
    }
}
