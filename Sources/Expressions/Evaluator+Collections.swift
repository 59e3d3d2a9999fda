extension Evaluator {
    mutating func membership(_ value: Value, _ collection: Value) throws(EvaluationError) -> Bool {
        switch collection {
        case .list(let elements):
            for element in elements where try equal(element, value) { return true }
            return false
        case .map(let map):
            try spend(map.keys.count)
            return map[value] != nil
        default: throw .noSuchOverload
        }
    }

    /// `Value.equals`, at a price: what macros have made may share its parts and be far larger than the memory it
    /// takes.
    mutating func equal(_ a: Value, _ b: Value) throws(EvaluationError) -> Bool {
        try spend(1)
        switch (a, b) {
        case (.list(let x), .list(let y)):
            guard x.count == y.count else { return false }
            for (left, right) in zip(x, y) {
                guard try equal(left, right) else { return false }
            }
            return true
        case (.map(let x), .map(let y)):
            guard x.keys.count == y.keys.count else { return false }
            try spend(x.keys.count * y.keys.count)
            for (key, value) in zip(x.keys, x.values) {
                guard let other = y[key], try equal(value, other) else { return false }
            }
            return true
        default: return a.equals(b)
        }
    }

    func element(of collection: Value, at index: Value) throws(EvaluationError) -> Value {
        switch (collection, index) {
        case (.map(let map), _):
            guard let value = map[index] else { throw .noSuchKey }
            return value
        case (.list(let elements), .int(let position)):
            guard position >= 0, position < elements.count else { throw .indexOutOfRange }
            return elements[Int(position)]
        case (.list(let elements), .double(let position)):
            guard position >= 0, position < Double(elements.count) else { throw .indexOutOfRange }
            guard Double(Int(position)) == position else { throw .noSuchOverload }
            return elements[Int(position)]
        default: throw .noSuchOverload
        }
    }

    mutating func map(_ arguments: [Int]) throws(EvaluationError) -> Value {
        var map = ValueMap()
        for position in stride(from: 0, to: arguments.count, by: 2) {
            let key = try value(arguments[position])
            switch key {
            case .bool, .int, .string: break
            default: throw .noSuchOverload
            }
            try spend(map.keys.count)
            guard map.insert(try value(arguments[position + 1]), under: key) else { throw .duplicateKey }
        }
        return .map(map)
    }

    /// `all` joins with `&&` and `exists` with `||`, so they pass over errors where another element decides; the others
    /// do not.
    mutating func macro(_ macro: Macro, _ slot: Int, _ arguments: [Int]) throws(EvaluationError) -> Value {
        let elements: [Value]
        switch try value(arguments[0]) {
        case .list(let list): elements = list
        case .map(let map): elements = map.keys
        default: throw .noSuchOverload
        }
        var failure: EvaluationError?
        var kept: [Value] = []
        for element in elements {
            locals[slot] = element
            switch macro {
            case .all, .exists:
                do throws(EvaluationError) {
                    if try bool(arguments[1]) == (macro == .exists) { return .bool(macro == .exists) }
                } catch {
                    if error == .tooCostly { throw error }
                    failure = error
                }
            case .existsOne, .filter:
                if try bool(arguments[1]) { kept.append(element) }
            case .map: kept.append(try value(arguments[1]))
            case .mapWhere:
                if try bool(arguments[1]) { kept.append(try value(arguments[2])) }
            }
        }
        if let failure { throw failure }
        switch macro {
        case .all, .exists: return .bool(macro == .all)
        case .existsOne: return .bool(kept.count == 1)
        case .filter, .map, .mapWhere: return .list(kept)
        }
    }
}
