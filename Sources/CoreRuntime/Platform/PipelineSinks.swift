import Intake
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

/// Takes what comes out of the check of a submission: findings go to their sealed file, rows to the line list's writer.
struct Results: ValidationSink {
    let findings: FindingsWriter
    private let store: PackageStore
    private let lookups: PackageLookups
    /// Files of which nothing counts, known from an earlier try.
    private let refused: Set<Int>
    private var file = 0
    /// What refusing a file came to; thrown with the next that comes.
    private(set) var failure: (any Error)?

    init(findings: FindingsWriter, store: PackageStore, lookups: PackageLookups, refused: Set<Int>) {
        self.findings = findings
        self.store = store
        self.lookups = lookups
        self.refused = refused
    }

    mutating func begin(file: Int) {
        self.file = file
        lookups.begin(file: file)
    }

    mutating func refuse(file: Int) {
        do { try store.refuse(file: file) } catch { failure = failure ?? error }
    }

    mutating func found(_ findings: FindingBatch) throws {
        if let failure { throw failure }
        var lines: [UInt8] = []
        findings.appendJSONLines(to: &lines)
        try self.findings.append(lines: lines, count: findings.count)
    }

    mutating func found(_ finding: Finding) throws { try findings.append(finding) }

    mutating func checked(_ batch: CheckedBatch) throws {
        if let failure { throw failure }
        guard !refused.contains(file), var prepared = batch.prepared as? PreparedRows else { return }
        prepared.keep(batch.rows)
        try store.add(prepared, file: file)
        guard !prepared.waiting.isEmpty else { return }
        try store.add(try lookups.complete(prepared.waiting, of: batch), file: file)
    }
}
