public import Audit
public import Database
public import SurveillanceKit

/// What an account's owner says of himself.
public struct AccountContact: Hashable, Sendable {
    public var phone: String
    public var mail: String
    /// In which language pages begin; nil for what the browser asks for.
    public var language: Language?

    public init(phone: String = "", mail: String = "", language: Language? = nil) {
        self.phone = phone
        self.mail = mail
        self.language = language
    }

    static let maximumLength = 100

    /// - Throws: `AccountError` for what is no telephone number or mail address.
    public func check() throws(AccountError) {
        let digits = phone.filter(\.isNumber).count
        let isPhone = phone.isEmpty || digits >= 5 && phone.allSatisfy { $0.isNumber || "+-() 转,".contains($0) }
        guard isPhone, phone.count <= Self.maximumLength else { throw .malformedPhone(phone) }
        let parts = mail.split(separator: "@", omittingEmptySubsequences: false)
        let isMail =
            mail.isEmpty
            || parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
                && mail.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>,;\"".utf8.contains($0) }
        guard isMail, mail.count <= Self.maximumLength else { throw .malformedMail(mail) }
    }
}

extension AccountStore {
    public func contact(of name: String) async throws -> AccountContact {
        let key = AccountKey(name)?.text ?? ""
        return try await database.read { connection in
            let row = try connection.firstRow(
                "SELECT phone, mail, language FROM account WHERE key = ?", [.text(key)])
            guard let row else { return AccountContact() }
            let language: String? = try row["language"]
            return AccountContact(
                phone: try row["phone"] ?? "", mail: try row["mail"] ?? "",
                language: language.flatMap(Language.init(rawValue:)))
        }
    }

    /// What an account's owner has given of himself, in a transaction.
    public static func contact(of name: String, in connection: any Connection) throws -> AccountContact {
        let row = try connection.firstRow(
            "SELECT phone, mail FROM account WHERE key = ?", [.text(AccountKey(name)?.text ?? "")])
        guard let row else { return AccountContact() }
        return AccountContact(phone: try row["phone"] ?? "", mail: try row["mail"] ?? "")
    }

    /// Notes what an applicant has given of himself, in the transaction that makes his account.
    public static func noteContact(_ contact: AccountContact, of name: String, in transaction: any Transaction) throws {
        try contact.check()
        try transaction.execute(
            "UPDATE account SET phone = ?, mobile = ?, mail = ? WHERE key = ?",
            [
                .text(contact.phone), SQLValue(PhoneNumber(contact.phone)?.national), .text(contact.mail),
                .text(AccountKey(name)?.text ?? ""),
            ])
    }

    public func setContact(_ contact: AccountContact, of name: String, by author: Author, at now: Instant) async throws
    {
        try contact.check()
        // The trail says that it was changed, and not to what: it is kept for ever.
        try await change(name, action: "account.set-contact", by: author, at: now) { key, account, transaction in
            try Self.checkSeparation(
                account.role, of: account.name, phone: contact.phone, mail: contact.mail, in: transaction)
            try transaction.execute(
                "UPDATE account SET phone = ?, mobile = ?, mail = ?, language = ? WHERE key = ?",
                [
                    SQLValue(contact.phone.isEmpty ? nil : contact.phone),
                    SQLValue(PhoneNumber(contact.phone)?.national),
                    SQLValue(contact.mail.isEmpty ? nil : contact.mail), SQLValue(contact.language?.rawValue),
                    .text(key),
                ])
            return [:]
        }
    }
}
