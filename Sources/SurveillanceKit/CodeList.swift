/// A list of codes that values of a field must come from.
public struct CodeList: Sendable {
    /// `RC001`, `CV02.01.101`; from RC037 up the same number means different lists in different programs.
    public var id: String
    public var title: BilingualText
    public var entries: [Entry]
    /// What a value outside the list costs. A list that is not known for certain, and departments (RC023), only warn.
    public var severity: Severity

    public struct Entry: Hashable, Sendable {
        public var code: String
        public var meaning: BilingualText

        public init(code: String, meaning: BilingualText) {
            self.code = code
            self.meaning = meaning
        }
    }

    public init(id: String, title: BilingualText, entries: [Entry], severity: Severity) {
        self.id = id
        self.title = title
        self.entries = entries
        self.severity = severity
    }

    /// Whether anything is known of the list's codes. No value can be wrong in a list that is not known.
    public var isKnown: Bool { !entries.isEmpty }
}
