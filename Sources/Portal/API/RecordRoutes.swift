import Foundation
import HTTPServer
import Intake
import SurveillanceKit

/// What a submission changed in the store, and taking it back.
struct RecordRoutes: Sendable {
    let services: any RecordServices
    let visitors: Visitors

    private static let maximumListed = 1000

    var routes: [Route] {
        [
            .get("/api/v1/submissions/{id}/changes", changes),
            .post("/api/v1/submissions/{id}/withdraw", maximumBytes: 8192, withdraw),
        ]
    }

    private func changes(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        func number(_ name: String, _ range: ClosedRange<Int>, otherwise: Int) throws -> Int {
            guard let text = request.query[name] else { return otherwise }
            guard let number = Int(text), range.contains(number) else { throw Problem.unknownValue(name, text) }
            return number
        }
        let offset = try number("offset", 0...Int(Int32.max), otherwise: 0)
        let limit = try number("limit", 1...RecordRoutes.maximumListed, otherwise: 100)
        let asOf = try request.query["asOf"].map { text in
            guard let moment = RecordRoutes.moment(text) else { throw Problem.unknownValue("asOf", text) }
            return moment
        }
        do {
            let found = try await services.changes(
                ChangesRequest(submission: seen.submission.id, offset: offset, limit: limit, asOf: asOf))
            let answer = found.json(of: seen.submission, offset: offset)
            var response = Response.json(answer)
            response.headers["Cache-Control"] = "no-store"
            response.linkNext(of: request, "offset", answer["next"]?.whole.map(String.init))
            return response
        } catch {
            throw Problem.readable(error)
        }
    }

    /// The moment of an ISO 8601 time with its zone; nil where it is none. A `+` that was not written as `%2B`
    /// has come as a blank.
    static func moment(_ text: String) -> Instant? {
        Instant(withZone: text.replacing(" ", with: "+"))
    }

    private struct Withdrawal: Decodable {
        var reason: String
    }

    private func withdraw(_ request: Request) async throws -> Response {
        let visitor = try await visitors.caller(request.head)
        let seen = try await visitors.submission(request.parameters["id"], visitor)
        guard let body = try? JSONDecoder().decode(Withdrawal.self, from: Data(request.body)) else {
            throw Problem(
                "malformed-json", status: .badRequest,
                title: BilingualText(zh: "内容不是有效的 JSON", en: "The body is no valid JSON"),
                detail: BilingualText(zh: "应为 {\"reason\": \"…\"}。", en: "It must be {\"reason\": \"…\"}."))
        }
        return .json(try await withdraw(seen, body.reason, visitor, request.remoteAddress).json)
    }

    /// Withdraws a submission for the institution that sent it.
    func withdraw(
        _ seen: SeenSubmission, _ reason: String, _ visitor: Visitor, _ address: String
    ) async throws -> Submission {
        guard seen.isOwn else {
            throw Problem(
                "not-own-submission", status: .forbidden,
                title: BilingualText(zh: "只有上报机构能撤回", en: "Only the institution that sent it can withdraw it"))
        }
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty, reason.count <= SubmissionLog.longestReason else {
            throw Problem(
                "reason-needed", status: .badRequest,
                title: BilingualText(zh: "请填写撤回原因", en: "Say why it is withdrawn"),
                detail: BilingualText(
                    zh: "原因为 1 至 \(SubmissionLog.longestReason) 个字符。",
                    en: "The reason has 1 to \(SubmissionLog.longestReason) characters."))
        }
        do {
            return try await services.withdraw(
                seen.submission.id, reason: reason, by: visitor.account, from: address)
        } catch {
            throw Problem.readable(error)
        }
    }
}
