/// A figure that a program declares: what is counted over which records, and how the number is to be read.
///
/// Every part is a pure function of stored records, so that a changed record moves the figure by a difference. A definition that changes
/// gets a new `version`; the earlier text stays in `earlier`, and both can be shown.
public struct Indicator: Hashable, Sendable {
    /// Unique in its program: lower case, digits and `-`.
    public var id: String
    /// From 1.
    public var version: Int
    public var title: BilingualText
    /// What is counted, in a sentence.
    public var definition: BilingualText
    /// What a reader would otherwise misread.
    public var caveat: BilingualText?
    /// The table or document that the definition was taken from.
    public var source: BilingualText
    /// What the value is in: 人次, %, 天, 元.
    public var unit: BilingualText
    /// The file type whose records are counted.
    public var over: String
    /// Which records have a valid result: holds for numerator and denominator alike. Nil where every record has.
    public var valid: IndicatorCondition?
    public var numerator: IndicatorPart
    /// Nil for a count, a sum, a mean, a distribution or a number of distinct values.
    public var denominator: IndicatorPart?
    /// The date or datetime field that says to which day a record belongs; nil takes the file type's event date.
    public var eventDate: String?
    /// The dimensions of the program by which it may be split, by id. Time, region, institution and level may always be.
    public var dimensions: [String]
    /// Below it a value is not shown: "—（n < 20）". A share's or ratio's denominator, otherwise the number of records behind the value; a count
    /// is always shown.
    public var minimumDenominator: Int
    public var alarm: Alarm
    /// The codes it reads are uncertain.
    public var isExperimental: Bool
    /// Definitions that were in force before, newest first: what they say of titles and texts is their own.
    public var earlier: [Indicator]

    /// Which way a change is a reason to look.
    public enum Alarm: String, Hashable, Sendable, CaseIterable {
        case up
        case down
        case none
    }

    public static let standardMinimumDenominator = 20

    public init(
        id: String, version: Int, title: BilingualText, definition: BilingualText, caveat: BilingualText? = nil,
        source: BilingualText, unit: BilingualText, over: String, valid: IndicatorCondition? = nil,
        numerator: IndicatorPart, denominator: IndicatorPart? = nil, eventDate: String? = nil, dimensions: [String],
        minimumDenominator: Int = Indicator.standardMinimumDenominator, alarm: Alarm = .none,
        isExperimental: Bool = false, earlier: [Indicator] = []
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.definition = definition
        self.caveat = caveat
        self.source = source
        self.unit = unit
        self.over = over
        self.valid = valid
        self.numerator = numerator
        self.denominator = denominator
        self.eventDate = eventDate
        self.dimensions = dimensions
        self.minimumDenominator = minimumDenominator
        self.alarm = alarm
        self.isExperimental = isExperimental
        self.earlier = earlier
    }

    /// What kind of number it is.
    public enum Kind: Hashable, Sendable {
        /// A number of records.
        case count
        /// Records among records, shown in percent with an interval: those of the numerator are counted among those of the denominator.
        case share
        /// A sum over a sum, or a sum over a number of records.
        case ratio
        case sum
        case mean
        /// A percentile of values, from 1 to 99; 50 is the median.
        case percentile(Int)
        case distinct
    }

    public var kind: Kind {
        switch (numerator.aggregate, denominator?.aggregate) {
        case (.count, nil): .count
        case (.count, .count?): .share
        case (.sum, nil): .sum
        case (.mean, _): .mean
        case (.percentile(let percent, _), _): .percentile(percent)
        case (.distinct, _): .distinct
        default: .ratio
        }
    }

    /// Whether values are kept with how often they occur, instead of two sums.
    public var keepsValues: Bool {
        switch kind {
        case .percentile, .distinct: true
        default: false
        }
    }
}

/// Which records count: those that meet an expression and have, or lack, children that meet theirs.
public struct IndicatorCondition: Hashable, Sendable {
    /// CEL over the record; what cannot be decided does not count. Nil takes every record.
    public var when: String?
    /// All of these must hold.
    public var having: [ChildCondition]

    public init(when: String? = nil, having: [ChildCondition] = []) {
        self.when = when
        self.having = having
    }

    /// How many children of a file type a record must have.
    public struct ChildCondition: Hashable, Sendable {
        /// A file type that refers to the record's by a foreign key.
        public var fileType: String
        /// CEL over the child; nil takes every child.
        public var when: String?
        /// At least so many; 0 stands for "none at all".
        public var atLeast: Int

        public init(fileType: String, when: String? = nil, atLeast: Int = 1) {
            self.fileType = fileType
            self.when = when
            self.atLeast = atLeast
        }
    }
}

/// A numerator or a denominator.
public struct IndicatorPart: Hashable, Sendable {
    public var aggregate: Aggregate
    public var condition: IndicatorCondition

    public init(_ aggregate: Aggregate, _ condition: IndicatorCondition = IndicatorCondition()) {
        self.aggregate = aggregate
        self.condition = condition
    }

    public enum Aggregate: Hashable, Sendable {
        /// The number of records.
        case count
        /// The sum of a CEL expression over the records; over their children of a file type where one is named. Then `when` of the
        /// part's condition is about the children, too.
        case sum(of: IndicatorValue, child: String?)
        /// The mean of an expression over the records for which it is known.
        case mean(of: IndicatorValue)
        /// A percentile of an expression, from 1 to 99.
        case percentile(Int, of: IndicatorValue)
        /// The number of different values of a field.
        case distinct(field: String)
    }
}

/// A number that a record has.
public struct IndicatorValue: Hashable, Sendable {
    /// CEL that gives an int or a double.
    public var expression: String
    /// How many decimals count, from 0 to 4: values are rounded to them, half away from zero, and kept as whole numbers.
    public var decimals: Int

    public init(_ expression: String, decimals: Int = 0) {
        self.expression = expression
        self.decimals = decimals
    }
}

/// What records can be split by, besides time, region, institution and level: age group, sex, kind of visit.
public struct IndicatorDimension: Hashable, Sendable {
    /// Unique in its program: `age-group`.
    public var id: String
    public var title: BilingualText
    /// For each file type that has it the field with the value.
    public var fields: [String: String]
    /// In the order in which they are shown. What no group takes is `IndicatorDimension.unknown`.
    public var groups: [Group]

    /// What no group takes: blank, a placeholder, a code outside of all groups.
    public static let unknown = "unknown"

    public init(id: String, title: BilingualText, fields: [String: String], groups: [Group]) {
        self.id = id
        self.title = title
        self.fields = fields
        self.groups = groups
    }

    public struct Group: Hashable, Sendable {
        /// Unique in its dimension: `5-14`, `male`.
        public var id: String
        public var title: BilingualText
        /// Codes of a string field; empty for a field of numbers.
        public var codes: [String]
        /// Of a field of whole numbers: the least and the greatest value; nil where there is no bound.
        public var from: Int?
        public var through: Int?

        public init(
            id: String, title: BilingualText, codes: [String] = [], from: Int? = nil, through: Int? = nil
        ) {
            self.id = id
            self.title = title
            self.codes = codes
            self.from = from
            self.through = through
        }
    }
}

/// What a program calls one thing although laboratories call it by many names: influenza A, oseltamivir.
///
/// Expressions ask for it as a function of one text, `influenzaA(P7613)`, by the concept's id in camel case.
public struct Concept: Hashable, Sendable {
    /// Unique in its program: `influenza-a`.
    public var id: String
    public var title: BilingualText
    public var entries: [Entry]

    public init(id: String, title: BilingualText, entries: [Entry]) {
        self.id = id
        self.title = title
        self.entries = entries
    }

    public struct Entry: Hashable, Sendable {
        public enum Match: String, Hashable, Sendable, CaseIterable {
            /// The text is this.
            case exact = "is"
            /// The text holds this.
            case contains
            /// What this covers of a text is passed over: `副流感` holds `流感` and is another virus.
            case ignores
            /// A text that holds this is never meant, whatever else it holds.
            case excludes
        }

        public var match: Match
        /// Compared without regard to case, width, blanks, brackets, `-`, `_` and `/`.
        public var text: String

        public init(_ match: Match, _ text: String) {
            self.match = match
            self.text = text
        }
    }
}
