extension ProgramBuilder {
    /// The kinds of value that nodes can hold, by the register they come in.
    enum Kind {
        case text
        case int
        case double
        case bool
        case moment
        case duration
    }

    func kind(_ type: ValueType) -> Kind? {
        switch type.base {
        case .string: .text
        case .int: .int
        case .double: .double
        case .bool: .bool
        case .timestamp: .moment
        case .duration: .duration
        default: nil
        }
    }

    // MARK: Comparing

    mutating func compare(_ comparison: Comparison, _ left: Int, _ right: Int) -> Int32? {
        if comparison == .equal || comparison == .notEqual {
            for (null, other) in [(left, right), (right, left)] where isNull(null) {
                return nullTest(other, isEqual: comparison == .equal)
            }
        }
        guard let a = kind(terms[left].type), let b = kind(terms[right].type) else { return nil }
        let operation: Node.Operation
        switch (a, b) {
        case (.text, .text):
            if comparison == .equal || comparison == .notEqual, let node = fieldIsText(comparison, left, right) {
                return node
            }
            guard let x = text(left), let y = text(right) else { return nil }
            return add(Node(operation: .compareText, comparison: comparison, a: x, b: y))
        case (.int, .double): operation = .compareIntDouble
        case (.double, .int):
            guard let x = bits(right), let y = bits(left) else { return nil }
            return add(Node(operation: .compareIntDouble, comparison: comparison.swapped, a: x, b: y))
        case (.double, .double): operation = .compareDouble
        case _ where a == b: operation = .compareInt
        default: return nil
        }
        guard let x = bits(left), let y = bits(right) else { return nil }
        return add(Node(operation: operation, comparison: comparison, a: x, b: y))
    }

    private func isNull(_ term: Int) -> Bool {
        switch terms[term].operation {
        case .constant(.null): return true
        case .local(let slot):
            if case .constant(.null)? = locals[slot] { return true }
            if case .term(let element)? = locals[slot] { return isNull(element) }
            return false
        default: return false
        }
    }

    private mutating func nullTest(_ term: Int, isEqual: Bool) -> Int32? {
        if isNull(term) { return add(Node(operation: isEqual ? .always : .never)) }
        let test: Int32
        if let field = field(term) {
            // A text keeps its placeholder; of any other type a placeholder is no value.
            let isText = terms[source(term)].type.base == .string
            return add(
                Node(
                    operation: isEqual ? .cellIsNull : .cellIsNotNull,
                    states: isText ? states(.blank) : states(.blank, .placeholder), a: Int32(field)))
        } else if kind(terms[term].type) == .text {
            guard let text = text(term) else { return nil }
            test = add(Node(operation: .textIsNull, a: text))
        } else {
            guard kind(terms[term].type) != nil, let bits = bits(term) else { return nil }
            test = add(Node(operation: .bitsIsNull, a: bits))
        }
        return isEqual ? test : add(Node(operation: .not, a: test))
    }

    /// The term that a variable of an unrolled macro stands for, or the term itself.
    private func source(_ term: Int) -> Int {
        if case .local(let slot) = terms[term].operation, case .term(let element)? = locals[slot] { return source(element) }
        return term
    }

    private func field(_ term: Int) -> Int? {
        if case .field(let field) = terms[source(term)].operation { field } else { nil }
    }

    private func constant(_ term: Int) -> Value? {
        switch terms[term].operation {
        case .constant(let value): return value
        case .local(let slot):
            if case .constant(let value)? = locals[slot] { return value }
            return nil
        default: return nil
        }
    }

    private mutating func fieldIsText(_ comparison: Comparison, _ left: Int, _ right: Int) -> Int32? {
        for (term, other) in [(left, right), (right, left)] {
            guard let field = field(term), case .string(var word)? = constant(other) else { continue }
            let head = word.withUTF8 { Bytes.head($0) }
            return add(
                Node(
                    operation: comparison == .equal ? .fieldIsText : .fieldIsNotText, a: Int32(field),
                    b: Int32(word.utf8.count), c: keep(word), bits: head))
        }
        return nil
    }

    private mutating func keep(_ word: String) -> Int32 {
        texts += Array(word.utf8)
        return Int32(texts.count - word.utf8.count)
    }

    // MARK: Membership

    mutating func membership(_ left: Int, _ right: Int) -> Int32? {
        let members: [Value]
        switch constant(right) {
        case .list(let values)?: members = values
        case .map(let map)?: members = map.keys
        default: return nil
        }
        guard let kind = kind(terms[left].type) else { return nil }
        let takesNull: UInt8 = members.contains { if case .null = $0 { true } else { false } } ? 1 : 0
        if kind == .text {
            guard let a = text(left) else { return nil }
            words.append(WordSet(members.compactMap { if case .string(let word) = $0 { word } else { nil } }))
            return add(Node(operation: .inWords, states: takesNull, a: a, b: Int32(words.count - 1)))
        }
        guard let a = bits(left) else { return nil }
        let start = numbers.count
        for member in members {
            switch (kind, member) {
            case (.double, .double(let number)): numbers.append(number.bitPattern)
            case (.int, .double), (.double, .int): return nil
            case (.moment, .timestamp), (.duration, .duration):
                guard let seconds = seconds(member) else { return nil }
                numbers.append(UInt64(bitPattern: seconds))
            case (.int, .int(let number)): numbers.append(UInt64(bitPattern: number))
            case (.bool, .bool(let flag)): numbers.append(flag ? 1 : 0)
            default: continue
            }
        }
        return add(
            Node(
                operation: kind == .double ? .inDoubles : .inInts, states: takesNull, a: a, b: Int32(start),
                c: Int32(numbers.count - start)))
    }

    /// Whole seconds of a moment or duration; nil where it has a fraction, which nodes do not hold.
    private func seconds(_ value: Value) -> Int64? {
        switch value {
        case .timestamp(let time), .duration(let time):
            time.components.attoseconds == 0 ? time.components.seconds : nil
        default: nil
        }
    }

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
        guard nodes.count < ProgramBuilder.maximumNodes else { return nil }
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
            guard let kind = kind(term.type), kind != .text, let a = truth(term.arguments[0]),
                let b = bits(term.arguments[1]), let c = bits(term.arguments[2])
            else { return nil }
            return add(Node(operation: .bitsIf, a: a, b: b, c: c))
        case .negate:
            guard let a = bits(term.arguments[0]) else { return nil }
            return add(Node(operation: kind(term.type) == .double ? .negateDouble : .negateInt, a: a))
        case .arithmetic(let arithmetic): return self.arithmetic(arithmetic, term.arguments[0], term.arguments[1])
        case .call(let function): return call(function, index)
        default:
            guard kind(term.type) == .bool else { return nil }
            return truth(index).map { add(Node(operation: .bitsOfTruth, a: $0)) }
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
        case (.getFullYear, _), (.getMonth, _), (.getDate, _), (.getDayOfMonth, _), (.getDayOfWeek, _), (.getDayOfYear, _),
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

extension Comparison {
    /// The comparison that says the same with its sides exchanged.
    var swapped: Comparison {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: self
        }
    }
}
