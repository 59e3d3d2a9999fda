import Checking
import Foundation
public import SelfTest
public import SurveillanceKit
import Validation

/// What `vedette check` finds in files on disk; the folder they are written to is gone afterwards.
public struct CheckedFiles {
    public let findings: [Finding]
    public let reports: [FileReport]

    /// - Parameter now: the moment of the check.
    public init(_ files: [(name: String, bytes: [UInt8])], now: Instant = RuleCases.receivedAt, threads: Int = 1) throws
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try files.map { file in
            let path = folder.appendingPathComponent(file.name)
            try Data(file.bytes).write(to: path)
            return path
        }
        var sink = FindingCollector()
        let check = OfflineCheck(
            registry: try Repository.registry.get(), institution: nil, now: now, threads: threads)
        reports = try check.run(paths, sink: &sink)
        findings = sink.findings
    }
}
