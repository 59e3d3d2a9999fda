import Checking
public import Foundation
public import ProgramFiles
import Seeding
import SurveillanceKit
import Tabular
public import Validation

/// Puts one known fault at a time into packages that have none, and demands exactly its findings.
///
/// For every seed a package is made and every kind of fault tried on it once: the finding must be there, at its file, row and field, with
/// its code and severity, and nothing else but what must follow, such as the children of a rejected row.
public struct MutationTest: Sendable {
    public struct Failure: Sendable, CustomStringConvertible {
        public var seed: UInt64
        public var kind: String
        public var missing: [ExpectedFinding]
        public var unexpected: [ExpectedFinding]
        /// Counts that do not add up.
        public var counts: [String]

        public var description: String {
            var lines = ["seed \(seed), \(kind):"]
            lines +=
                missing.map { "  not found  \($0)" } + unexpected.map { "  beside it  \($0)" }
                + counts.map { "  counted    \($0)" }
            return lines.joined(separator: "\n")
        }
    }

    public struct Outcome: Sendable {
        /// How often each kind of fault was tried.
        public var tries: [String: Int] = [:]
        public var failures: [Failure] = []
    }

    private let registry: ProgramRegistry
    private let program: Program
    private let cases: [String: RuleCases]
    private let rows: Int

    /// - Parameter programs: the programs' folder, for the rows of the rules' cases.
    public init(_ program: String, in registry: ProgramRegistry, programs: URL, rows: Int = 6) throws(ProgramError) {
        self.registry = try registry.restricted(to: program)
        self.program = self.registry.programs[0].program
        self.rows = rows
        cases = try RuleCases.all(of: program, in: programs)
        guard !cases.isEmpty else {
            throw .unreadable(
                file: programs.path,
                reason: "program '\(program)' has no Cases/rules/*.json, whose base rows the packages are made of")
        }
    }

    /// The kinds of fault there are.
    public static var kinds: [String] { Mutator.kinds.map(\.name) }

    public func run(seeds: Range<UInt64>, only kind: String? = nil) throws -> Outcome {
        var outcome = Outcome()
        for seed in seeds {
            var generator = PackageGenerator(program, cases: cases, seed: seed)
            let package = generator.package(rows: rows)
            for (index, entry) in Mutator.kinds.enumerated() where kind == nil || kind == entry.name {
                var random = SeededGenerator(seed: seed &* 1000 &+ UInt64(index))
                let hasStore = random.oneIn(2)
                var mutator = Mutator(
                    package: package, random: random, cases: cases, program: program, hasStore: hasStore)
                guard let mutant = entry.make(&mutator) else { continue }
                outcome.tries[entry.name, default: 0] += 1
                if let failure = try judge(mutant, seed: seed, hasStore: hasStore) { outcome.failures.append(failure) }
            }
        }
        return outcome
    }

    private func judge(_ mutant: Mutant, seed: UInt64, hasStore: Bool) throws -> Failure? {
        let context = ValidationContext(
            receivedAt: RuleCases.receivedAt, seed: KeySeed((seed, 1)), threads: 1 + Int(seed % 3), wantsRows: true,
            findParent: hasStore ? { @Sendable _ in nil } : nil)
        var sink = FindingCollector()
        let files = mutant.package.files() + mutant.extraFiles
        let package =
            if let folder = mutant.folder {
                try UploadedPackage(name: "package.zip", source: BytesSource(MutationTest.zip(files, in: folder)))
            } else {
                try UploadedPackage(
                    joining: files.map { try UploadedPackage(name: $0.name, source: BytesSource($0.bytes)) })
            }
        let reports = try Examination(registry: registry, context: context).run(package, named: "package", sink: &sink)
        var missing = Counts(mutant.expected)
        var unexpected: [ExpectedFinding] = []
        for found in sink.findings.map(ExpectedFinding.init)
        where !missing.take(found) && !mutant.tolerated.contains(found) {
            unexpected.append(found)
        }
        let counts = reports.compactMap { contradiction(in: $0, sink.findings) }
        guard !missing.all.isEmpty || !unexpected.isEmpty || !counts.isEmpty else { return nil }
        return Failure(seed: seed, kind: mutant.kind, missing: missing.all, unexpected: unexpected, counts: counts)
    }

    private static func zip(_ files: [(name: String, bytes: [UInt8])], in folder: String) -> [UInt8] {
        var writer = StoredArchiveWriter()
        var bytes: [UInt8] = []
        for file in files {
            bytes += writer.begin(folder + file.name)
            file.bytes.withUnsafeBytes { writer.count($0) }
            bytes += file.bytes + writer.end()
        }
        return bytes + writer.finish()
    }

    /// What a report's counts say against its findings.
    private func contradiction(in report: FileReport, _ findings: [Finding]) -> String? {
        let own = findings.filter { $0.file == report.name }
        let errors = own.count { $0.severity == .error }
        guard report.errors == errors, report.warnings == own.count - errors else {
            return "\(report.name): \(report.errors) errors and \(report.warnings) warnings, of \(own.count) findings"
        }
        let wholeFile = own.contains { $0.severity == .error && ($0.row ?? 1) == 1 }
        let rejected = wholeFile ? report.rows : Set(own.filter { $0.severity == .error }.compactMap(\.row)).count
        guard report.rejected == rejected, report.accepted == report.rows - rejected else {
            return
                "\(report.name): \(report.accepted) stand and \(report.rejected) do not, of \(report.rows); \(rejected) have errors"
        }
        return nil
    }
}

/// Findings still to be found, each as often as it is expected.
private struct Counts {
    private var counts: [ExpectedFinding: Int] = [:]

    init(_ findings: [ExpectedFinding]) { for finding in findings { counts[finding, default: 0] += 1 } }

    mutating func take(_ finding: ExpectedFinding) -> Bool {
        guard let count = counts[finding], count > 0 else { return false }
        counts[finding] = count - 1
        return true
    }

    var all: [ExpectedFinding] {
        counts.flatMap { Array(repeating: $0.key, count: $0.value) }.sorted { $0.description < $1.description }
    }
}
