/// A surveillance program: what it is called, since when it runs and which files it takes.
public struct Program: Sendable {
    /// `influenza`: lower case, digits and `-`.
    public var id: String
    public var title: BilingualText
    public var description: BilingualText?
    public var version: String
    /// The first day on which it takes reports, `yyyy-MM-dd`.
    public var effectiveFrom: String
    /// The zone of every civil time in its files and deadlines, as the IANA names it.
    public var timeZone: String
    /// For how many days uploads and their findings are kept after they were received.
    public var retentionDays: Int
    /// For how many days earlier versions of records are kept after they were replaced; nil keeps them for ever.
    public var historyDays: Int?
    /// What every package is to hold, where each repeats some days.
    public var coverage: Coverage?
    /// By when which report is due; in the order of the file.
    public var deadlines: [DeadlineRule]
    /// Who owes them.
    public var scope: DutyScope
    public var fileTypes: [FileType]
    /// The figures that are kept of its records; in the order of the file.
    public var indicators: [Indicator]
    /// What its indicators may be split by.
    public var dimensions: [IndicatorDimension]
    /// What its expressions of indicators may ask for by one name.
    public var concepts: [Concept]
    /// The parts of the country by which its indicators may be split; empty where it tells none apart.
    public var zones: [RegionZone]
    /// In which kinds of file its tables may be sent.
    public var formats: Set<TableFormat>
    /// Tables of codes that each institution keeps with the platform; in the order of the file.
    public var dictionaries: [CodeDictionary]

    /// The days that every package repeats: a record of these that is stored and not in the package has vanished.
    public struct Coverage: Hashable, Sendable {
        public var days: Int
        /// The date or datetime field that says to which day a record belongs; file types without it are not covered.
        public var by: String

        public init(days: Int, by: String) {
            self.days = days
            self.by = by
        }
    }

    public init(
        id: String, title: BilingualText, description: BilingualText? = nil, version: String, effectiveFrom: String,
        timeZone: String, retentionDays: Int = Program.standardRetentionDays, historyDays: Int? = nil,
        coverage: Coverage? = nil, deadlines: [DeadlineRule] = [], scope: DutyScope = DutyScope(),
        fileTypes: [FileType], indicators: [Indicator] = [], dimensions: [IndicatorDimension] = [],
        concepts: [Concept] = [], zones: [RegionZone] = [], formats: Set<TableFormat> = [.csv],
        dictionaries: [CodeDictionary] = []
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.version = version
        self.effectiveFrom = effectiveFrom
        self.timeZone = timeZone
        self.retentionDays = retentionDays
        self.historyDays = historyDays
        self.coverage = coverage
        self.deadlines = deadlines
        self.scope = scope
        self.fileTypes = fileTypes
        self.indicators = indicators
        self.dimensions = dimensions
        self.concepts = concepts
        self.zones = zones
        self.formats = formats
        self.dictionaries = dictionaries
    }

    /// Where a program does not say it, and for uploads that no program knows.
    public static let standardRetentionDays = 30

    public func fileType(_ id: String) -> FileType? { fileTypes.first { $0.id == id } }
}

/// What a program says in Swift because its files cannot: named checks. Registered by one line in `AllPrograms.swift`.
public protocol ProgramModule: Sendable {
    /// The program whose folder this module belongs to.
    static var id: String { get }
    static var checks: [NamedCheck] { get }
}
