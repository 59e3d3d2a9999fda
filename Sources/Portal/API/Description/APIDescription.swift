import HTTPServer
import JSON
import SurveillanceKit

/// What `/openapi.json` says, and what each operation therefore takes.
///
/// The text of `openAPIText` says what is particular to an operation. Added to it are the names that this deployment's programs
/// declare, and the answers that every operation can give. Requests are held against the result, so that the description
/// and the server cannot differ.
struct APIDescription: Sendable {
    /// The whole description as it is served.
    let bytes: [UInt8]
    /// By `GET /api/v1/submissions`, then by the parameter's name: what its query takes.
    private let queries: [String: [String: QueryParameter]]

    init(programs: [Program]) {
        // The text is this program's own; a test reads it.
        guard let text = try? JSONDocument(Array(openAPIText.utf8)).root else {
            (bytes, queries) = ([], [:])
            return
        }
        var document = JSONValue(text)
        document.nameWhatProgramsDeclare(programs)
        document.addCommonAnswers()
        bytes = document.encoded()
        queries = document.queries()
    }

    /// The same route, which answers 400 for a parameter or a value of one that the description does not list.
    func checked(_ route: Route) -> Route {
        guard let known = queries["\(route.method.rawValue) \(route.pattern)"] else { return route }
        var checked = route
        switch route.body {
        case .none(let handler):
            checked.body = .none { request in
                try APIDescription.check(request.head.query, known)
                return try await handler(request)
            }
        case .buffered(let maximumBytes, let handler):
            checked.body = .buffered(maximumBytes: maximumBytes) { request in
                try APIDescription.check(request.head.query, known)
                return try await handler(request)
            }
        case .streamed(let admit):
            checked.body = .streamed { head in
                try APIDescription.check(head.query, known)
                return try await admit(head)
            }
        }
        return checked
    }

    private static func check(_ query: FormFields, _ known: [String: QueryParameter]) throws(Problem) {
        var seen: Set<String> = []
        for (name, value) in query.items {
            guard let parameter = known[name] else { throw .unknownParameter(name, known: known.keys.sorted()) }
            // Given again, a parameter would count once and once not.
            guard seen.insert(name).inserted, parameter.takes(value) else { throw .unknownValue(name, value) }
        }
    }
}

extension JSONValue {
    /// A value that was read, to be changed and written again.
    init(_ node: JSONNode) {
        self =
            switch node.content {
            case .null: .null
            case .bool(let value): .bool(value)
            case .number(let value): Int(exactly: value).map { .integer($0) } ?? .number(value)
            case .string(let value): .string(value)
            case .array(let elements): .array(elements.map { JSONValue($0) })
            case .object(let members): .object(members.map { ($0.name, JSONValue($0.value)) })
            }
    }

    /// A member of an object; set to nil it is taken out.
    subscript(name: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.0 == name }?.1
        }
        set {
            guard case .object(var members) = self else { return }
            let place = members.firstIndex { $0.0 == name }
            switch (place, newValue) {
            case (let place?, let value?): members[place].1 = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
            self = .object(members)
        }
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var whole: Int? { if case .integer(let number) = self { number } else { nil } }
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
    var members: [(String, JSONValue)] { if case .object(let members) = self { members } else { [] } }
}

extension JSONValue {
    fileprivate static func names(_ names: some Sequence<String>) -> JSONValue {
        .array(names.map { .string($0) })
    }

    /// Fills in the programs, and the dimensions of their indicators with the groups of each.
    fileprivate mutating func nameWhatProgramsDeclare(_ programs: [Program]) {
        self["components"]?["schemas"]?["ProgramID"]?["enum"] = .names(programs.map(\.id))
        var groups: [(id: String, groups: [String])] = []
        for dimension in programs.flatMap(\.dimensions) {
            let own = dimension.groups.map(\.id)
            if let place = groups.firstIndex(where: { $0.id == dimension.id }) {
                groups[place].groups += own.filter { !groups[place].groups.contains($0) }
            } else {
                groups.append((dimension.id, own))
            }
        }
        let splits = self["components"]?["schemas"]?["Split"]?["enum"]?.elements ?? []
        self["components"]?["schemas"]?["Split"]?["enum"] = .array(splits + groups.map { .string($0.id) })
        let path = "/api/v1/indicators/{program}/{id}"
        let parameters = self["paths"]?[path]?["get"]?["parameters"]?.elements ?? []
        self["paths"]?[path]?["get"]?["parameters"] = .array(
            parameters
                + groups.map { dimension in
                    [
                        "name": .string(dimension.id), "in": "query", "style": "form", "explode": false,
                        "description": "Only what lies in these groups.",
                        "schema": [
                            "type": "array", "minItems": 1,
                            "items": [
                                "type": "string", "enum": .names(dimension.groups + [IndicatorDimension.unknown]),
                            ],
                        ],
                    ]
                })
    }

    /// What any operation under `/api/` can answer, beside what its text says.
    fileprivate mutating func addCommonAnswers() {
        for (path, item) in self["paths"]?.members ?? [] where path.hasPrefix("/api/") {
            for (method, operation) in item.members {
                var answers = operation["responses"] ?? .object([])
                var common = [
                    ("400", "BadRequest"), ("401", "Unauthorized"), ("403", "Forbidden"), ("429", "TooManyRequests"),
                    ("500", "Problem"), ("503", "Unavailable"),
                ]
                if method == "post" { common.append(("413", "Problem")) }
                for (status, name) in common {
                    answers[status] = ["$ref": .string("#/components/responses/\(name)")]
                }
                self["paths"]?[path]?[method]?["responses"] = .object(answers.members.sorted { $0.0 < $1.0 })
            }
        }
    }

    fileprivate func queries() -> [String: [String: QueryParameter]] {
        var queries: [String: [String: QueryParameter]] = [:]
        for (path, item) in self["paths"]?.members ?? [] where path.hasPrefix("/api/") {
            for (method, operation) in item.members {
                let parameters = (operation["parameters"]?.elements ?? []).map(resolved)
                    .filter { $0["in"]?.text == "query" }
                queries["\(method.uppercased()) \(path)"] = Dictionary(
                    parameters.map { ($0["name"]?.text ?? "", QueryParameter($0, resolve: resolved)) },
                    uniquingKeysWith: { first, _ in first })
            }
        }
        return queries
    }

    /// What a `$ref` of this document points to; the value itself where it is none.
    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.text else { return value }
        var found: JSONValue? = self
        for part in reference.split(separator: "/").dropFirst() { found = found?[String(part)] }
        return found ?? value
    }
}

extension Problem {
    static func unknownParameter(_ name: String, known: [String]) -> Problem {
        let zh = known.isEmpty ? "此地址不带参数。" : "可用：\(known.joined(separator: "、"))。"
        let en = known.isEmpty ? "This address takes none." : "There are \(known.joined(separator: ", "))."
        return Problem(
            "unknown-parameter", status: .badRequest,
            title: BilingualText(zh: "没有这个参数", en: "There is no such parameter"),
            detail: BilingualText(zh: "没有参数 \(name)。\(zh)", en: "There is no parameter '\(name)'. \(en)"),
            members: [("parameter", .string(name))])
    }
}
