/// A hospital that reports.
public struct Institution: Hashable, Sendable {
    /// The code it is registered under; P900 in every file of its own, unless it has `codeAliases`.
    public var code: String
    public var name: BilingualText
    /// Other names that its reports may call it by.
    public var aliases: [String]
    /// Other codes that P900 of its reports may hold, as a reviewer has bound them.
    public var codeAliases: [String]
    public var level: Level
    /// Its class within the level; nil where the register does not say it.
    public var grade: Grade?
    /// What kind of institution it is; nil where the register does not say it.
    public var category: Category?
    /// The administrative division of its place, GB/T 2260: six digits.
    public var region: String
    public var hasFeverClinic: Bool
    /// The first day on which it may owe reports; nil where it always did.
    public var from: CivilDate?
    /// The last one; nil where there is none.
    public var until: CivilDate?
    /// What is different from a day on, in the order of the days.
    public var changes: [Change]

    /// The hospital's level in China's three-tier system.
    public enum Level: String, CaseIterable, Sendable {
        case tertiary = "三级"
        case secondary = "二级"
        case primary = "一级"
        /// It has been given no level.
        case unrated = "未定级"
    }

    /// The class within a level.
    public enum Grade: String, CaseIterable, Sendable {
        case special = "特等"
        case a = "甲等"
        case b = "乙等"
        case c = "丙等"
        case ungraded = "未定等"
    }

    /// The kinds of institutions that scopes tell apart.
    public enum Category: String, CaseIterable, Sendable {
        case general = "综合"
        case traditionalChinese = "中医"
        case integrated = "中西医结合"
        case ethnic = "民族医"
        case specialized = "专科"
        case maternalAndChild = "妇幼保健"
        case primaryCare = "基层"
        case other = "其他"

        /// Whether it practises Chinese medicine: 中医, 中西医结合 or 民族医.
        public var isChineseMedicine: Bool {
            switch self {
            case .traditionalChinese, .integrated, .ethnic: true
            case .general, .specialized, .maternalAndChild, .primaryCare, .other: false
            }
        }
    }

    /// What is different from a day on; nil stays as it was.
    public struct Change: Hashable, Sendable {
        public var from: CivilDate
        public var level: Level?
        public var grade: Grade?
        public var category: Category?
        public var region: String?
        public var hasFeverClinic: Bool?

        public init(
            from: CivilDate, level: Level? = nil, grade: Grade? = nil, category: Category? = nil, region: String? = nil,
            hasFeverClinic: Bool? = nil
        ) {
            self.from = from
            self.level = level
            self.grade = grade
            self.category = category
            self.region = region
            self.hasFeverClinic = hasFeverClinic
        }
    }

    public init(
        code: String, name: BilingualText, aliases: [String] = [], codeAliases: [String] = [], level: Level,
        grade: Grade? = nil,
        category: Category? = nil, region: String, hasFeverClinic: Bool, from: CivilDate? = nil,
        until: CivilDate? = nil, changes: [Change] = []
    ) {
        self.code = code
        self.name = name
        self.aliases = aliases
        self.codeAliases = codeAliases
        self.level = level
        self.grade = grade
        self.category = category
        self.region = region
        self.hasFeverClinic = hasFeverClinic
        self.from = from
        self.until = until
        self.changes = changes
    }

    /// The institution as it is on a day.
    public func on(_ day: CivilDate) -> Institution {
        var institution = self
        for change in changes where change.from <= day {
            institution.level = change.level ?? institution.level
            institution.grade = change.grade ?? institution.grade
            institution.category = change.category ?? institution.category
            institution.region = change.region ?? institution.region
            institution.hasFeverClinic = change.hasFeverClinic ?? institution.hasFeverClinic
        }
        return institution
    }
}
