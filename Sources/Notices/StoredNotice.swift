import Database
import JSON
import SurveillanceKit

/// A notice as its row holds it.
enum StoredNotice {
    static let columns = """
        n.notice_key, n.kind, n.recipient, n.program, n.institution, n.period, n.at, n.title_zh, n.title_en, n.text_zh, n.text_en, \
        n.template_values, n.not_before, n.until, n.phone, n.mail
        """

    /// - Parameter first: the place of the first of `columns` in the row.
    static func notice(_ row: Row, from first: Int) throws -> Notice {
        let kind: String = try row[first + 1]
        let institution: String? = try row[first + 2]
        let (phone, mail): (String?, String?) = (try row[first + 14], try row[first + 15])
        let recipient: NoticeRecipient =
            if let institution {
                .institution(institution)
            } else if phone != nil || mail != nil {
                .person(phone: phone ?? "", mail: mail ?? "")
            } else {
                .administrators
            }
        let notBefore = Instant(milliseconds: try row[first + 12])
        let until = Instant(milliseconds: try row[first + 13])
        return Notice(
            key: try row[first],
            // A kind of a later version is told like any other.
            kind: NoticeKind(rawValue: kind) ?? .operation,
            to: recipient, program: try row[first + 3],
            institution: try row[first + 4], period: try row[first + 5], at: Instant(milliseconds: try row[first + 6]),
            title: BilingualText(zh: try row[first + 7], en: try row[first + 8]),
            text: BilingualText(zh: try row[first + 9], en: try row[first + 10]), values: values(try row[first + 11]),
            notBefore: notBefore.milliseconds == 0 ? nil : notBefore, until: until == .distantFuture ? nil : until)
    }

    static func text(of values: [String: String]) -> String {
        let members = values.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        return String(decoding: JSONValue.object(members).encoded(), as: UTF8.self)
    }

    private static func values(_ text: String) -> [String: String] {
        guard let root = try? JSONDocument(Array(text.utf8)).root, case .object(let members) = root.content else {
            return [:]
        }
        var values: [String: String] = [:]
        for member in members {
            if case .string(let text) = member.value.content { values[member.name] = text }
        }
        return values
    }
}
