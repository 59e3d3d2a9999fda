import CheckKit
import Foundation
import Intake
import SurveillanceKit
import Testing
import Validation

@testable import CoreRuntime

/// What came of one package, written so that a person can judge it: counts a file, then its findings by cause.
struct FoundOutcome {
    let text: String
    /// The submission's state; empty offline.
    let state: String

    /// Checks the files as `vedette check` does.
    init(offline files: [(name: String, bytes: [UInt8])], now: Instant) throws {
        let checked = try CheckedFiles(files, now: now, threads: 2)
        text = FoundOutcome.text(checked.reports, checked.findings)
        state = ""
    }

    /// Sends the files as one package and waits until it has been processed.
    init(sending files: [(name: String, bytes: [UInt8])], to test: TestPlatform) async throws {
        let sent =
            files.count == 1
            ? try await test.send(files[0].bytes, named: files[0].name) : try await test.send(StoredZip.bytes(files))
        try await test.processAll()
        let submission = try #require(try await test.find(sent.submission.id))
        let reader = try test.platform.data.findings.read(submission)
        var findings: [Finding] = []
        while let finding = try reader.nextLine().flatMap({ FindingLine($0)?.finding }) { findings.append(finding) }
        text = FoundOutcome.text(submission.files, findings)
        state = submission.state.rawValue
    }

    private static func text(_ files: [FileReport], _ findings: [Finding]) -> String {
        files.map { file in
            let counts = [
                "\(file.rows) rows", "\(file.accepted) stand", "\(file.rejected) rejected", "\(file.errors) errors",
                "\(file.warnings) warnings",
            ]
            let head = "  \(file.name) (\(file.fileType ?? "no file type")): \(counts.joined(separator: ", "))"
            return ([head] + causes(findings.filter { $0.file == file.name })).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// Findings that differ only in their row stand together, in the order in which the first of each was found.
    private static func causes(_ findings: [Finding]) -> [String] {
        var order: [String] = []
        var rows: [String: [Int]] = [:]
        for finding in findings {
            let shown = [finding.value.map { "‹\($0)›" }, finding.suggestion.map { "→ \($0)" }].compactMap { $0 }
            let cause = [
                finding.severity.rawValue, finding.rule ?? finding.code.rawValue, "@", finding.field ?? "-",
                (shown + [finding.message.en]).joined(separator: " ") + "\n        " + finding.message.zh,
            ].joined(separator: " · ")
            if rows[cause] == nil { order.append(cause) }
            rows[cause, default: []] += finding.row.map { [$0] } ?? []
        }
        return order.map { "    " + $0.replacing(" @ ", with: " \(shown(rows[$0] ?? [])) ", maxReplacements: 1) }
    }

    /// `row 2`, `rows 2–7, 9`, or `file` where no row is meant.
    private static func shown(_ rows: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for row in rows {
            if let last = ranges.last, last.upperBound + 1 == row {
                ranges[ranges.count - 1] = last.lowerBound...row
            } else {
                ranges.append(row...row)
            }
        }
        guard !rows.isEmpty else { return "file" }
        let list = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
        return (rows.count == 1 ? "row " : "rows ") + list.joined(separator: ", ")
    }
}
