/// Which institutions owe a program's reports.
public struct DutyScope: Hashable, Sendable {
    /// Follow one another by `from`, as the deadlines' rules do.
    public var rules: [Rule]
    /// Institutions that owe the reports although no rule says so.
    public var additions: [Named]
    /// Institutions that are excused although they are in scope.
    public var exemptions: [Named]

    public struct Rule: Hashable, Sendable {
        public var from: CivilDate
        public var until: CivilDate?
        /// An expression over the institution: those for which it holds owe the reports.
        public var institutions: String
        public var origin: RuleOrigin

        public init(from: CivilDate, until: CivilDate? = nil, institutions: String, origin: RuleOrigin = RuleOrigin()) {
            self.from = from
            self.until = until
            self.institutions = institutions
            self.origin = origin
        }
    }

    /// One institution, by its code, from one day to another.
    public struct Named: Hashable, Sendable {
        public var institution: String
        public var from: CivilDate
        /// The last day.
        public var until: CivilDate
        public var origin: RuleOrigin

        public init(institution: String, from: CivilDate, until: CivilDate, origin: RuleOrigin = RuleOrigin()) {
            self.institution = institution
            self.from = from
            self.until = until
            self.origin = origin
        }
    }

    public init(rules: [Rule] = [], additions: [Named] = [], exemptions: [Named] = []) {
        self.rules = rules
        self.additions = additions
        self.exemptions = exemptions
    }
}
