import Database
import Deidentification
import Intake
import ShangMi
import SurveillanceKit
import Tabular
import Validation

/// A sealed upload as the archive reader wants it.
struct SpooledUpload: RandomAccessSource {
    private let content: SealedContent

    init(_ content: SealedContent) { self.content = content }

    var size: Int { content.size }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        do {
            return try content.read(at: offset, into: buffer)
        } catch {
            throw .unreadable(operation: "read the sealed upload", reason: "\(error)")
        }
    }
}

/// De-identifies the batches of one package, with one deidentifier a file type.
private final class Deidentifiers {
    private final class Box {
        var deidentifier: Deidentifier
        init(_ deidentifier: consuming Deidentifier) { self.deidentifier = deidentifier }
    }

    private let institution: String
    private let key: SymmetricKey
    private let visits = VisitNames()
    private var boxes: [String: Box] = [:]

    init(institution: String, key: SymmetricKey) {
        self.institution = institution
        self.key = key
    }

    func apply(_ batch: CheckedBatch) throws -> DeidentifiedBatch {
        let box: Box
        if let known = boxes[batch.type.id] {
            box = known
        } else {
            box = Box(try Deidentifier(batch.type, institution: institution, key: key, visits: visits))
            boxes[batch.type.id] = box
        }
        return box.deidentifier.apply(batch)
    }
}

/// Takes what comes out of the first check of a submission: findings go to their sealed file, rows are de-identified and held for the
/// transaction, up to a size; beyond it they are let go, and the package is checked a second time as it is stored.
struct Results: ValidationSink {
    let findings: FindingsWriter
    /// Files of which nothing counts.
    private(set) var refused: Set<Int> = []
    private(set) var isHeld = true
    private var batches: [(file: Int, batch: DeidentifiedBatch)] = []
    private var heldBytes = 0
    private let maximumHeldBytes: Int
    /// By file type, how many rows lack nothing but their parent.
    private var rowsWithoutParent: [String: (type: CompiledFileType, rows: Int)] = [:]
    private var file = 0
    private let deidentifiers: Deidentifiers

    init(_ pipeline: Pipeline, _ submission: Submission) throws {
        findings = try pipeline.data.findings.begin(submission.id, attempt: submission.attempt)
        maximumHeldBytes = pipeline.maximumHeldBytes
        deidentifiers = Deidentifiers(institution: submission.institution, key: pipeline.data.pseudonymKey)
    }

    var held: [DeidentifiedBatch] { batches.map(\.batch) }

    mutating func begin(file: Int) { self.file = file }

    mutating func refuse(file: Int) {
        refused.insert(file)
        batches.removeAll { $0.file == file }
    }

    mutating func found(_ findings: FindingBatch) throws {
        var lines: [UInt8] = []
        findings.appendJSONLines(to: &lines)
        try self.findings.append(lines: lines, count: findings.count)
        let waiting = findings.rowsWithoutParentOnly
        guard waiting > 0 else { return }
        let name = "\(findings.type.program.id)/\(findings.type.id)"
        rowsWithoutParent[name, default: (findings.type, 0)].rows += waiting
    }

    mutating func found(_ finding: Finding) throws { try findings.append(finding) }

    /// What the rows that lack nothing but their parent wait for: until the submission is no longer kept.
    func waiting(_ submission: Submission) -> [WaitingRows] {
        rowsWithoutParent.values.map { type, rows in
            var parents: [String] = []
            for link in type.fileType.foreignKeys.flatMap(\.links) where !parents.contains(link.fileType) {
                parents.append(link.fileType)
            }
            return WaitingRows(
                program: type.program.id, fileType: type.id, rows: rows, parents: parents,
                until: submission.receivedAt + Int64(type.program.retentionDays) * 86_400_000)
        }.sorted { ($0.program, $0.fileType) < ($1.program, $1.fileType) }
    }

    mutating func checked(_ batch: CheckedBatch) throws {
        guard isHeld else { return }
        let deidentified = try deidentifiers.apply(batch)
        heldBytes += deidentified.text.count + deidentified.cells.count * MemoryLayout<DeidentifiedBatch.Cell>.stride
        batches.append((file, deidentified))
        if heldBytes > maximumHeldBytes {
            isHeld = false
            batches = []
        }
    }
}

/// Stores rows as they are checked a second time, for packages too large to be held. Their findings are known already.
struct Storing: ValidationSink {
    private let store: RowStore
    private let refused: Set<Int>
    private var file = 0
    private let deidentifiers: Deidentifiers

    init(_ pipeline: Pipeline, _ submission: Submission, into store: RowStore, refused: Set<Int>) throws {
        self.store = store
        self.refused = refused
        deidentifiers = Deidentifiers(institution: submission.institution, key: pipeline.data.pseudonymKey)
    }

    mutating func begin(file: Int) { self.file = file }
    mutating func refuse(file: Int) {}
    mutating func found(_ findings: FindingBatch) {}
    mutating func found(_ finding: Finding) {}

    mutating func checked(_ batch: CheckedBatch) throws {
        guard !refused.contains(file) else { return }
        try store.store(try deidentifiers.apply(batch))
    }
}
