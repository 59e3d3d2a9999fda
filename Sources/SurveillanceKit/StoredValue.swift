/// A value as the line list keeps it.
public enum StoredValue: Hashable, Sendable {
    /// UTF-8.
    case text([UInt8])
    case integer(Int64)
    case number(Double)
}
