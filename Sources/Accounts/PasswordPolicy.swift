/// What a new password must be like.
///
/// Length counts for more than kinds of characters, which are not prescribed.
/// Source: NIST SP 800-63B, 5.1.1.2; OWASP "Authentication Cheat Sheet".
public struct PasswordPolicy: Hashable, Sendable {
    public var minimumLength: Int
    public var maximumLength: Int

    public init(minimumLength: Int = 10, maximumLength: Int = 256) {
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
    }

    public func check(_ password: String, accountName: String) throws(AccountError) {
        let length = password.unicodeScalars.count
        if length < minimumLength { throw .passwordTooShort(minimum: minimumLength) }
        if length > maximumLength { throw .passwordTooLong(maximum: maximumLength) }
        let holdsName = password.lowercased().contains(accountName.lowercased())
        if holdsName || Set(password.unicodeScalars).count < 4 { throw .passwordTooSimple }
    }
}
