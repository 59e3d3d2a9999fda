import Dictionaries
import Foundation
import HTTPServer
import JSON
import SurveillanceKit

/// The institutions' tables of codes: uploaded, listed, removed by programs.
struct DictionaryRoutes: Sendable {
    let desk: DictionaryDesk
    let settings: PortalSettings

    private var visitors: Visitors { desk.visitors }

    var routes: [Route] {
        [
            .upload("/api/v1/dictionaries/{category}", admit: receive),
            .get("/api/v1/dictionaries", categories),
            .get("/api/v1/dictionaries/{category}", list),
            Route(.delete, "/api/v1/dictionaries/{category}/{id}", body: .buffered(maximumBytes: 8192, remove)),
        ]
    }

    /// Decides by the head alone, then holds the file: it is read whole before it is answered.
    private func receive(_ head: RequestHead) async throws -> Admission {
        let visitor = try await visitors.caller(head)
        _ = try visitors.reportingInstitution(visitor)
        let dictionary = try desk.dictionary(head.parameters["category"])
        let days = try desk.days(head.query["from"], head.query["to"])
        if head.contentLength == 0 { throw Problem.noFile }
        if let length = head.contentLength, length > settings.maximumUploadBytes {
            throw Problem.tooLarge(maximumBytes: settings.maximumUploadBytes)
        }
        if head.contentType == "multipart/form-data" {
            let form = try HeldForm(contentType: head.headers["Content-Type"]) { _ in true }
            return .accept(form, maximumBytes: settings.maximumUploadBytes + 65_536) { request in
                guard let file = try form.finish().file else { throw Problem.noFile }
                return try await created(
                    dictionary, head.query["filename"] ?? file.name, file.bytes, days, visitor, request)
            }
        }
        let body = HeldBody()
        let name = head.query["filename"] ?? (head.contentType == "application/zip" ? "upload.zip" : nil)
        return .accept(body, maximumBytes: settings.maximumUploadBytes) { request in
            try await created(dictionary, name, body.bytes, days, visitor, request)
        }
    }

    private func created(
        _ dictionary: CodeDictionary, _ name: String?, _ bytes: [UInt8], _ days: ClosedRange<CivilDate>,
        _ visitor: Visitor, _ request: Request
    ) async throws -> Response {
        let own = OwnLabels { request.query[$0] }
        if request.query["dryRun"] == "true" {
            let preview = try await desk.preview(
                dictionary, named: name, bytes, days: days, own: own, keeps: false, by: visitor,
                from: request.remoteAddress)
            return .json([
                "rows": .integer(preview.table.rows), "warnings": .array(preview.warnings.map(\.json)),
                "impact": preview.impact.json,
            ])
        }
        let (table, warnings) = try await desk.add(
            dictionary, named: name, bytes, days: days, own: own, by: visitor,
            from: request.remoteAddress)
        var members = table.members
        members.append(("warnings", .array(warnings.map(\.json))))
        var response = Response.json(.object(members), status: .created)
        response.headers["Location"] = SitePath("api", "v1", "dictionaries", dictionary.id).description
        return response
    }

    /// Every category of codes, with what the institution has of it today.
    private func categories(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let institution = try visitors.reportingInstitution(visitor)
        let tables = try await desk.services.codeTables(of: institution.code).filter { $0.removal == nil }
        let items = desk.dictionaries.map { dictionary in
            let own = tables.filter { $0.category == dictionary.id }
            let current = own.first { $0.days.contains(desk.today) }
            var members: [(String, JSONValue)] = [
                ("category", .string(dictionary.id)), ("title", dictionary.title.json),
                ("state", .string(current != nil ? "current" : own.isEmpty ? "none" : "not-current")),
                ("tables", .integer(own.count)),
            ]
            if let current { members.append(("current", .object(current.members))) }
            members.append(("gaps", DictionaryRoutes.gaps(between: own)))
            return JSONValue.object(members)
        }
        var response = Response.json(["items": .array(items), "total": .integer(items.count)])
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private static func gaps(between tables: [CodeTable]) -> JSONValue {
        .array(
            CodeTable.gaps(between: tables).map { days in
                .object([
                    ("from", .string(days.lowerBound.description)), ("to", .string(days.upperBound.description)),
                ])
            })
    }

    private func list(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let institution = try visitors.reportingInstitution(visitor)
        let dictionary = try desk.dictionary(request.parameters["category"])
        let tables = try await desk.services.codeTables(of: institution.code).filter { $0.category == dictionary.id }
        let inUse = tables.filter { $0.removal == nil }
        var response = Response.json([
            "items": .array(inUse.map { .object($0.members) }), "total": .integer(inUse.count),
            "removed": .array(tables.filter { $0.removal != nil }.map { .object($0.members) }),
            "gaps": DictionaryRoutes.gaps(between: tables),
        ])
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// The reason stands in the address, or in a body of JSON.
    private func remove(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        _ = try visitors.reportingInstitution(visitor)
        var reason = request.query["reason"]
        if reason == nil, !request.body.isEmpty {
            guard let root = try? JSONDocument(request.body).root, case .string(let text)? = root["reason"]?.content
            else {
                throw Problem(
                    "malformed-json", status: .badRequest,
                    title: BilingualText(zh: "内容不是有效的 JSON", en: "The body is no valid JSON"),
                    detail: BilingualText(zh: "应为 {\"reason\": \"…\"}。", en: "It must be {\"reason\": \"…\"}."))
            }
            reason = text
        }
        let removed = try await desk.remove(
            request.parameters["id"], of: request.parameters["category"], reason: reason, by: visitor,
            from: request.remoteAddress)
        return .json(.object(removed.members))
    }
}

extension CodeTable {
    /// As the API tells it.
    fileprivate var members: [(String, JSONValue)] {
        var members: [(String, JSONValue)] = [
            ("id", .string(id)), ("category", .string(category)), ("rows", .integer(rows)),
            ("from", .string(days.lowerBound.description)), ("to", .string(days.upperBound.description)),
            ("receivedAt", .string(receivedAt.utc)), ("receivedBy", .string(receivedBy)),
        ]
        if let removal {
            members.append(
                (
                    "removed",
                    .object([
                        ("at", .string(removal.at.utc)), ("by", .string(removal.by)),
                        ("reason", .string(removal.reason)),
                    ])
                ))
        }
        return members
    }
}

extension CodeImpact {
    fileprivate var json: JSONValue {
        func list(_ codes: [CodeImpact.Used]) -> JSONValue {
            .array(codes.map { .object([("code", .string($0.code)), ("rows", .integer($0.rows))]) })
        }
        return .object([
            ("from", .string(days.lowerBound.description)), ("to", .string(days.upperBound.description)),
            ("rows", .integer(rows)), ("cleared", .integer(cleared)), ("warned", .integer(warned)),
            ("rejected", .integer(rejected)),
            ("missing", list(missing)), ("unmapped", list(unmapped)),
        ])
    }
}

extension BilingualText {
    fileprivate var json: JSONValue { .object([("zh", .string(zh)), ("en", .string(en))]) }
}
