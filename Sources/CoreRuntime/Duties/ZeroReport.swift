import Intake
import JSON
import ShangMi
import SurveillanceKit

/// A hospital says that it had no cases on a day: a submission whose bytes are a small canonical JSON text.
///
/// It goes the way of every submission: bytes durable in the spool, then the record with its receipt. It can be listed, processed again,
/// withdrawn, and taken in again where the database was lost.
struct ZeroReport: Hashable, Sendable {
    var institution: String
    var program: String
    var day: CivilDate

    /// No upload bears this name: only `.zip` and `.csv` are taken.
    static let fileName = "zero-report.json"
    private static let format = "vedette-zero-report-1"

    init(institution: String, program: String, day: CivilDate) {
        self.institution = institution
        self.program = program
        self.day = day
    }

    /// - Returns: nil for bytes that are none.
    init?(_ bytes: [UInt8]) {
        guard let json = try? CanonicalJSON(parsing: bytes), json["format"]?.text == ZeroReport.format,
            let institution = json["institution"]?.text, let program = json["program"]?.text,
            let day = json["day"]?.text.flatMap({ CivilDate($0) })
        else { return nil }
        self.init(institution: institution, program: program, day: day)
    }

    var bytes: [UInt8] {
        CanonicalJSON.object([
            "format": .text(ZeroReport.format), "institution": .text(institution), "program": .text(program),
            "day": .text("\(day)"),
        ]).bytes
    }

    /// What came of it: a file of the program without rows.
    var file: FileReport { FileReport(name: ZeroReport.fileName, program: program) }
}

extension Submission {
    var isZeroReport: Bool { fileName == ZeroReport.fileName }
}

extension Pipeline {
    /// The zero report that a submission is, as its bytes say it.
    func zeroReport(_ submission: Submission) throws -> ZeroReport {
        let content = try data.spool.open(submission.id)
        var bytes = [UInt8](repeating: 0, count: content.size)
        let count = try bytes.withUnsafeMutableBytes { try content.read(at: 0, into: $0) }
        guard let report = ZeroReport(Array(bytes.prefix(count))) else {
            throw IntakeError.damaged(path: submission.id.description, detail: "it is no zero report")
        }
        return report
    }

    /// What a zero report comes to: no finding, no row.
    func checkZeroReport(_ submission: Submission) throws -> Outcome {
        let findings = try data.findings.begin(submission.id, attempt: submission.attempt)
        do {
            let outcome = Outcome([try zeroReport(submission).file])
            try findings.finish()
            return outcome
        } catch {
            findings.abandon()
            throw error
        }
    }
}
