import Accounts
import HTTPServer
import Registrations
import SurveillanceKit

/// The register of institutions: administrators look, and those of the nation change it.
struct RegisterRoutes: Sendable {
    let services: any RegisterServices & SignInServices
    let visitors: Visitors

    /// A nation's register as a form has it, in which a character of Chinese takes nine.
    private static let maximumTableBytes = 16 << 20

    var routes: [Route] {
        [
            page("/institutions", list), page("/institutions/{code}", show),
            change("/institutions/{code}/close", close), change("/institutions/{code}/suspend", suspend),
            change("/institutions/{code}/resume", resume),
            .upload("/institutions/compare", admit: compare), change("/institutions/import", take),
            page("/institutions/{code}/merge", merging), change("/institutions/{code}/merge", merge),
            change("/institutions/{code}/unmerge", unmerge),
        ]
    }

    private func list(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        let query = InstitutionQuery(request.query)
        let all = services.registered(in: try visitors.overseen(visitor))
        return InstitutionsPage(
            found: all.filter(query.matches), total: all.count, query: query, maySet: visitor.isAdministrator
        ).page(reader)
    }

    private func show(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        InstitutionPage(
            record: try await found(request, visitor), maySet: visitor.isAdministrator,
            isDone: request.query["done"] != nil
        ).page(reader)
    }

    private func found(_ request: Request, _ visitor: Visitor) async throws -> RegisteredRecord {
        guard let code = request.parameters["code"],
            let found = try await services.registered(code, in: try visitors.overseen(visitor))
        else { throw Problem.noSuchPage }
        return found
    }

    private func close(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        let record = try await found(request, visitor)
        guard let until = fields["until"].flatMap({ CivilDate($0) }) else {
            return refused(
                record, BilingualText(zh: "请填写终止日期，如 2026-12-31。", en: "Give the last day, such as 2026-12-31."),
                request, visitor)
        }
        if let from = record.institution.from, until < from {
            return refused(
                record, BilingualText(zh: "终止日期早于起始日期 \(from)。", en: "The last day is before the first, \(from)."),
                request, visitor)
        }
        return try await done(.close(code: record.institution.code, until: until), record, request, visitor)
    }

    private func suspend(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        let record = try await found(request, visitor)
        guard fields["confirmed"] == "yes" else {
            return refused(record, BilingualText(zh: "请勾选确认。", en: "Tick that you mean it."), request, visitor)
        }
        return try await done(.suspend(code: record.institution.code), record, request, visitor)
    }

    private func resume(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        let record = try await found(request, visitor)
        guard record.isSuspended else {
            return refused(record, BilingualText(zh: "该机构没有停用。", en: "It is not suspended."), request, visitor)
        }
        return try await done(.resume(code: record.institution.code), record, request, visitor)
    }

    private func done(
        _ change: RegisterChange, _ record: RegisteredRecord, _ request: Request, _ visitor: Visitor
    ) async throws -> Response {
        try await services.register(change, by: visitor.account, from: request.remoteAddress)
        return .redirect(to: SitePath("institutions", record.institution.code).with("done", "1").description)
    }

    private func refused(
        _ record: RegisteredRecord, _ refusal: BilingualText, _ request: Request, _ visitor: Visitor
    ) -> Response {
        let reader = visitors.reader(request.head, visitor)
        return InstitutionPage(record: record, maySet: true, refusal: refusal).page(reader)
            .response(for: reader, status: .unprocessableContent)
    }

    // MARK: Merging

    private func merging(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        try visitors.requireAdministrator(visitor)
        return MergePage(preview: try await preview(request, visitor, into: request.query["into"])).page(reader)
    }

    private func preview(_ request: Request, _ visitor: Visitor, into kept: String?) async throws -> MergePreview {
        guard let code = request.parameters["code"],
            let found = try await services.merging(
                code, into: (kept ?? "").trimmed, in: try visitors.overseen(visitor))
        else { throw Problem.noSuchPage }
        return found
    }

    private func merge(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        var preview = try await preview(request, visitor, into: fields["into"])
        guard preview.obstacle == nil, let kept = preview.kept else { return again(preview, request, visitor) }
        let error = try await services.merge(
            preview.duplicate.code, into: kept.code, seen: fields["seen"] ?? "", by: visitor.account,
            from: request.remoteAddress)
        if let error {
            preview = try await self.preview(request, visitor, into: kept.code)
            return again(preview, refusal: error, request, visitor)
        }
        return .redirect(to: SitePath("institutions", kept.code).with("done", "1").description)
    }

    private func again(
        _ preview: MergePreview, refusal: MergeError? = nil, _ request: Request, _ visitor: Visitor
    ) -> Response {
        let reader = visitors.reader(request.head, visitor)
        return MergePage(preview: preview, refusal: refusal).page(reader)
            .response(for: reader, status: .unprocessableContent)
    }

    private func unmerge(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        let record = try await found(request, visitor)
        let error = try await services.unmerge(
            record.institution.code, by: visitor.account, from: request.remoteAddress)
        if let error { return refused(record, error.message, request, visitor) }
        return .redirect(to: SitePath("institutions", record.institution.code).with("done", "1").description)
    }

    // MARK: A table

    private func compare(_ head: RequestHead) async throws -> Admission {
        guard let visitor = try await visitors.session(head), let session = visitor.session else {
            return .refuse(.redirect(to: SitePath("sign-in").with("next", "/institutions").description))
        }
        try visitors.requireAdministrator(visitor)
        let form = try HeldForm(contentType: head.headers["Content-Type"]) {
            session.accepts(formToken: $0["formToken"] ?? "")
        }
        return .accept(form, maximumBytes: Self.maximumTableBytes) { request in
            let (fields, file) = try form.finish()
            guard session.accepts(formToken: fields["formToken"] ?? "") else { throw Problem.foreignForm }
            return difference(String(decoding: file?.bytes ?? [], as: UTF8.self), request, visitor)
        }
    }

    private func difference(_ text: String, _ request: Request, _ visitor: Visitor) -> Response {
        let table = RegisterTable(text)
        let reader = visitors.reader(request.head, visitor)
        return RegisterDifferencePage(
            text: text, faults: table.faults, difference: services.difference(table)
        ).page(reader).response(for: reader, status: table.faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func take(_ request: Request, _ visitor: Visitor, _ fields: FormFields) async throws -> Response {
        let text = fields["table"] ?? ""
        let table = RegisterTable(text)
        guard table.faults.isEmpty, !table.institutions.isEmpty else { return difference(text, request, visitor) }
        try await services.register(.take(table), by: visitor.account, from: request.remoteAddress)
        return .redirect(to: "/institutions")
    }

    // MARK: Who may

    private func page(
        _ pattern: String, _ content: @escaping @Sendable (Request, Reader, Visitor) async throws -> Page
    ) -> Route {
        .get(pattern) { request in
            guard let visitor = try await visitors.session(request.head) else {
                return .redirect(
                    to: SitePath("sign-in").with("next", SitePath(of: request.head).description).description)
            }
            let reader = visitors.reader(request.head, visitor)
            var response = try await content(request, reader, visitor).response(for: reader)
            response.keepLanguage(of: request.head)
            return response
        }
    }

    private func change(
        _ pattern: String, _ act: @escaping @Sendable (Request, Visitor, FormFields) async throws -> Response
    ) -> Route {
        .post(pattern, maximumBytes: Self.maximumTableBytes) { request in
            guard let (visitor, fields) = try await visitors.form(request) else {
                return .redirect(to: SitePath("sign-in").with("next", "/institutions").description)
            }
            try visitors.requireAdministrator(visitor)
            return try await act(request, visitor, fields)
        }
    }
}

/// Which institutions are looked for.
struct InstitutionQuery: Sendable {
    var text: String
    var region: Region?
    var level: Institution.Level?

    init(_ fields: FormFields) {
        text = fields["q"] ?? ""
        region = fields["region"].flatMap(Region.init)
        level = fields["level"].flatMap(Institution.Level.init(rawValue:))
    }

    func matches(_ institution: Institution) -> Bool {
        if let region, !region.contains(institution.region) { return false }
        if let level, institution.level != level { return false }
        let wanted = text.lowercased()
        guard !wanted.isEmpty else { return true }
        let names = [institution.code, institution.name.zh, institution.name.en] + institution.aliases
        return (names + institution.codeAliases).contains { $0.lowercased().contains(wanted) }
    }
}
