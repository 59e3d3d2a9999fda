import Foundation
import Intake
import SurveillanceKit
import Tabular
import Validation

/// A sealed upload as the archive reader wants it.
struct SpooledUpload: RandomAccessSource {
    private let content: SealedContent
    /// Is told up to which place something has been read.
    private let onRead: (@Sendable (_ end: Int) -> Void)?

    init(_ content: SealedContent, onRead: (@Sendable (_ end: Int) -> Void)? = nil) {
        self.content = content
        self.onRead = onRead
    }

    var size: Int { content.size }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        do {
            let count = try content.read(at: offset, into: buffer)
            onRead?(offset + count)
            return count
        } catch {
            throw .unreadable(operation: "read the sealed upload", reason: "\(error)")
        }
    }
}

/// Takes what comes out of the check of a submission: findings go to their sealed file, rows to the line list's writer.
struct Results: ValidationSink {
    let findings: any FindingsTarget
    private let store: PackageStore
    private let lookups: PackageLookups
    /// Files of which nothing counts, known from an earlier try.
    private let refused: Set<Int>
    private var file = 0
    /// By file type, how many rows lack nothing but their parent.
    private var rowsWithoutParent: [String: (type: CompiledFileType, rows: Int)] = [:]
    /// What refusing a file came to; thrown with the next that comes.
    private(set) var failure: (any Error)?

    init(findings: any FindingsTarget, store: PackageStore, lookups: PackageLookups, refused: Set<Int>) {
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
                until: submission.receivedAt.advanced(byDays: type.program.retentionDays))
        }.sorted { ($0.program, $0.fileType) < ($1.program, $1.fileType) }
    }

    mutating func checked(_ batch: CheckedBatch) throws {
        if let failure { throw failure }
        guard !refused.contains(file), var prepared = batch.prepared as? PreparedRows else { return }
        prepared.keep(batch.rows)
        try store.add(prepared, of: batch.type, file: file, latestDay: batch.latestDay)
        guard !prepared.waiting.isEmpty else { return }
        try store.add(try lookups.complete(prepared.waiting, of: batch), of: batch.type, file: file)
    }
}

extension CheckedBatch {
    /// The latest day to which a row belongs by the field that the program's coverage names, in days since 1970.
    fileprivate var latestDay: Int? {
        guard let by = type.program.coverage?.by, let field = type.fileType.fieldIndex(by) else { return nil }
        var latest: Int64?
        for row in rows where !row.isWithdrawal {
            for cell in cells[row.cells] where Int(cell.field) >= field {
                if Int(cell.field) == field, !cell.isPlaceholder {
                    latest = max(latest ?? .min, Int64(bitPattern: cell.bits))
                }
                break
            }
        }
        return latest.map { Int(($0 >= 0 ? $0 : $0 - 86_399) / 86_400) }
    }
}

/// Where findings go.
protocol FindingsTarget: AnyObject {
    func append(lines: [UInt8], count: Int) throws
    func append(_ finding: Finding) throws
    func finish() throws
}

extension FindingsWriter: FindingsTarget {}

/// The first findings of a check of which nothing is kept, each as its line of JSON.
final class CollectedFindings: FindingsTarget {
    private(set) var lines: [[UInt8]] = []
    private(set) var count = 0
    private let most: Int

    init(most: Int) { self.most = most }

    func append(lines text: [UInt8], count: Int) {
        self.count += count
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard lines.count < most else { return }
            lines.append(Array(line))
        }
    }

    func append(_ finding: Finding) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        append(lines: Array(try encoder.encode(finding)), count: 1)
    }

    func finish() {}
}
