extension Run {
    /// `bits`, with cells and constants read on the spot.
    @inline(__always)
    func number(_ index: Int32) -> Bits {
        let node = nodes + Int(index)
        guard node.pointee.operation == .bitsField || node.pointee.operation == .bitsFieldOr else {
            return node.pointee.operation == .bitsConstant ? Bits(value: node.pointee.bits, state: .value) : bits(index)
        }
        let cell = cells + Int(node.pointee.a)
        return cell.pointee.state == .value ? Bits(value: cell.pointee.bits, state: .value) : bits(index)
    }

    /// `text`, with cells read on the spot.
    @inline(__always)
    func word(_ index: Int32) -> Text {
        let node = nodes + Int(index)
        guard node.pointee.operation == .textField else { return text(index) }
        let cell = cells + Int(node.pointee.a)
        return cell.pointee.state == .value ? Text(bytes: cell.pointee.text, state: .value) : text(index)
    }

    /// What a node that is a number, a moment, a duration or a truth comes to. Moments and durations are whole seconds
    /// here.
    func bits(_ index: Int32) -> Bits {
        let node = nodes + Int(index)
        switch node.pointee.operation {
        case .bitsField:
            let cell = cells[Int(node.pointee.a)]
            switch cell.state {
            case .value: return Bits(value: cell.bits, state: .value)
            case .blank, .placeholder: return .null
            case .invalid: return .error
            }
        case .bitsFieldOr:
            let cell = cells[Int(node.pointee.a)]
            switch cell.state {
            case .value: return Bits(value: cell.bits, state: .value)
            case .blank, .placeholder: return Bits(value: node.pointee.bits, state: .value)
            case .invalid: return .error
            }
        case .bitsConstant: return Bits(value: node.pointee.bits, state: .value)
        case .bitsNull: return .null
        case .bitsIf:
            switch truthOfPart(node.pointee.a) {
            case .true: return bits(node.pointee.b)
            case .false: return bits(node.pointee.c)
            case .undecided: return .error
            }
        case .bitsOfTruth:
            let outcome = truthOfPart(node.pointee.a)
            return outcome == .undecided ? .error : Bits(outcome == .true ? 1 : 0)
        case .bitsOfTerm: return bits(of: tables.pointee.program.value(of: node.pointee.a, cells))
        case .negateInt:
            let a = number(node.pointee.a)
            return a.state == .value && a.int != .min ? Bits(0 &- a.int) : .error
        case .negateDouble:
            let a = number(node.pointee.a)
            return a.state == .value ? Bits(number: -a.double) : .error
        case .intToDouble:
            let a = number(node.pointee.a)
            return a.state == .value ? Bits(number: Double(a.int)) : .error
        case .doubleToInt:
            let a = number(node.pointee.a)
            guard a.state == .value, a.double > -0x1p63, a.double < 0x1p63 else { return .error }
            return Bits(Int64(a.double))
        case .textSize:
            let text = word(node.pointee.a)
            return text.isText ? Bits(Int64(Bytes.scalarCount(text.bytes))) : .error
        case .date:
            let a = number(node.pointee.a)
            return a.state == .value ? Bits(Calendar.startOfDay(a.int)) : .error
        case .momentPart, .durationPart: return part(node, number(node.pointee.a))
        case .sumInt: return sumInt(node)
        case .sumDouble: return sumDouble(node)
        default: return binary(node, number(node.pointee.a), number(node.pointee.b))
        }
    }

    private func sumInt(_ node: UnsafePointer<Node>) -> Bits {
        let parts = tables.pointee.parts + Int(node.pointee.a)
        var sum: Int64 = 0
        for part in 0..<Int(node.pointee.b) {
            let bits = number(parts[part])
            let (next, overflow) = sum.addingReportingOverflow(bits.int)
            guard bits.state == .value, !overflow else { return .error }
            sum = next
        }
        return Bits(sum)
    }

    private func sumDouble(_ node: UnsafePointer<Node>) -> Bits {
        let parts = tables.pointee.parts + Int(node.pointee.a)
        let first = number(parts[0])
        guard first.state == .value else { return .error }
        // Begun with the first and not with 0: -0.0 stays what it is.
        var sum = first.double
        for part in 1..<Int(node.pointee.b) {
            let bits = number(parts[part])
            guard bits.state == .value else { return .error }
            sum += bits.double
        }
        return Bits(number: sum)
    }

    private func binary(_ node: UnsafePointer<Node>, _ a: Bits, _ b: Bits) -> Bits {
        guard a.state == .value, b.state == .value else { return .error }
        switch node.pointee.operation {
        case .addInt: return whole(a.int.addingReportingOverflow(b.int))
        case .subtractInt: return whole(a.int.subtractingReportingOverflow(b.int))
        case .multiplyInt: return whole(a.int.multipliedReportingOverflow(by: b.int))
        case .divideInt: return b.int == 0 ? .error : whole(a.int.dividedReportingOverflow(by: b.int))
        case .remainderInt: return b.int == 0 ? .error : whole(a.int.remainderReportingOverflow(dividingBy: b.int))
        case .addDouble: return Bits(number: a.double + b.double)
        case .subtractDouble: return Bits(number: a.double - b.double)
        case .multiplyDouble: return Bits(number: a.double * b.double)
        case .divideDouble: return Bits(number: a.double / b.double)
        case .addMoment: return moment(a.int.addingReportingOverflow(b.int))
        case .subtractMoment: return moment(a.int.subtractingReportingOverflow(b.int))
        case .subtractMoments, .subtractDurations: return length(a.int.subtractingReportingOverflow(b.int))
        case .addDurations: return length(a.int.addingReportingOverflow(b.int))
        case .years: return Bits(Calendar.years(from: a.int, to: b.int))
        case .days: return Bits(Calendar.days(from: a.int, to: b.int))
        default: return .error
        }
    }

    @inline(__always)
    private func whole(_ result: (partialValue: Int64, overflow: Bool)) -> Bits {
        result.overflow ? .error : Bits(result.partialValue)
    }

    @inline(__always)
    private func moment(_ result: (partialValue: Int64, overflow: Bool)) -> Bits {
        let isInRange = result.partialValue >= TimeText.firstSecond && result.partialValue <= TimeText.lastSecond
        return result.overflow || !isInRange ? .error : Bits(result.partialValue)
    }

    @inline(__always)
    private func length(_ result: (partialValue: Int64, overflow: Bool)) -> Bits {
        let limit = TimeText.maximumDurationSeconds
        let isInRange = result.partialValue >= -limit && result.partialValue <= limit
        return result.overflow || !isInRange ? .error : Bits(result.partialValue)
    }

    private func part(_ node: UnsafePointer<Node>, _ value: Bits) -> Bits {
        let function = Function.allCases[Int(node.pointee.b)]
        guard value.state == .value else { return .error }
        if node.pointee.operation == .durationPart {
            switch function {
            case .getHours: return Bits(value.int / 3600)
            case .getMinutes: return Bits(value.int / 60)
            case .getSeconds: return value
            default: return Bits(0)
            }
        }
        let seconds = value.int &+ Int64(bitPattern: node.pointee.bits)
        return (try? Calendar.part(function, of: seconds)).map { Bits($0) } ?? .error
    }

    /// A value of the `Evaluator` as bits. Only numbers and truths come this way.
    private func bits(of value: Value?) -> Bits {
        switch value {
        case .int(let number)?: Bits(number)
        case .double(let number)?: Bits(number: number)
        case .bool(let flag)?: Bits(flag ? 1 : 0)
        case .null?: .null
        default: .error
        }
    }

    // MARK: Texts

    func text(_ index: Int32) -> Text {
        let node = nodes + Int(index)
        switch node.pointee.operation {
        case .textField:
            let cell = cells[Int(node.pointee.a)]
            switch cell.state {
            case .value: return Text(bytes: cell.text, state: .value)
            case .placeholder: return Text(bytes: cell.text, state: .placeholder)
            case .blank: return .null
            case .invalid: return .error
            }
        case .textConstant:
            return Text(bytes: constantText(at: node.pointee.a, count: node.pointee.b), state: .value)
        case .textNull: return .null
        case .textIf:
            switch truthOfPart(node.pointee.a) {
            case .true: return text(node.pointee.b)
            case .false: return text(node.pointee.c)
            case .undecided: return .error
            }
        default: return .error
        }
    }
}
