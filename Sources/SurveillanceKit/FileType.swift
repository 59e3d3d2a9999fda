/// One kind of file that a program takes: a Table Schema and the rules beyond it.
public struct FileType: Sendable {
    /// The part of a file's name before the first `_`, in lower case: `flu`.
    public var id: String
    public var title: BilingualText
    public var description: BilingualText?
    public var fields: [Field]
    /// What the platform adds to each stored row, behind `fields`: the national codes that reported ones stand for. No file has them, and they
    /// belong to no key.
    public var derived: [Field] = []
    /// Names of the fields that tell one record from another, within one institution.
    public var primaryKey: [String]
    public var foreignKeys: [ForeignKey]
    public var rules: [Rule]
    /// The field that must hold the reporting institution's own code, where there is one.
    public var institutionField: String?
    /// The field that holds that institution's name, where there is one: the same in every row.
    public var institutionNameField: String?
    /// The date or datetime field, kept as it is, that says when what the row reports happened.
    public var eventDate: String?
    /// The share of rejected rows, 0…1, above which nothing of the file is taken; nil takes what stands.
    public var maximumRejectedShare: Double?

    /// What a `maxLength` counts.
    public var lengthUnit: LengthUnit
    /// Texts that stand for nothing in any cell of the file, beyond those that every program knows (`NULL`, `#N/A`).
    public var missingValues: [String]

    /// Fields that belong together, in their order, for people to find their way; empty for none.
    public var groups: [FieldGroup] = []

    public init(
        id: String, title: BilingualText, description: BilingualText? = nil, fields: [Field], primaryKey: [String] = [],
        foreignKeys: [ForeignKey] = [], rules: [Rule] = [], institutionField: String? = nil,
        institutionNameField: String? = nil, eventDate: String? = nil, maximumRejectedShare: Double? = nil,
        lengthUnit: LengthUnit = .characters, missingValues: [String] = []
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.fields = fields
        self.primaryKey = primaryKey
        self.foreignKeys = foreignKeys
        self.rules = rules
        self.institutionField = institutionField
        self.institutionNameField = institutionNameField
        self.eventDate = eventDate
        self.maximumRejectedShare = maximumRejectedShare
        self.lengthUnit = lengthUnit
        self.missingValues = missingValues
    }

    /// The field at which a broken link is shown: the first that tells parents apart, which one with a code list does not.
    public func fieldShown(for link: ForeignKey.Link) -> Int? {
        let indexes = link.fields.compactMap(fieldIndex)
        return indexes.first { fields[$0].codeList == nil } ?? indexes.first
    }

    /// The fields that are about the reporting institution and alike in every row.
    public var institutionFields: [String] { [institutionField, institutionNameField].compactMap { $0 } }

    /// The rules about parents, over all links.
    public var parentRules: [ParentRule] { foreignKeys.flatMap(\.links).flatMap(\.rules) }

    /// All that a stored row may hold; a field's place here is its number in checked and stored rows.
    public var storedFields: [Field] { derived.isEmpty ? fields : fields + derived }

    public func fieldIndex(_ name: String) -> Int? { fields.firstIndex { $0.name == name } }
}

/// What the length of a text is counted in.
public enum LengthUnit: String, Codable, Sendable {
    case characters
    /// Bytes of GBK, as databases of older hospital systems count: two for every character beyond ASCII.
    case gbkBytes
}

/// A link from a row to its parent. One of the `links` is enough: a medication belongs to a case still in hospital or to a discharged one.
///
/// A link of which a field is empty or unreadable is not looked up: the cell's own finding has said so.
public struct ForeignKey: Hashable, Sendable {
    public var links: [Link]

    /// The row's `fields` hold what `parentFields` hold in some row of `fileType`, compared by value, within one institution.
    public struct Link: Hashable, Sendable {
        public var fields: [String]
        public var fileType: String
        public var parentFields: [String]
        /// What the parent must agree with.
        public var rules: [ParentRule]

        public init(fields: [String], fileType: String, parentFields: [String], rules: [ParentRule] = []) {
            self.fields = fields
            self.fileType = fileType
            self.parentFields = parentFields
            self.rules = rules
        }
    }

    public init(links: [Link]) { self.links = links }
}

/// Fields that belong together: from one field up to the next group's.
public struct FieldGroup: Hashable, Sendable {
    public var title: BilingualText
    /// The first of them.
    public var first: String

    public init(title: BilingualText, first: String) {
        self.title = title
        self.first = first
    }
}

extension FileType {
    /// The fields group by group; those before the first group, or all where there is none, come without one.
    public var groupedFields: [(group: FieldGroup?, fields: [Field])] {
        var parts: [(group: FieldGroup?, fields: [Field])] = []
        for field in fields {
            if let group = groups.first(where: { $0.first == field.name }) {
                parts.append((group, [field]))
            } else if parts.isEmpty {
                parts.append((nil, [field]))
            } else {
                parts[parts.count - 1].fields.append(field)
            }
        }
        return parts
    }
}
