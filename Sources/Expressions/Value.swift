/// A value of the rule language.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    /// Time since 1970-01-01T00:00:00Z.
    case timestamp(Duration)
    case duration(Duration)
    case list([Value])
    case map(ValueMap)
    /// A type as a value, by the name CEL gives it: `int`, `google.protobuf.Timestamp`.
    case type(String)
}

/// A map of the rule language: keys are bool, int or string, in the order in which they were written.
public struct ValueMap: Sendable {
    public internal(set) var keys: [Value] = []
    public internal(set) var values: [Value] = []

    public init() {}

    /// What stands under a key: 1 and 1.0 are the same key, and a double that is no whole number is none.
    public subscript(key: Value) -> Value? {
        var key = key
        if case .double(let number) = key {
            guard let whole = Int64(exactly: number) else { return nil }
            key = .int(whole)
        }
        for (index, candidate) in keys.enumerated() where candidate.equals(key) { return values[index] }
        return nil
    }

    /// Adds an entry; false where the key stands there already.
    @discardableResult
    public mutating func insert(_ value: Value, under key: Value) -> Bool {
        guard self[key] == nil else { return false }
        keys.append(key)
        values.append(value)
        return true
    }
}

extension Value {
    /// CEL's `==`: numbers by value across int and double, strings by code point, values of unlike kinds never equal.
    public func equals(_ other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.int(let a), .double(let b)), (.double(let b), .int(let a)): compare(a, b) == .equal
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.timestamp(let a), .timestamp(let b)), (.duration(let a), .duration(let b)): a == b
        case (.type(let a), .type(let b)): a == b
        case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
        case (.map(let a), .map(let b)):
            a.keys.count == b.keys.count
                && zip(a.keys, a.values).allSatisfy { key, value in b[key].map { $0.equals(value) } ?? false }
        default: false
        }
    }

    /// The order of two values of one kind, or of two numbers; nil where CEL has none.
    func ordered(_ other: Value) -> Ordering? {
        switch (self, other) {
        case (.bool(let a), .bool(let b)): Ordering(a ? 1 : 0, b ? 1 : 0)
        case (.int(let a), .int(let b)): Ordering(a, b)
        case (.double(let a), .double(let b)): compare(a, b)
        case (.int(let a), .double(let b)): compare(a, b)
        case (.double(let a), .int(let b)): compare(b, a).reversed
        case (.string(let a), .string(let b)):
            a.utf8.elementsEqual(b.utf8) ? .equal : a.utf8.lexicographicallyPrecedes(b.utf8) ? .less : .greater
        case (.timestamp(let a), .timestamp(let b)), (.duration(let a), .duration(let b)): Ordering(a, b)
        default: nil
        }
    }

    /// The name of the value's type, as CEL writes it.
    var typeName: String {
        switch self {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .string: "string"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .list: "list"
        case .map: "map"
        case .type: "type"
        }
    }
}

/// How two values stand to each other. A NaN stands to nothing.
enum Ordering: UInt8 {
    case less
    case equal
    case greater
    case unordered

    init<T: Comparable>(_ a: T, _ b: T) { self = a < b ? .less : a == b ? .equal : .greater }

    var reversed: Ordering {
        switch self {
        case .less: .greater
        case .greater: .less
        default: self
        }
    }
}

func compare(_ a: Double, _ b: Double) -> Ordering { a < b ? .less : a == b ? .equal : a > b ? .greater : .unordered }

/// Compares a whole number with a double as the double nearest to it.
///
/// So whole numbers beyond 2⁵³ may equal a double that they are not. Source: google/cel-spec,
/// tests/simple/testdata/comparisons.textproto, the cases called "lossy".
func compare(_ a: Int64, _ b: Double) -> Ordering { compare(Double(a), b) }
