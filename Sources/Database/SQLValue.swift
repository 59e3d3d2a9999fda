/// One value as SQL knows it; every driver stores these five kinds and nothing else.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The value, or null for nil.
    public init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }

    /// The value, or null for nil.
    public init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }

    /// The value, or null for nil.
    public init(_ number: Int64?) { self = number.map(SQLValue.integer) ?? .null }

    /// The value, or null for nil. SQL has no NaN: it becomes null too.
    public init(_ number: Double?) {
        guard let number, !number.isNaN else {
            self = .null
            return
        }
        self = .real(number)
    }

    /// The value, or null for nil.
    public init(_ bytes: [UInt8]?) { self = bytes.map(SQLValue.blob) ?? .null }

    /// 1 for true and 0 for false: not every database has a type of its own for it.
    public init(_ flag: Bool) { self = .integer(flag ? 1 : 0) }

    public var isNull: Bool { self == .null }

    /// What kind of value this is, for messages: the value itself may be a patient's.
    var kind: String {
        switch self {
        case .null: "null"
        case .integer: "an integer"
        case .real: "a real number"
        case .text: "text"
        case .blob: "bytes"
        }
    }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral number: Int64) { self = .integer(number) }
    public init(nilLiteral: ()) { self = .null }
}

/// A Swift type that a column can be read as.
public protocol ColumnValue: Sendable {
    /// What it is called in a message about a column that holds something else.
    static var kind: String { get }

    /// The value, or nil where a column's value is of another kind.
    init?(_ value: SQLValue)
}

extension String: ColumnValue {
    public static var kind: String { "text" }

    public init?(_ value: SQLValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension Int64: ColumnValue {
    public static var kind: String { "an integer" }

    public init?(_ value: SQLValue) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }
}

extension Int: ColumnValue {
    public static var kind: String { "an integer" }

    public init?(_ value: SQLValue) {
        guard case .integer(let number) = value else { return nil }
        self.init(exactly: number)
    }
}

extension Double: ColumnValue {
    public static var kind: String { "a real number" }

    /// An integer is read as a number too.
    public init?(_ value: SQLValue) {
        switch value {
        case .real(let number): self = number
        case .integer(let number): self = Double(number)
        case .null, .text, .blob: return nil
        }
    }
}

extension Bool: ColumnValue {
    public static var kind: String { "true or false (1 or 0)" }

    public init?(_ value: SQLValue) {
        switch value {
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension [UInt8]: ColumnValue {
    public static var kind: String { "bytes" }

    public init?(_ value: SQLValue) {
        guard case .blob(let bytes) = value else { return nil }
        self = bytes
    }
}

extension SQLValue: ColumnValue {
    public static var kind: String { "any value" }

    public init?(_ value: SQLValue) { self = value }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    public static var kind: String { "\(Wrapped.kind) or null" }

    public init?(_ value: SQLValue) {
        if value.isNull {
            self = Wrapped?.none
        } else if let wrapped = Wrapped(value) {
            self = Wrapped?.some(wrapped)
        } else {
            return nil
        }
    }
}
