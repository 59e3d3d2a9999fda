public import JSON
import SurveillanceKit

/// Writes obligations as the rows of a table and as JSON, with the program's zone.
public enum ObligationText {
    public static let header = "institution,program,kind,from,to,due_at,state"

    public static func csv(_ obligation: Obligation, in zone: CivilZone) -> String {
        [
            cell(obligation.institution), obligation.program, obligation.kind.rawValue, "\(obligation.from)",
            "\(obligation.to)", zone.text(obligation.dueAt), obligation.state.rawValue,
        ].joined(separator: ",")
    }

    /// A code as a cell; in quotes where it holds a comma, a quote or a line break.
    public static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

extension ObligationText {
    /// One obligation with its chain of rules and facts, as `GET /api/v1/obligations` and `vedette deadline explain` give it.
    ///
    /// - Parameter obligation: nil where nothing is owed; then the reasons say why.
    public static func json(
        _ obligation: Obligation?, institution: String, program: String, _ reasons: [DutyReason], in zone: CivilZone
    ) -> JSONValue {
        .object([
            ("institution", .string(institution)), ("program", .string(program)),
            ("kind", .optional(obligation?.kind.rawValue)), ("id", .optional(obligation?.name)),
            (
                "period",
                obligation.map { .object([("from", .string("\($0.from)")), ("to", .string("\($0.to)"))]) } ?? .null
            ),
            ("dueAt", .optional(obligation.map { zone.text($0.dueAt) })),
            ("timeZone", .string(zone.identifier)),
            ("state", .optional(obligation?.state.rawValue)),
            ("receivedAt", .optional(obligation?.receivedAt.map { zone.text($0) })),
            ("pending", .bool(obligation?.isPending ?? false)),
            ("rules", .array(reasons.map(json))),
        ])
    }

    private static func json(_ reason: DutyReason) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("kind", .string(reason.kind.rawValue)),
            ("text", .object([("zh", .string(reason.text.zh)), ("en", .string(reason.text.en))])),
        ]
        if let origin = reason.origin {
            members.append(("source", .string(origin.source.rawValue)))
            if let place = origin.place { members.append(("place", .string(place))) }
            if let day = origin.setOn { members.append(("setOn", .string("\(day)"))) }
            if origin.isRetroactive { members.append(("retroactive", true)) }
        }
        return .object(members)
    }
}
