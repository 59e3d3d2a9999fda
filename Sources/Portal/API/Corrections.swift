import HTTPServer
import Intake
import SurveillanceKit

/// The rejected rows of a file on their way to whom they belong.
struct Corrections: Sendable {
    let services: any SubmissionServices

    /// - Parameter name: the file's name in the package; may be left out where only one file has rejected rows.
    func answer(
        _ seen: SeenSubmission, file name: String?, in language: Language, to visitor: Visitor, at address: String
    ) async throws -> Response {
        guard seen.isOwn else { throw Problem.notOwnRows }
        let submission = seen.submission
        guard submission.state.isFinal else { throw Problem.notChecked }
        let candidates = submission.files.filter { name == nil ? $0.rejected > 0 : $0.name == name }
        guard candidates.count == 1, let file = candidates.first else { throw Problem.noRejectedRows }
        let request = CorrectionsRequest(
            submission: submission, file: file, language: language, account: visitor.account, address: address)
        let answer: CorrectionsAnswer
        do { answer = try await services.corrections(request) } catch { throw Problem.readable(error) }
        return try response(answer)
    }

    /// The rejected rows of all files as one zip or workbook.
    func bundle(
        _ seen: SeenSubmission, as format: CorrectionBundleFormat, in language: Language, to visitor: Visitor,
        at address: String
    ) async throws -> Response {
        guard seen.isOwn else { throw Problem.notOwnRows }
        guard seen.submission.state.isFinal else { throw Problem.notChecked }
        let answer: CorrectionsAnswer
        do {
            answer = try await services.correctionBundle(
                of: seen.submission, as: format, in: language, by: visitor.account, from: address)
        } catch { throw Problem.readable(error) }
        return try response(answer)
    }

    private func response(_ answer: CorrectionsAnswer) throws -> Response {
        switch answer {
        case .none: throw Problem.noRejectedRows
        case .unreadable(let reason): throw Problem.unreadableRows(reason)
        case .unfit(let reason): throw Problem.unfitRows(reason)
        case .rows(let fileName, let file): return .download(file, name: fileName)
        }
    }
}
