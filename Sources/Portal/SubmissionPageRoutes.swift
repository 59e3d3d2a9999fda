import Accounts
import Foundation
import HTTPServer
import Intake
import SurveillanceKit

/// The pages of one submission, and what can be downloaded of it.
struct SubmissionPageRoutes: Sendable {
    let services:
        any SignInServices & ReferenceServices & SubmissionServices & DownloadServices & RecordServices
            & ReceiptServices
    let visitors: Visitors

    /// As many changed records are shown at once.
    private static let changesShown = 50

    /// - Parameters:
    ///   - page: makes the route of a page for people who have signed in.
    ///   - signedIn: makes a route for people who have signed in.
    func routes(
        page: (String, @escaping @Sendable (Request, Reader, Visitor) async throws -> Page) -> Route,
        signedIn: (String, @escaping @Sendable (Request, Visitor) async throws -> Response) -> Route
    ) -> [Route] {
        [
            signedIn("/submissions/{id}", submission),
            page("/submissions/{id}/findings", findingsPage),
            page("/submissions/{id}/changes", changes),
            signedIn("/submissions/{id}/findings.csv", findings),
            signedIn("/submissions/{id}/corrections.csv", corrections),
            signedIn("/submissions/{id}/corrections.zip") { try await bundle($0, $1, as: .zip) },
            signedIn("/submissions/{id}/corrections.xlsx") { try await bundle($0, $1, as: .xlsx) },
            signedIn("/submissions/{id}/original", original),
            signedIn("/submissions/{id}/receipt.json", receipt),
            page("/submissions/{id}/receipt", receiptPage),
            .post("/submissions/{id}/retry", maximumBytes: 8192, retry),
            .post("/submissions/{id}/acknowledge", maximumBytes: 8192, acknowledge),
            .post("/submissions/{id}/withdraw", maximumBytes: 8192, withdraw),
        ]
    }

    private func submission(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let submission = seen.submission
        let query = FindingsQuery(request.query)
        // Findings had no page of their own before; what somebody has kept of then still leads to them.
        guard query.isEmpty else {
            let findings = SitePath("submissions", submission.id.description, "findings")
            return .redirect(to: query.apply(to: findings).with("offset", request.query["offset"]).description)
        }
        let reader = visitors.reader(request.head, visitor)
        var response = SubmissionPage(
            submission: submission, institution: services.institution(submission.institution),
            hasReceipt: try await services.receipt(of: submission) != nil,
            mayRetry: visitor.isAdministrator, programs: services.programs,
            causes: try ifKept(seen) { try SubmissionCauses($0) }, isOwn: seen.isOwn
        ).page(reader).response(for: reader)
        response.keepLanguage(of: request.head)
        return response
    }

    private func findingsPage(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let query = FindingsQuery(request.query)
        let offset = max(0, request.query["offset"].flatMap { Int($0) } ?? 0)
        let isByCause = request.query["by"] == "cause"
        let content = try ifKept(seen) { lines -> FindingsPage.Content in
            guard isByCause else { return .listing(try FindingsSlice(lines.filtered(query), offset: offset)) }
            let groups = try lines.filtered(query).grouped(maximum: SubmissionCauses.findingsGrouped)
            return .causes(groups.sorted(), isCut: groups.count == SubmissionCauses.findingsGrouped)
        }
        return FindingsPage(
            submission: seen.submission, programs: services.programs, query: query, content: content ?? .none
        ).page(reader)
    }

    /// What is made of the findings; nil while there are none, and where they are no longer kept.
    private func ifKept<T>(_ seen: SeenSubmission, _ make: (FindingLines) throws -> T) throws -> T? {
        guard seen.submission.state.isFinal, seen.submission.state != .failed else { return nil }
        do {
            return try make(seen.shown(try services.findings(of: seen.submission)))
        } catch IntakeError.notKept {
            return nil
        }
    }

    /// What the submission changed; empty where it has stored nothing, and where the line list does not answer.
    private func changes(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let submission = try await visitors.submission(request.parameters["id"], visitor).submission
        let offset = max(0, request.query["offset"].flatMap { Int($0) } ?? 0)
        var changes = SubmissionChanges()
        if submission.state == .accepted || submission.state == .partlyAccepted {
            changes = try await services.changes(
                ChangesRequest(submission: submission.id, offset: offset, limit: SubmissionPageRoutes.changesShown))
        }
        return ChangesPage(submission: submission, changes: changes, offset: offset).page(reader)
    }

    private func corrections(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        return try await Corrections(services: services).answer(
            seen, file: request.query["file"], in: Reader.language(of: request.head), to: visitor,
            at: request.head.remoteAddress)
    }

    private func findings(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let submission = seen.submission
        guard submission.state.isFinal else { throw Problem.notChecked }
        do {
            let lines = seen.shown(try services.findings(of: submission)).filtered(FindingsQuery(request.query))
            try await services.noted(
                .findingsDownloaded, submission.id, by: visitor.account, from: request.remoteAddress)
            let language = Reader.language(of: request.head)
            let table = FindingsTable.table(lines, in: language)
            guard let file = try services.file(of: table, format: "csv", in: language) else { throw Problem.noSuchPage }
            return .download(file, name: "findings-\(submission.id).csv")
        } catch {
            throw Problem.readable(error)
        }
    }

    private func receipt(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        guard seen.isOwn else { throw Problem.notOwnReceipt }
        guard let receipt = try await services.receipt(of: seen.submission) else { throw Problem.noSuchPage }
        let id = seen.submission.id
        try await services.noted(.receiptDownloaded, id, by: visitor.account, from: request.remoteAddress)
        var response = Response.json(receipt.json)
        response.headers["Content-Disposition"] = "attachment; filename=receipt-\(id).json"
        return response
    }

    private func receiptPage(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let submission = seen.submission
        guard let receipt = try await services.receipt(of: submission) else { throw Problem.noSuchPage }
        try await services.noted(.receiptDownloaded, submission.id, by: visitor.account, from: request.remoteAddress)
        return ReceiptPage(
            signed: receipt, receipt: seen.receipt(receipt.receipt), isOwn: seen.isOwn,
            head: try await services.receiptHead(),
            institution: services.institution(submission.institution), programs: services.programs
        ).page(reader)
    }

    private func retry(_ request: Request) async throws -> Response {
        guard let (visitor, _) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").description)
        }
        try visitors.requireAdministrator(visitor)
        let submission = try await visitors.submission(request.parameters["id"], visitor).submission
        do {
            _ = try await services.retry(submission.id, by: visitor.account, from: request.remoteAddress)
        } catch {
            throw Problem.readable(error)
        }
        return .redirect(to: SitePath("submissions", submission.id.description).description)
    }

    private func bundle(
        _ request: Request, _ visitor: Visitor, as format: CorrectionBundleFormat
    ) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        return try await Corrections(services: services).bundle(
            seen, as: format, in: Reader.language(of: request.head), to: visitor, at: request.head.remoteAddress)
    }

    /// What was sent, for the institution that sent it.
    private func original(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        guard seen.isOwn else { throw Problem.notOwnRows }
        do {
            let file = try await services.original(
                seen.submission, by: visitor.account, from: request.remoteAddress)
            return .download(file, name: seen.submission.fileName)
        } catch {
            throw Problem.readable(error)
        }
    }

    private func acknowledge(_ request: Request) async throws -> Response {
        guard let (visitor, form) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").description)
        }
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        guard seen.isOwn else { throw Problem.notOwnWarnings }
        let reason = (form["reason"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty, reason.count <= SubmissionLog.longestReason else { throw Problem.reasonNeeded }
        do {
            _ = try await services.acknowledge(
                seen.submission.id, reason: reason, by: visitor.account, from: request.remoteAddress)
        } catch {
            throw Problem.readable(error)
        }
        return .redirect(to: SitePath("submissions", seen.submission.id.description).at("warnings").description)
    }

    private func withdraw(_ request: Request) async throws -> Response {
        guard let (visitor, form) = try await visitors.form(request) else {
            return .redirect(to: SitePath("sign-in").description)
        }
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        _ = try await RecordRoutes(services: services, visitors: visitors)
            .withdraw(seen, form["reason"] ?? "", visitor, request.remoteAddress)
        return .redirect(to: SitePath("submissions", seen.submission.id.description).description)
    }
}

extension Problem {
    fileprivate static var notOwnWarnings: Problem {
        Problem(
            "not-own-submission", status: .forbidden,
            title: BilingualText(
                zh: "只有上报机构能确认警告", en: "Only the institution that sent it can acknowledge its warnings"))
    }

    fileprivate static var reasonNeeded: Problem {
        Problem(
            "reason-needed", status: .badRequest,
            title: BilingualText(zh: "请填写说明", en: "Say why the warnings are as they are"),
            detail: BilingualText(
                zh: "说明为 1 至 \(SubmissionLog.longestReason) 个字符。",
                en: "The reason has 1 to \(SubmissionLog.longestReason) characters."))
    }
}
