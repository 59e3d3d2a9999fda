public import Intake
public import SurveillanceKit

/// What storing one file came to, or would come to.
public struct FileChanges: Hashable, Sendable {
    /// The file's place among those of its submission, from 0.
    public var file: Int
    public var new: Int
    public var changed: Int
    public var unchanged: Int
    /// Records that rows of it withdraw.
    public var withdrawn: Int
    /// Stored records of the days that the package covers that are not in it.
    public var vanished: Int

    public init(
        file: Int, new: Int = 0, changed: Int = 0, unchanged: Int = 0, withdrawn: Int = 0, vanished: Int = 0
    ) {
        self.file = file
        self.new = new
        self.changed = changed
        self.unchanged = unchanged
        self.withdrawn = withdrawn
        self.vanished = vanished
    }

    /// How many records are listed.
    var listed: Int { new + changed + withdrawn + vanished }
}

/// How a submission changed one record.
public struct ChangedRecord: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case new
        case changed
        case withdrawn
        /// It stays stored; the package should have had it.
        case vanished
    }

    public struct KeyField: Hashable, Sendable {
        public var name: String
        /// Masked where it may identify a patient; nil where it is blank.
        public var value: String?

        public init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// The file's place among those of its submission, from 0.
    public var file: Int
    /// The fields of its primary key; nil where that version is no longer kept.
    public var key: [KeyField]?
    public var change: Kind
    /// Of a changed record the fields that differ; nil where the version before is no longer kept.
    public var fields: [String]?

    public init(file: Int, key: [KeyField]?, change: Kind, fields: [String]? = nil) {
        self.file = file
        self.key = key
        self.change = change
        self.fields = fields
    }
}

/// What a submission changed, a page of it.
public struct SubmissionChanges: Sendable {
    public var files: [FileChanges]
    public var records: [ChangedRecord]

    public init(files: [FileChanges] = [], records: [ChangedRecord] = []) {
        self.files = files
        self.records = records
    }

    /// How many records are listed in all.
    var listed: Int { files.reduce(0) { $0 + $1.listed } }
}

/// Which changes are asked for.
public struct ChangesRequest: Sendable {
    public var submission: SubmissionID
    public var offset: Int
    public var limit: Int
    /// As it was known at that moment; nil for now.
    public var asOf: Instant?
}

/// What a package came to that was checked and not kept.
public struct DryRun: Sendable {
    public var state: SubmissionState
    public var fileName: String
    public var files: [FileReport]
    /// The changes of its files; of the records the first.
    public var changes: SubmissionChanges
    /// The first findings, each as its line of JSON.
    public var findings: [[UInt8]]
    public var findingsCount: Int

    public init(
        state: SubmissionState, fileName: String, files: [FileReport], changes: SubmissionChanges,
        findings: [[UInt8]], findingsCount: Int
    ) {
        self.state = state
        self.fileName = fileName
        self.files = files
        self.changes = changes
        self.findings = findings
        self.findingsCount = findingsCount
    }
}
