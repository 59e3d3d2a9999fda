/// One column of a file type: a field descriptor of Frictionless Table Schema, with the few properties that the standard lacks.
public struct Field: Sendable {
    /// The column's name in the header, `P7506`; matched without regard to case.
    public var name: String
    public var title: BilingualText
    public var description: BilingualText?
    public var type: FieldType
    public var constraints: Constraints
    /// A datetime may stand without its time of day; Table Schema's `"format": "any"`.
    public var acceptsBareDate: Bool
    /// Which list the value must come from.
    public var codeList: CodeList?
    /// Whether one cell may hold several values, and the characters that part them; each is judged alone.
    public var separators: [Character]
    /// Texts that stand for "not known" where a value is required: `-`.
    public var placeholders: [String]
    public var sensitivity: Sensitivity
    public var deidentify: Deidentification
    /// Constraints whose breach is only a warning, such as `required` for fields that real exporters leave empty.
    public var warnings: Set<ConstraintName>
    /// What a date after the day of receipt costs; nil leaves it to the default, see `DateTolerance`.
    public var future: DateTolerance?
    /// What a placeholder date such as 1900-01-01 costs where no date is required; nil leaves it to the default.
    public var placeholderDates: DateTolerance?

    public init(
        name: String, title: BilingualText, description: BilingualText? = nil, type: FieldType,
        constraints: Constraints = Constraints(), acceptsBareDate: Bool = false, codeList: CodeList? = nil,
        separators: [Character] = [],
        placeholders: [String] = [], sensitivity: Sensitivity = .none, deidentify: Deidentification = .keep,
        warnings: Set<ConstraintName> = [], future: DateTolerance? = nil, placeholderDates: DateTolerance? = nil
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.type = type
        self.constraints = constraints
        self.acceptsBareDate = acceptsBareDate
        self.codeList = codeList
        self.separators = separators
        self.placeholders = placeholders
        self.sensitivity = sensitivity
        self.deidentify = deidentify
        self.warnings = warnings
        self.future = future
        self.placeholderDates = placeholderDates
    }

    /// A date of birth: its value is stored as a year, or its title says so. Every other date is the date of an event.
    public var isBirthDate: Bool {
        guard type == .date || type == .datetime else { return false }
        return deidentify == .year || title.zh.contains("出生") || title.en.lowercased().contains("birth")
    }
}

/// What a date costs that cannot be right: one in the future, or one that a system writes for "nothing".
public enum DateTolerance: String, Codable, CaseIterable, Sendable {
    /// The row is rejected. The default for dates in the future.
    case error
    /// The row stands. The default for placeholder dates in optional fields, which are read as empty.
    case warning
    /// Nothing is found: the field may hold a planned date.
    case allowed
}

/// The types a cell can have. Dates are read in the standard's form and in the forms that real exporters write.
///
/// Source: Table Schema, "Types and Formats" (specs.frictionlessdata.io/table-schema).
public enum FieldType: String, Codable, CaseIterable, Sendable {
    case string
    case integer
    case number
    case boolean
    /// A day, `yyyy-MM-dd`.
    case date
    /// A civil moment to the second, `yyyy-MM-dd HH:mm:ss`, in the program's time zone.
    case datetime
}

/// What a value must satisfy beyond its type. Lengths count characters (Unicode scalars).
public struct Constraints: Hashable, Sendable {
    public var isRequired: Bool
    public var minimumLength: Int?
    public var maximumLength: Int?
    public var minimum: Double?
    public var maximum: Double?
    /// The most digits after the decimal point.
    public var maximumDecimals: Int?
    /// The most digits before the decimal point.
    public var maximumIntegerDigits: Int?
    /// A regular expression in RE2 syntax that must match the whole value.
    public var pattern: String?
    public var enumeration: [String]

    public init(
        isRequired: Bool = false, minimumLength: Int? = nil, maximumLength: Int? = nil, minimum: Double? = nil,
        maximum: Double? = nil, maximumDecimals: Int? = nil, maximumIntegerDigits: Int? = nil, pattern: String? = nil,
        enumeration: [String] = []
    ) {
        self.isRequired = isRequired
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
        self.minimum = minimum
        self.maximum = maximum
        self.maximumDecimals = maximumDecimals
        self.maximumIntegerDigits = maximumIntegerDigits
        self.pattern = pattern
        self.enumeration = enumeration
    }
}

/// The constraints of a field by the names Table Schema gives them, and `codeList` of ours.
public enum ConstraintName: String, Codable, CaseIterable, Sendable {
    case required
    case minLength
    case maxLength
    case minimum
    case maximum
    case decimals
    case pattern
    case `enum`
    case codeList
}

/// How closely a value points at a patient.
public enum Sensitivity: String, Codable, CaseIterable, Sendable {
    /// Names, ID and card numbers, phones, addresses, and free text that may hold them: masked wherever it is shown.
    case direct
    /// Points at a patient only together with others: birth date, postcode, times.
    case quasi
    case none
}

/// What becomes of a value before it is stored.
public enum Deidentification: String, Codable, CaseIterable, Sendable {
    /// The value; of text, without the row's own identifiers and without what has the shape of a person's number.
    case keep
    case drop
    /// A keyed pseudonym: equal values of one institution and program stay equal, and no value can be computed back.
    case pseudonym
    /// Of a date, the year.
    case year
    /// Of a postcode, the first four digits: the county-level delivery area.
    case area
    /// Free text with the row's own names, and every long number, taken out.
    case scrub
}
