/// Tells one record from another of the same file type and institution: 96 bits of a keyed hash over its primary key.
///
/// Two keys of an institution with ten million records are taken for one with a probability below 10⁻¹⁴.
public struct RecordKey: Hashable, Comparable, Sendable {
    public var high: Int64
    /// 32 bits, never negative.
    public var low: Int64

    public init(high: Int64, low: Int64) {
        self.high = high
        self.low = low
    }

    public static func < (left: RecordKey, right: RecordKey) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// The stored values of a record, by field.
public struct RecordValues: Hashable, Sendable {
    /// The fields that are stored, in the file type's order.
    public let names: [String]
    /// For each name its value; nil where the cell was blank.
    public let values: [StoredValue?]

    public init(names: [String], values: [StoredValue?]) {
        self.names = names
        self.values = values
    }

    /// The value of a field; nil where it is blank, or not stored at all.
    public subscript(name: String) -> StoredValue? {
        names.firstIndex(of: name).flatMap { values[$0] }
    }
}
