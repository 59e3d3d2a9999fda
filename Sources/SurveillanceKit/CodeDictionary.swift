/// A table of codes that each institution keeps with the platform: its ICD code file, a dictionary of its fever clinic.
public struct CodeDictionary: Hashable, Sendable {
    /// The category in addresses: `icd-diagnosis`.
    public var id: String
    public var title: BilingualText
    /// Labels under which a file's code column may stand, beside those that every dictionary knows.
    public var codeLabels: [String]
    /// Labels under which its name column may stand, beside those that every dictionary knows.
    public var nameLabels: [String]
    /// Which reported codes are checked against it.
    public var uses: [Use]
    /// How severe each kind of `judged` is where the program says so.
    public var severities: [FindingCode: Severity]

    /// What may be found of a code by an institution's own table.
    public static let judged: [FindingCode] = [.codeNotInLocalTable, .codeNameMismatch, .codeNotNational]

    /// How severe a kind of `judged` is: a warning where the program does not say.
    public func severity(of kind: FindingCode) -> Severity { severities[kind] ?? .warning }

    /// A field of a file type, with the field that names what it codes and the one that the platform derives from it.
    public struct Use: Hashable, Sendable {
        public var fileType: String
        public var code: String
        public var name: String?
        /// The name under which the national code that the reported one stands for is stored beside it; nil where it is not.
        public var national: String?

        public init(fileType: String, code: String, name: String? = nil, national: String? = nil) {
            self.fileType = fileType
            self.code = code
            self.name = name
            self.national = national
        }
    }

    public init(
        id: String, title: BilingualText, codeLabels: [String] = [], nameLabels: [String] = [], uses: [Use] = [],
        severities: [FindingCode: Severity] = [:]
    ) {
        self.id = id
        self.title = title
        self.codeLabels = codeLabels
        self.nameLabels = nameLabels
        self.uses = uses
        self.severities = severities
    }
}
