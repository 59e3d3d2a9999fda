import Checking
public import ProgramFiles
public import SelfTest
public import SurveillanceKit
import Tabular
public import Validation

/// What came of a package that was held in memory.
public struct Examined {
    public let findings: [Finding]
    public let reports: [FileReport]
    /// Rows handed on as checked.
    public let checkedRows: Int
    /// The findings as the command line prints them.
    public let jsonLines: [UInt8]

    /// Examines files as one package, as an upload of theirs would be.
    ///
    /// - Parameter findParent: what the store answers; nil examines offline.
    public init(
        _ files: [(name: String, bytes: [UInt8])], by registry: ProgramRegistry, institution: String? = nil,
        receivedAt: Instant = RuleCases.receivedAt, threads: Int = 1,
        findParent: (@Sendable (ParentKey) throws -> StoredParent?)? = nil, codes: (any CodeBook)? = nil
    ) throws {
        let context = ValidationContext(
            institution: institution, receivedAt: receivedAt, seed: KeySeed((1, 2)), threads: threads, wantsRows: true,
            findParent: findParent, codes: codes)
        var sink = FindingCollector(keepsJSON: true)
        let packages = try files.map { try UploadedPackage(name: $0.name, source: BytesSource($0.bytes)) }
        reports = try Examination(registry: registry, context: context)
            .run(UploadedPackage(joining: packages), named: files.first?.name ?? "package", sink: &sink)
        findings = sink.findings
        checkedRows = sink.checkedRows
        jsonLines = sink.jsonLines
    }

    /// Each finding as a line, sorted; see `Place`.
    public var places: [String] { findings.map(Place.text).sorted() }

    public func places(in file: String) -> [String] { findings.filter { $0.file == file }.map(Place.text).sorted() }
}
