extension RowProgramBuilder {
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
        if case .local(let slot) = terms[term].operation, case .term(let element)? = locals[slot] {
            return source(element)
        }
        return term
    }

    func field(_ term: Int) -> Int? {
        if case .field(let field) = terms[source(term)].operation { field } else { nil }
    }

    func constant(_ term: Int) -> Value? {
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

    mutating func keep(_ word: String) -> Int32 {
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
    func seconds(_ value: Value) -> Int64? {
        switch value {
        case .timestamp(let time), .duration(let time):
            time.components.attoseconds == 0 ? time.components.seconds : nil
        default: nil
        }
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
