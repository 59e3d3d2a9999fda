import Accounts
import HTTPServer
import SurveillanceKit
import Timeliness

/// The administrators' pages of deadlines, scopes and exemptions.
struct RulePageRoutes: Sendable {
    let services: any RuleServices & DutyServices & ReferenceServices
    let visitors: Visitors

    /// - Parameter page: makes the route of a page for people who have signed in.
    func routes(
        page: (String, @escaping @Sendable (Request, Reader, Visitor) async throws -> Page) -> Route
    ) -> [Route] {
        [
            page("/rules", rules),
            page("/rules/new", blank),
            .post("/rules/preview", maximumBytes: 65_536, preview),
            .post("/rules/apply", maximumBytes: 65_536, apply),
            .post("/rules/{id}/revoke", maximumBytes: 8192, revoke),
        ]
    }

    private func rules(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        _ = try visitors.overseen(visitor)
        let done: BilingualText? =
            switch request.query["done"] {
            case "set": BilingualText(zh: "规则已生效。", en: "The rule is in force.")
            case "ended": BilingualText(zh: "规则已撤销。", en: "The rule has been ended.")
            default: nil
            }
        return RulesPage(
            changes: try await services.ruleChanges(in: visitor.scope), programs: services.programs,
            scope: visitor.scope, zone: services.programs.first.flatMap { services.zone(of: $0.id) }, message: done
        ).page(reader)
    }

    private func blank(_ request: Request, _ reader: Reader, _ visitor: Visitor) async throws -> Page {
        _ = try visitors.overseen(visitor)
        guard let kind = request.query["kind"].flatMap(RuleForm.Kind.init), kind.maySet(visitor.scope) else {
            throw Problem.noSuchPage
        }
        return filled(RuleForm(kind: kind, values: ["institution": request.query["institution"] ?? ""]), visitor)
            .page(reader)
    }

    private func preview(_ request: Request) async throws -> Response {
        guard let (visitor, fields) = try await visitors.form(request) else { return RulePageRoutes.signIn }
        let form = try form(fields, visitor)
        let reader = visitors.reader(request.head, visitor)
        var page = filled(form, visitor)
        page.faults = form.missing
        guard page.faults.isEmpty else { return page.page(reader).response(for: reader, status: .badRequest) }
        let answer = try await readable { try await services.preview(RuleDraft(text: form.text), in: visitor.scope) }
        switch answer {
        case .notAllowed: throw Problem.outsideScope
        case .refused(let mistakes):
            page.faults = form.faults(mistakes)
            return page.page(reader).response(for: reader, status: .badRequest)
        case .answer(let preview):
            page.preview = preview
            return page.page(reader).response(for: reader)
        }
    }

    private func apply(_ request: Request) async throws -> Response {
        guard let (visitor, fields) = try await visitors.form(request) else { return RulePageRoutes.signIn }
        let form = try form(fields, visitor)
        let reader = visitors.reader(request.head, visitor)
        let answer = try await readable {
            try await services.apply(
                RuleDraft(text: form.text), by: visitor.account, from: request.remoteAddress)
        }
        switch answer {
        case .notAllowed: throw Problem.outsideScope
        case .refused(let mistakes):
            var page = filled(form, visitor)
            page.faults = form.faults(mistakes)
            return page.page(reader).response(for: reader, status: .badRequest)
        case .answer: return .redirect(to: SitePath("rules").with("done", "set").description)
        }
    }

    private func revoke(_ request: Request) async throws -> Response {
        guard let (visitor, _) = try await visitors.form(request) else { return RulePageRoutes.signIn }
        _ = try visitors.overseen(visitor)
        let id = request.parameters["id"] ?? ""
        let ended = try await readable {
            try await services.revoke(id, by: visitor.account, from: request.remoteAddress)
        }
        guard ended != nil else { throw Problem.noSuchPage }
        return .redirect(to: SitePath("rules").with("done", "ended").description)
    }

    // MARK: What is asked for

    private static var signIn: Response { .redirect(to: SitePath("sign-in").with("next", "/rules").description) }

    private func form(_ sent: FormFields, _ visitor: Visitor) throws -> RuleForm {
        _ = try visitors.overseen(visitor)
        guard let kind = sent["form"].flatMap(RuleForm.Kind.init) else {
            throw Problem.unknownValue("form", sent["form"] ?? "")
        }
        var form = RuleForm(kind: kind)
        for name in form.fields.needed + form.fields.others { form.values[name] = sent[name] }
        return form
    }

    private func filled(_ form: RuleForm, _ visitor: Visitor) -> RuleFormPage {
        RuleFormPage(
            form: form, programs: services.programs, institutions: services.institutions(in: visitor.scope),
            zone: { [services] in services.zone(of: $0) })
    }

    private func readable<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch { throw Problem.readable(error) }
    }
}
