extension Evaluator {
    func negate(_ value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .int(let number):
            guard number != .min else { throw .overflow }
            return .int(-number)
        case .double(let number): return .double(-number)
        default: throw .noSuchOverload
        }
    }

    mutating func arithmetic(_ operation: Arithmetic, _ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try Evaluator.whole(operation, a, b))
        case (.double(let a), .double(let b)):
            switch operation {
            case .add: return .double(a + b)
            case .subtract: return .double(a - b)
            case .multiply: return .double(a * b)
            case .divide: return .double(a / b)
            case .remainder: throw .noSuchOverload
            }
        case (.string(let a), .string(let b)) where operation == .add:
            try spend(a.utf8.count + b.utf8.count)
            return .string(a + b)
        case (.list(let a), .list(let b)) where operation == .add:
            try spend(a.count + b.count)
            return .list(a + b)
        case (.timestamp(let a), .duration(let b)) where operation == .add: return try timestamp(a + b)
        case (.duration(let a), .timestamp(let b)) where operation == .add: return try timestamp(a + b)
        case (.timestamp(let a), .duration(let b)) where operation == .subtract: return try timestamp(a - b)
        case (.timestamp(let a), .timestamp(let b)) where operation == .subtract: return try duration(a - b)
        case (.duration(let a), .duration(let b)) where operation == .add: return try duration(a + b)
        case (.duration(let a), .duration(let b)) where operation == .subtract: return try duration(a - b)
        default: throw .noSuchOverload
        }
    }

    static func whole(_ operation: Arithmetic, _ a: Int64, _ b: Int64) throws(EvaluationError) -> Int64 {
        let (result, overflow): (Int64, Bool)
        switch operation {
        case .add: (result, overflow) = a.addingReportingOverflow(b)
        case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
        case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide, .remainder:
            guard b != 0 else { throw .divisionByZero }
            (result, overflow) =
                operation == .divide ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b)
        }
        guard !overflow else { throw .overflow }
        return result
    }

    private func timestamp(_ value: Duration) throws(EvaluationError) -> Value {
        guard let value = TimeText.checkedTimestamp(value) else { throw .overflow }
        return .timestamp(value)
    }

    private func duration(_ value: Duration) throws(EvaluationError) -> Value {
        guard let value = TimeText.checkedDuration(value) else { throw .overflow }
        return .duration(value)
    }
}
