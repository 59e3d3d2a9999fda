import FoundationEssentials
import HTTPServer
import Intake
import SurveillanceKit

/// What files are called before everybody but the institution that sent them: a file's name may hold a patient's.
///
/// A package is `package-` or `table-` and the end of its id; a file in it is its file type and a number: `flu-1`, `unknown-2`.
struct NeutralNames: Sendable {
    private let package: String
    private let files: [String]
    private let byName: [String: String]
    /// The names to look for in text, the longest first, so that no part of one is left standing.
    private let searched: [(name: String, neutral: String)]

    init(_ submission: Submission) {
        let ending = submission.fileName.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let kind = TableFormat.isTable(named: submission.fileName) ? ("table", ending) : ("package", "zip")
        package = "\(kind.0)-\(submission.id.description.suffix(6)).\(kind.1)"
        var counts: [String: Int] = [:]
        files = submission.files.map { file in
            let type = file.fileType ?? "unknown"
            counts[type, default: 0] += 1
            return "\(type)-\(counts[type, default: 0])"
        }
        var names = [submission.fileName: package]
        var searched = [submission.fileName: package]
        for (file, neutral) in zip(submission.files, files) {
            names[file.name] = neutral
            for name in [file.name, Self.lastPart(file.name)] where !name.isEmpty { searched[name] = neutral }
        }
        byName = names
        self.searched = searched.sorted { ($0.key.utf8.count, $0.key) > ($1.key.utf8.count, $1.key) }
            .map { ($0.key, $0.value) }
    }

    func apply(to submission: Submission) -> Submission {
        var shown = submission
        shown.fileName = package
        shown.contents = []
        // What somebody has written may name a patient.
        shown.withdrawal?.reason = ""
        shown.acknowledgement?.reason = ""
        for index in shown.files.indices where index < files.count { shown.files[index].name = files[index] }
        return shown
    }

    func apply(to receipt: Receipt) -> Receipt {
        var shown = receipt
        shown.fileName = package
        shown.contents = []
        shown.files = receipt.files.map { file in
            var file = file
            file.name = byName[file.name] ?? "file"
            return file
        }
        return shown
    }

    /// A finding without names. What is said of an archive's own entries, or of a file that no program knows, quotes names of its
    /// own and is left to the institution.
    func apply(to finding: Finding) -> Finding {
        var shown = finding
        shown.file = byName[finding.file] ?? "file"
        if finding.code == .archiveError || finding.code == .unknownFile {
            shown.message = Self.toldToInstitution
            (shown.value, shown.expected, shown.suggestion) = (nil, nil, nil)
            return shown
        }
        shown.message = neutral(finding.message)
        shown.expected = finding.expected.map(neutral)
        shown.value = finding.value.map(neutral)
        shown.suggestion = finding.suggestion.map(neutral)
        return shown
    }

    private static let toldToInstitution = BilingualText(
        zh: "文件或压缩包有问题；详情含文件名，只向上报机构显示",
        en: "something is wrong with the file or archive; the details name files and are shown to the institution alone"
    )

    private func neutral(_ text: BilingualText) -> BilingualText {
        BilingualText(zh: neutral(text.zh), en: neutral(text.en))
    }

    private func neutral(_ text: String) -> String {
        searched.reduce(text) { text, pair in
            text.contains(pair.name) ? text.replacing(pair.name, with: pair.neutral) : text
        }
    }

    private static func lastPart(_ name: String) -> String {
        String(name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? "")
    }
}

/// A submission as one visitor may see it.
struct SeenSubmission: Sendable {
    /// Under neutral names, unless the visitor belongs to the institution that sent it.
    let submission: Submission
    /// nil for the institution itself.
    let names: NeutralNames?

    init(_ submission: Submission, by visitor: Visitor) {
        names = visitor.isOwner(of: submission) ? nil : NeutralNames(submission)
        self.submission = names?.apply(to: submission) ?? submission
    }

    var isOwn: Bool { names == nil }

    func receipt(_ receipt: Receipt) -> Receipt { names?.apply(to: receipt) ?? receipt }

    /// The findings as the visitor may read them. One that cannot be read is left out rather than shown with names.
    func shown(_ lines: FindingLines) -> FindingLines {
        guard let names else { return lines }
        return FindingLines {
            while let line = try lines.next() {
                guard let finding = FindingLine(line)?.finding else { continue }
                var shown: [UInt8] = []
                names.apply(to: finding).appendJSONLine(to: &shown)
                return shown.dropLast()
            }
            return nil
        }
    }
}
