/// What storing did to one record: everything that is derived from records is derived from these, in the same transaction.
public struct RecordChange: Hashable, Sendable {
    public var program: String
    public var fileType: String
    /// The code of the institution that reported.
    public var institution: String
    public var key: RecordKey
    /// The day of the file type's `eventDate`: of the new version, or of the last one where the record was withdrawn.
    public var eventDay: CivilDate?
    /// Nil for a record that was not known.
    public var before: RecordValues?
    /// Nil for a record that was withdrawn.
    public var after: RecordValues?

    public init(
        program: String, fileType: String, institution: String, key: RecordKey, eventDay: CivilDate?,
        before: RecordValues?, after: RecordValues?
    ) {
        self.program = program
        self.fileType = fileType
        self.institution = institution
        self.key = key
        self.eventDay = eventDay
        self.before = before
        self.after = after
    }

    /// The names of the fields that differ, in the file type's order; all filled ones where a record is new or withdrawn.
    public var changedFields: [String] {
        let names = (after ?? before)?.names ?? []
        return names.filter { before?[$0] != after?[$0] }
    }
}

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
