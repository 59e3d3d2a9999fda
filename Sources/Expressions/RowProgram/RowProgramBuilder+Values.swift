extension RowProgramBuilder {
    // MARK: Texts

    mutating func text(_ index: Int) -> Int32? {
        let term = terms[index]
        switch term.operation {
        case .field(let field) where term.type.base == .string: return add(Node(operation: .textField, a: Int32(field)))
        case .constant(let value): return text(value)
        case .local(let slot):
            switch locals[slot] {
            case .term(let element)?: return text(element)
            case .constant(let value)?: return text(value)
            case nil: return nil
            }
        case .conditional:
            guard kind(term.type) == .text, let a = truth(term.arguments[0]), let b = text(term.arguments[1]),
                let c = text(term.arguments[2])
            else { return nil }
            return add(Node(operation: .textIf, a: a, b: b, c: c))
        default: return nil
        }
    }

    private mutating func text(_ value: Value) -> Int32? {
        switch value {
        case .string(let word): add(Node(operation: .textConstant, a: keep(word), b: Int32(word.utf8.count)))
        case .null: add(Node(operation: .textNull))
        default: nil
        }
    }

    // MARK: Bits

    /// The node of a number, moment, duration or truth; nil where there is none.
    mutating func bits(_ index: Int) -> Int32? {
        guard nodes.count < RowProgramBuilder.maximumNodes else { return nil }
        let term = terms[index]
        switch term.operation {
        case .constant(let value): return bits(value)
        case .local(let slot):
            switch locals[slot] {
            case .term(let element)?: return bits(element)
            case .constant(let value)?: return bits(value)
            case nil: return nil
            }
        case .field(let field):
            guard let kind = kind(term.type), kind != .text else { return nil }
            return add(Node(operation: .bitsField, a: Int32(field)))
        case .conditional:
            if let node = fieldOrConstant(term) { return add(node) }
            guard let kind = kind(term.type), kind != .text, let a = truth(term.arguments[0]),
                let b = bits(term.arguments[1]), let c = bits(term.arguments[2])
            else { return nil }
            return add(Node(operation: .bitsIf, a: a, b: b, c: c))
        case .negate:
            guard let a = bits(term.arguments[0]) else { return nil }
            return add(Node(operation: kind(term.type) == .double ? .negateDouble : .negateInt, a: a))
        case .arithmetic(let arithmetic):
            if let summands = summands(of: index) { return sum(summands, isInt: kind(term.type) == .int) }
            return self.arithmetic(arithmetic, term.arguments[0], term.arguments[1])
        case .call(let function): return call(function, index)
        case .zonedPart: return asked(index, .bitsOfTerm)
        default:
            guard kind(term.type) == .bool else { return nil }
            return truth(index).map { add(Node(operation: .bitsOfTruth, a: $0)) }
        }
    }

    /// `f != null ? f : 0`, of which sums are made.
    private mutating func fieldOrConstant(_ term: Term) -> Node? {
        let test = terms[term.arguments[0]]
        guard case .compare(.notEqual) = test.operation, let field = field(term.arguments[1]),
            field == self.field(test.arguments[0]), case .null? = constant(test.arguments[1]),
            let kind = kind(terms[term.arguments[1]].type), kind == .int || kind == .double,
            kind == self.kind(terms[term.arguments[2]].type)
        else { return nil }
        switch constant(term.arguments[2]) {
        case .int(let number)?:
            return Node(operation: .bitsFieldOr, a: Int32(field), bits: UInt64(bitPattern: number))
        case .double(let number)?: return Node(operation: .bitsFieldOr, a: Int32(field), bits: number.bitPattern)
        default: return nil
        }
    }

    private mutating func bits(_ value: Value) -> Int32? {
        switch value {
        case .int(let number): return add(Node(operation: .bitsConstant, bits: UInt64(bitPattern: number)))
        case .double(let number): return add(Node(operation: .bitsConstant, bits: number.bitPattern))
        case .bool(let flag): return add(Node(operation: .bitsConstant, bits: flag ? 1 : 0))
        case .null: return add(Node(operation: .bitsNull))
        case .timestamp, .duration:
            return seconds(value).map { add(Node(operation: .bitsConstant, bits: UInt64(bitPattern: $0))) }
        default: return nil
        }
    }

    /// The parts of `a + b + c + …`, of which long totals are made; nil for anything else.
    private func summands(of index: Int) -> [Int]? {
        guard let kind = kind(terms[index].type), kind == .int || kind == .double else { return nil }
        var summands: [Int] = []
        var rest = index
        while case .arithmetic(.add) = terms[rest].operation {
            summands.append(terms[rest].arguments[1])
            rest = terms[rest].arguments[0]
        }
        summands.append(rest)
        guard summands.count > 2, summands.allSatisfy({ self.kind(terms[$0].type) == kind }) else { return nil }
        return summands.reversed()
    }

    /// One node for the whole sum.
    private mutating func sum(_ summands: [Int], isInt: Bool) -> Int32? {
        var children: [Int32] = []
        for term in summands {
            guard let child = bits(term) else { return nil }
            children.append(child)
        }
        return add(isInt ? .sumInt : .sumDouble, over: children)
    }

    private mutating func arithmetic(_ arithmetic: Arithmetic, _ left: Int, _ right: Int) -> Int32? {
        let operation: Node.Operation
        switch (arithmetic, kind(terms[left].type), kind(terms[right].type)) {
        case (.add, .int?, .int?): operation = .addInt
        case (.subtract, .int?, .int?): operation = .subtractInt
        case (.multiply, .int?, .int?): operation = .multiplyInt
        case (.divide, .int?, .int?): operation = .divideInt
        case (.remainder, .int?, .int?): operation = .remainderInt
        case (.add, .double?, .double?): operation = .addDouble
        case (.subtract, .double?, .double?): operation = .subtractDouble
        case (.multiply, .double?, .double?): operation = .multiplyDouble
        case (.divide, .double?, .double?): operation = .divideDouble
        case (.add, .moment?, .duration?), (.add, .duration?, .moment?): operation = .addMoment
        case (.subtract, .moment?, .duration?): operation = .subtractMoment
        case (.subtract, .moment?, .moment?): operation = .subtractMoments
        case (.add, .duration?, .duration?): operation = .addDurations
        case (.subtract, .duration?, .duration?): operation = .subtractDurations
        default: return nil
        }
        guard let a = bits(left), let b = bits(right) else { return nil }
        return add(Node(operation: operation, a: a, b: b))
    }

    private mutating func call(_ function: Function, _ index: Int) -> Int32? {
        let arguments = terms[index].arguments
        // The day is not known yet: an error, but a value as far as blanks can tell.
        if arguments.isEmpty { return asked(index, .bitsOfTerm) }
        let kind = kind(terms[arguments[0]].type)
        switch (function, kind) {
        case (.size, .text?): return text(arguments[0]).map { add(Node(operation: .textSize, a: $0)) }
        case (.int, .int?), (.double, .double?), (.timestamp, .moment?), (.duration, .duration?), (.int, .moment?):
            return identity(arguments[0])
        case (.double, .int?): return bits(arguments[0]).map { add(Node(operation: .intToDouble, a: $0)) }
        case (.int, .double?): return bits(arguments[0]).map { add(Node(operation: .doubleToInt, a: $0)) }
        case (.date, .moment?): return bits(arguments[0]).map { add(Node(operation: .date, a: $0)) }
        case (.years, .moment?), (.days, .moment?):
            guard let a = bits(arguments[0]), let b = bits(arguments[1]) else { return nil }
            return add(Node(operation: function == .years ? .years : .days, a: a, b: b))
        case (.getFullYear, _), (.getMonth, _), (.getDate, _), (.getDayOfMonth, _), (.getDayOfWeek, _),
            (.getDayOfYear, _),
            (.getHours, _), (.getMinutes, _), (.getSeconds, _), (.getMilliseconds, _):
            return part(function, arguments)
        default:
            guard let own = self.kind(terms[index].type), own == .int || own == .double else { return nil }
            return asked(index, .bitsOfTerm)
        }
    }

    /// A conversion that changes nothing, but does not take null: `int(age)`. Adding 0 keeps bits of any kind.
    private mutating func identity(_ argument: Int) -> Int32? {
        guard let a = bits(argument), let zero = bits(.int(0)) else { return nil }
        return add(Node(operation: .addInt, a: a, b: zero))
    }

    private mutating func part(_ function: Function, _ arguments: [Int]) -> Int32? {
        let kind = kind(terms[arguments[0]].type)
        guard kind == .moment || kind == .duration, let a = bits(arguments[0]),
            let place = Function.allCases.firstIndex(of: function)
        else { return nil }
        var zone = 0
        if arguments.count > 1 {
            guard case .string(let name)? = constant(arguments[1]), let offset = TimeText.zoneOffset(name) else {
                return nil
            }
            zone = offset
        }
        return add(
            Node(
                operation: kind == .moment ? .momentPart : .durationPart, a: a, b: Int32(place),
                bits: UInt64(bitPattern: Int64(zone))))
    }
}
