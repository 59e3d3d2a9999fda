import RegularExpressions

extension Evaluator {
    mutating func call(_ function: Function, _ values: [Value]) throws(EvaluationError) -> Value {
        // `today()` has become a constant where the day is known.
        guard let first = values.first else { throw .noToday }
        switch (function, first) {
        case (.size, .string(let text)): return .int(Int64(text.unicodeScalars.count))
        case (.size, .list(let elements)): return .int(Int64(elements.count))
        case (.size, .map(let map)): return .int(Int64(map.keys.count))
        case (.startsWith, .string(let text)): return .bool(text.utf8.starts(with: try string(values[1]).utf8))
        case (.endsWith, .string(let text)):
            return .bool(text.utf8.reversed().starts(with: try string(values[1]).utf8.reversed()))
        case (.contains, .string(let text)):
            let part = try string(values[1])
            try spend(text.utf8.count)
            return .bool(Evaluator.contains(text, part))
        case (.matches, .string(let text)):
            // A pattern that is not constant is compiled where it is met, at a price.
            let pattern = try string(values[1])
            try spend(1000 + pattern.utf8.count)
            guard let expression = try? RegularExpression(pattern) else { throw .badConversion }
            return .bool(expression.matches(text))
        case (.dyn, let value): return value
        case (.type, let value): return .type(value.typeName)
        case (.years, .timestamp(let a)):
            return .int(
                Calendar.years(from: TimeText.floorSeconds(a), to: TimeText.floorSeconds(try timestamp(values[1]))))
        case (.days, .timestamp(let a)):
            return .int(
                Calendar.days(from: TimeText.floorSeconds(a), to: TimeText.floorSeconds(try timestamp(values[1]))))
        case (.date, .timestamp(let a)):
            return .timestamp(.seconds(Calendar.startOfDay(TimeText.floorSeconds(a))))
        case (.int, _), (.double, _), (.string, _), (.bool, _), (.timestamp, _), (.duration, _):
            return try convert(values[0], with: function)
        case (_, .timestamp(let moment)):
            guard values.count > 1 else { return .int(try part(function, of: moment, in: .fixed(0))) }
            // A zone that is not constant is looked up where it is met, at a price.
            try spend(100)
            guard let zone = Zone(try string(values[1])) else { throw .badConversion }
            return .int(try part(function, of: moment, in: zone))
        case (_, .duration(let length)) where values.count == 1: return .int(try part(function, of: length))
        default: throw .noSuchOverload
        }
    }

    private func string(_ value: Value) throws(EvaluationError) -> String {
        guard case .string(let text) = value else { throw .noSuchOverload }
        return text
    }

    func timestamp(_ value: Value) throws(EvaluationError) -> Duration {
        guard case .timestamp(let moment) = value else { throw .noSuchOverload }
        return moment
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8)
        let part = Array(part.utf8)
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    func part(_ function: Function, of moment: Duration, in zone: Zone) throws(EvaluationError) -> Int64 {
        if function == .getMilliseconds { return TimeText.nanoseconds(moment) / 1_000_000 }
        let seconds = TimeText.floorSeconds(moment)
        return try Calendar.part(function, of: seconds &+ zone.offset(at: seconds))
    }

    /// Of a duration CEL wants the whole of it in hours, minutes or seconds, and of milliseconds those within the
    /// second.
    private func part(_ function: Function, of length: Duration) throws(EvaluationError) -> Int64 {
        let (seconds, attoseconds) = length.components
        switch function {
        case .getHours: return seconds / 3600
        case .getMinutes: return seconds / 60
        case .getSeconds: return seconds
        case .getMilliseconds: return attoseconds / 1_000_000_000_000_000
        default: throw .noSuchOverload
        }
    }

    // MARK: Conversions

    private func convert(_ value: Value, with function: Function) throws(EvaluationError) -> Value {
        switch (function, value) {
        case (.int, .int), (.double, .double), (.string, .string), (.bool, .bool), (.timestamp, .timestamp),
            (.duration, .duration):
            return value
        case (.int, .double(let number)):
            guard number > -0x1p63, number < 0x1p63 else { throw .overflow }
            return .int(Int64(number))
        case (.int, .string(let text)):
            guard let number = Int64(text) else { throw .badConversion }
            return .int(number)
        case (.int, .timestamp(let moment)): return .int(TimeText.floorSeconds(moment))
        case (.double, .int(let number)): return .double(Double(number))
        case (.double, .string(let text)):
            guard let number = Double(text), text.utf8.allSatisfy({ $0 > 0x20 }) else { throw .badConversion }
            return .double(number)
        case (.string, .int(let number)): return .string("\(number)")
        case (.string, .double(let number)):
            let text = "\(number)"
            return .string(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        case (.string, .bool(let flag)): return .string(flag ? "true" : "false")
        case (.string, .timestamp(let moment)): return .string(TimeText.string(timestamp: moment))
        case (.string, .duration(let length)): return .string(TimeText.string(duration: length))
        case (.bool, .string(let text)):
            switch text {
            case "1", "t", "true", "TRUE", "True": return .bool(true)
            case "0", "f", "false", "FALSE", "False": return .bool(false)
            default: throw .badConversion
            }
        case (.timestamp, .string(let text)):
            guard let moment = TimeText.timestamp(text) else { throw .badConversion }
            return .timestamp(moment)
        case (.timestamp, .int(let seconds)):
            guard let moment = TimeText.checkedTimestamp(.seconds(seconds)) else { throw .overflow }
            return .timestamp(moment)
        case (.duration, .string(let text)):
            guard let length = TimeText.duration(text) else { throw .badConversion }
            return .duration(length)
        default: throw .noSuchOverload
        }
    }
}
