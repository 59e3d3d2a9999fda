public import JSON
import SurveillanceKit

extension CodeExplanation {
    /// As the command and the API tell it.
    public var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("code", .string(code.text)), ("shape", .string(code.shape.rawValue)), ("kind", Self.both(kind)),
        ]
        members.append(("summary", Self.both(summary)))
        members.append(("isPlausible", .bool(isPlausible)))
        members.append(("organizationCode", .optional(code.organizationCode)))
        members.append(("region", .optional(code.region)))
        members.append(("regionName", Self.both(region)))
        members.append(("category", .optional(category?.code)))
        members.append(("categoryTitle", Self.both(category?.title)))
        members.append(("economicType", Self.both(economicType)))
        members.append(("managementClass", .optional(managementClass?.rawValue)))
        members.append(("managementClassTitle", Self.both(managementClass?.title)))
        members.append(("authority", Self.both(authority)))
        members.append(("findings", .array(findings.map(Self.json))))
        return .object(members)
    }

    private static func json(_ finding: CodeFinding) -> JSONValue {
        .object([
            ("code", .string(finding.kind.rawValue)), ("severity", .string(finding.severity.rawValue)),
            ("position", .optional(finding.position)), ("expected", .optional(finding.expected.map { String($0) })),
            ("message", both(finding.message)),
        ])
    }

    private static func both(_ text: BilingualText?) -> JSONValue {
        guard let text else { return .null }
        return .object([("zh", .string(text.zh)), ("en", .string(text.en))])
    }
}
