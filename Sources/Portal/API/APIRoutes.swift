import HTTPServer
import Intake
import JSON
import SurveillanceKit

/// The JSON API under `/api/v1`, and what other programs watch the platform by.
struct APIRoutes: Sendable {
    let services:
        any SubmissionServices & DownloadServices & RecordServices & ReceiptServices & OperationServices & DutyServices
            & FigureServices & SignInServices & ReferenceServices & DictionaryServices
    let settings: PortalSettings
    let visitors: Visitors
    let uploads: Uploads

    /// - Parameter description: what is served as `/openapi.json`, and holds for every request.
    func routes(_ description: APIDescription) -> [Route] {
        let described: [Route] =
            [
                .upload("/api/v1/submissions", admit: receive),
                .get("/api/v1/submissions", list),
                .get("/api/v1/submissions/{id}", submission),
                .get("/api/v1/submissions/{id}/findings", findings),
                .get("/api/v1/submissions/{id}/corrections", corrections),
                .get("/api/v1/submissions/{id}/corrections.zip") { try await bundle($0, as: .zip) },
                .get("/api/v1/submissions/{id}/corrections.xlsx") { try await bundle($0, as: .xlsx) },
                .get("/api/v1/submissions/{id}/receipt", receipt),
                .post("/api/v1/submissions/{id}/retry", maximumBytes: 8192, retry),
                .get("/receipt-key.pem") { [services] _ in
                    .bytes(Array(services.receiptKey.utf8), type: "application/x-pem-file")
                },
                .get("/openapi.json") { _ in .bytes(description.bytes, type: "application/json") },
                .get("/healthz") { _ in .json(["status": "ok"]) },
                .get("/readyz", readiness),
                .get("/metrics") { [services] _ in
                    .bytes(Array(try await services.metrics().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
                },
            ] + RecordRoutes(services: services, visitors: visitors).routes
            + DutyRoutes(services: services, visitors: visitors).routes
            + FigureRoutes(services: services, visitors: visitors).routes
            + InstitutionCodeRoutes().routes
            + DictionaryRoutes(
                desk: DictionaryDesk(services: services, visitors: visitors), settings: settings
            ).routes
            + MappingRoutes(
                desk: DictionaryDesk(services: services, visitors: visitors), downloads: services, settings: settings
            ).api
        return described.map(description.checked)
    }

    /// Decides about an upload by its head alone, then receives it.
    private func receive(_ head: RequestHead) async throws -> Admission {
        let visitor = try await visitors.caller(head)
        let sender = Uploads.Sender(
            visitor: visitor, institution: try visitors.reportingInstitution(visitor).code,
            idempotencyKey: head.headers["Idempotency-Key"], address: head.remoteAddress)
        let isDryRun = try APIRoutes.isDryRun(head)
        if head.contentType == "multipart/form-data" {
            let form = try uploads.form(head, from: sender) { _ in true }
            if isDryRun {
                return .accept(form, maximumBytes: uploads.maximumFormBytes) { _ in checked(try await form.check()) }
            }
            return .accept(form, maximumBytes: uploads.maximumFormBytes) { _ in created(try await form.finish()) }
        }
        if head.contentLength == 0 { throw Problem.noFile }
        if let length = head.contentLength, length > settings.maximumUploadBytes {
            throw Problem.tooLarge(maximumBytes: settings.maximumUploadBytes)
        }
        let given = head.query["filename"] ?? (head.contentType == "application/zip" ? "upload.zip" : "")
        let sink = try uploads.begin(given, expectedBytes: head.contentLength, from: sender)
        if isDryRun {
            return .accept(sink, maximumBytes: settings.maximumUploadBytes) { _ in checked([try await sink.check()]) }
        }
        return .accept(sink, maximumBytes: settings.maximumUploadBytes) { _ in created([try await sink.finish()]) }
    }

    static func isDryRun(_ head: RequestHead) throws -> Bool {
        switch head.query["dryRun"] {
        case nil, "false": return false
        case "true": return true
        case let other?: throw Problem.unknownValue("dryRun", other)
        }
    }

    /// One package is answered with its verdict, several with all of theirs.
    private func checked(_ runs: [DryRun]) -> Response {
        var body = Array(runs.map(\.json).joined(separator: [UInt8(ascii: ",")]))
        if runs.count != 1 { body = Array("{\"packages\":[".utf8) + body + Array("]}".utf8) }
        var response = Response.bytes(body, type: "application/json")
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// One package is answered with its submission, several with all of theirs.
    private func created(_ recorded: [Recorded]) -> Response {
        // Where nothing new has come, nothing was created.
        let status: Status = recorded.contains(where: \.isNew) ? .created : .ok
        guard recorded.count == 1, let only = recorded.first else {
            return .json(["submissions": .array(recorded.map(\.json))], status: status)
        }
        var response = Response.json(only.json, status: status)
        response.headers["Location"] = SitePath("api", "v1", "submissions", only.submission.id.description).description
        return response
    }

    private func list(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let state = try request.query["state"].map { text in
            guard let state = SubmissionState(rawValue: text) else { throw Problem.unknownValue("state", text) }
            return state
        }
        let before = try request.query["before"].map { text in
            guard let id = SubmissionID(text) else { throw Problem.unknownValue("before", text) }
            return id
        }
        let limit = request.query["limit"].flatMap { Int($0) } ?? 50
        if visitor.scope == .nothing { throw Problem.noRegion }
        let days = try DaySpan(request.query, secondsEastOfUTC: settings.secondsEastOfUTC)
        let filter = SubmissionFilter(state: state, from: days.from, until: days.until)
        var found = try await visitors.submissions(visitor, matching: filter, limit: limit + 1, before: before)
        let hasMore = found.count > limit
        if hasMore { found.removeLast() }
        let next = hasMore ? found.last?.id.description : nil
        let total = try await services.submissionCount(in: visitor.scope, matching: filter)
        var response = Response.json([
            "submissions": .array(found.map(\.json)), "total": .integer(total), "next": .optional(next),
        ])
        response.linkNext(of: request, "before", next)
        return response
    }

    private func submission(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let submission = try await visitors.submission(request.parameters["id"], visitor).submission
        guard case .object(let members) = submission.json, submission.state == .processing else {
            return .json(submission.json)
        }
        let percent = services.checkedPercent(of: submission.id)
        return .json(.object(members + [("checkedPercent", .optional(percent))]))
    }

    private func findings(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        let submission = seen.submission
        guard submission.state.isFinal else { throw Problem.notChecked }
        let lines: FindingLines
        do {
            lines = seen.shown(try services.findings(of: submission)).filtered(FindingsQuery(request.query))
        } catch {
            throw Problem.readable(error)
        }
        try await services.noted(.findingsDownloaded, submission.id, by: visitor.account, from: request.remoteAddress)
        let format = request.query["format"] ?? "json"
        switch (format, request.query["grouped"] ?? "false") {
        case ("json", "false"): return FindingsStream.json(lines)
        case ("json", "true"):
            var response = Response.bytes(try lines.grouped().json, type: "application/json")
            response.headers["Cache-Control"] = "no-store"
            return response
        case (_, "false"):
            let language = language(of: request)
            let table = FindingsTable.table(lines, in: language)
            guard let file = try services.file(of: table, format: format, in: language) else {
                throw Problem.unknownValue("format", format)
            }
            return .download(file, name: "findings-\(submission.id).\(file.fileExtension)")
        case ("csv", "true"): throw Problem.notTogether("format=csv", "grouped=true")
        case ("json", _): throw Problem.unknownValue("grouped", request.query["grouped"] ?? "")
        default: throw Problem.unknownValue("format", format)
        }
    }

    private func corrections(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        return try await Corrections(services: services).answer(
            seen, file: request.query["file"], in: language(of: request), to: visitor,
            at: request.head.remoteAddress)
    }

    private func bundle(_ request: Request, as format: CorrectionBundleFormat) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        return try await Corrections(services: services).bundle(
            seen, as: format, in: language(of: request), to: visitor, at: request.head.remoteAddress)
    }

    private func language(of request: Request) -> Language {
        request.query["lang"].flatMap(Language.init) ?? request.acceptedLanguage
    }

    private func receipt(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        guard seen.isOwn else { throw Problem.notOwnReceipt }
        let submission = seen.submission
        guard let receipt = try await services.receipt(of: submission) else { throw Problem.noSuchPage }
        try await services.noted(.receiptDownloaded, submission.id, by: visitor.account, from: request.remoteAddress)
        return .json(receipt.json)
    }

    private func retry(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        try visitors.requireAdministrator(visitor)
        let submission = try await visitors.submission(request.parameters["id"], visitor).submission
        do {
            let retried = try await services.retry(submission.id, by: visitor.account, from: request.remoteAddress)
            return .json(SeenSubmission(retried, by: visitor).submission.json, status: .accepted)
        } catch {
            throw Problem.readable(error)
        }
    }

    private func readiness(_ request: Request) async throws -> Response {
        guard let reason = await services.unreadiness() else { return .json(["status": "ready"]) }
        throw Problem(
            "not-ready", status: .serviceUnavailable,
            title: BilingualText(zh: "暂不接收上报", en: "No reports are taken now"),
            detail: reason)
    }
}

extension Problem {
    static func unknownValue(_ name: String, _ value: String) -> Problem {
        Problem(
            "unknown-value", status: .badRequest, title: BilingualText(zh: "参数无效", en: "A parameter is not valid"),
            detail: BilingualText(
                zh: "参数 \(name) 不能是“\(value)”，取值见 /openapi.json。",
                en: "\(name) cannot be '\(value)'; /openapi.json lists what it can be."),
            members: [("parameter", .string(name))])
    }

    static var notChecked: Problem {
        Problem(
            "not-checked-yet", status: .conflict, title: BilingualText(zh: "尚未核验完成", en: "It is still being checked"),
            detail: BilingualText(zh: "请等待状态变为最终状态后再取。", en: "Ask again when its state is final."),
            headers: ["Retry-After": "2"])
    }
}
