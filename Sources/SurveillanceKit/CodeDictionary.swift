/// A table of codes that each institution keeps with the platform: its ICD code file, a dictionary of its fever clinic.
public struct CodeDictionary: Hashable, Sendable {
    /// The category in addresses: `icd-diagnosis`.
    public var id: String
    public var title: BilingualText
    /// Labels under which a file's code column may stand, beside those that every dictionary knows.
    public var codeLabels: [String]
    /// Labels under which its name column may stand, beside those that every dictionary knows.
    public var nameLabels: [String]

    public init(id: String, title: BilingualText, codeLabels: [String] = [], nameLabels: [String] = []) {
        self.id = id
        self.title = title
        self.codeLabels = codeLabels
        self.nameLabels = nameLabels
    }
}
