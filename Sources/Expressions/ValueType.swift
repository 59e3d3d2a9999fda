public import SurveillanceKit

/// The type of an expression, as far as it is known when a program loads.
public indirect enum ValueType: Hashable, Sendable {
    /// Known only when a row is read; every operator takes it and looks then.
    case dyn
    /// What an empty list or map holds: nothing yet, so it becomes the type of whatever it is put beside.
    case open
    case null
    case bool
    case int
    case double
    case string
    case timestamp
    case duration
    /// The type of types: `type(1)`.
    case type
    case list(ValueType)
    case map(ValueType, ValueType)
    /// A value or null: what a field is, since any cell may be empty.
    case nullable(ValueType)

    /// The type a field's cells have in expressions.
    public init(_ field: FieldType) {
        let base: ValueType =
            switch field {
            case .string: .string
            case .integer: .int
            case .number: .double
            case .boolean: .bool
            case .date, .datetime: .timestamp
            }
        self = .nullable(base)
    }

    /// The type of an element that was taken out of its list or map: no more is to come that could tell its type.
    var taken: ValueType { self == .open ? .dyn : self }

    /// The type without the possibility of null.
    var base: ValueType {
        if case .nullable(let base) = self { base } else { self }
    }

    var isNullable: Bool {
        switch self {
        case .nullable, .null, .dyn: true
        default: false
        }
    }

    var isNumber: Bool { base == .int || base == .double }

    /// Whether `<` knows the type.
    var isOrdered: Bool {
        switch base {
        case .dyn, .bool, .int, .double, .string, .timestamp, .duration: true
        default: false
        }
    }

    /// Whether a value of this type may stand where `other` is wanted; null is found out at run time.
    func fits(_ other: ValueType) -> Bool {
        switch (self, other) {
        case (.dyn, _), (_, .dyn), (.open, _), (_, .open): true
        case (.null, .nullable), (.null, .null): true
        case (.nullable(let a), .nullable(let b)), (.nullable(let a), let b), (let a, .nullable(let b)): a.fits(b)
        case (.list(let a), .list(let b)): a.fits(b)
        case (.map(let ak, let av), .map(let bk, let bv)): ak.fits(bk) && av.fits(bv)
        default: self == other
        }
    }

    /// The one type that holds values of both, or nil where CEL has none but `dyn`.
    func joined(with other: ValueType) -> ValueType? {
        switch (self, other) {
        case (.open, let type), (let type, .open): return type
        case (.dyn, _), (_, .dyn): return .dyn
        case (.null, .null): return .null
        case (.null, let type), (let type, .null): return .nullable(type.base)
        case (.nullable(let a), .nullable(let b)), (.nullable(let a), let b), (let a, .nullable(let b)):
            return a.joined(with: b).map { $0 == .dyn ? .dyn : .nullable($0) }
        case (.list(let a), .list(let b)):
            return a.joined(with: b).map { .list($0) }
        case (.map(let ak, let av), .map(let bk, let bv)):
            guard let key = ak.joined(with: bk), let value = av.joined(with: bv) else { return nil }
            return .map(key, value)
        default:
            return self == other ? self : nil
        }
    }
}

extension ValueType: CustomStringConvertible {
    /// The name an author writes and reads: `int`, `list(string)`.
    public var description: String {
        switch self {
        case .dyn, .open: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .string: "string"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .nullable(let base): base.description
        }
    }
}
