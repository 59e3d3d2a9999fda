public import Database
import SurveillanceKit

extension Role {
    /// The three that exclude each other: who runs the system, who says what people may do, and who looks at what both have done.
    ///
    /// Source: GB/T 22239-2019, 8.1.5 (level 3: system, audit and security management).
    public static let separated: Set<Role> = [.platform, .security, .auditor]
}

extension AccountStore {
    /// Looks whether somebody holds another of the roles that exclude each other, under another account.
    ///
    /// One person is known by the mobile number or the mail address.
    ///
    /// - Throws: `AccountError.separated`.
    public static func checkSeparation(
        _ role: Role, of name: String, phone: String, mail: String, in connection: any Connection
    ) throws {
        guard Role.separated.contains(role) else { return }
        let others = Role.separated.subtracting([role]).map(\.rawValue).sorted()
        let row = try connection.firstRow(
            """
            SELECT role FROM account WHERE key <> ? AND role IN (?, ?) AND is_disabled = 0
                AND (mobile = ? OR lower(mail) = ?) ORDER BY key
            """,
            [.text(AccountKey(name)?.text ?? "")] + others.map(SQLValue.text) + [
                SQLValue(PhoneNumber(phone)?.national), SQLValue(mail.isEmpty ? nil : mail.lowercased()),
            ])
        guard let row else { return }
        let held: String = try row["role"]
        throw AccountError.separated(role, from: Role(rawValue: held) ?? role)
    }
}
