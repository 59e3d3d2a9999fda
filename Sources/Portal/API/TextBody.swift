import HTTPServer
import JSON
import SurveillanceKit

/// A request's body as a JSON object of texts.
struct TextBody {
    private let values: [String: String]

    /// - Parameters:
    ///   - names: members that there may be; null counts as left out.
    ///   - example: for the message.
    /// - Throws: `Problem` for what is no such object, and for a member of another name.
    init(_ request: Request, _ names: [String], example: String) throws(Problem) {
        guard let root = try? JSONDocument(request.body).root, case .object(let members) = root.content else {
            throw Self.malformed(example)
        }
        var values: [String: String] = [:]
        for member in members {
            guard names.contains(member.name) else { throw Problem.unknownValue(member.name, "…") }
            switch member.value.content {
            case .string(let text): values[member.name] = text.trimmed
            case .null: break
            default: throw Self.malformed(example)
            }
        }
        self.values = values
    }

    subscript(name: String) -> String { values[name] ?? "" }

    private static func malformed(_ example: String) -> Problem {
        Problem(
            "malformed-json", status: .badRequest,
            title: BilingualText(zh: "内容不是有效的 JSON", en: "The body is no valid JSON"),
            detail: BilingualText(zh: "应为 \(example)。", en: "It must be \(example)."))
    }
}
