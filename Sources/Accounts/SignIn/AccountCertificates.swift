public import Audit
public import Database
public import ShangMi
public import SurveillanceKit

/// SM2 certificates by which administrators prove a sign-in, with the authorities that vouch for them.
///
/// The TLS library knows no SM2, so the proof is given one level up: the key signs a challenge that the sign-in shows once.
public struct AccountCertificates: Sendable {
    /// How long a challenge can be answered.
    public static let challengeSeconds: Int64 = 300
    static let mostInChain = 4
    public static let maximumBytes = 16_384

    let database: any SQLDatabase
    /// None where the deployment names no authority: then certificates are neither registered nor taken.
    public let authorities: [SM2Certificate]

    public init(database: any SQLDatabase, authorities: [SM2Certificate]) {
        self.database = database
        self.authorities = authorities
    }

    public var isOn: Bool { !authorities.isEmpty }

    /// Looks whether a certificate could be registered.
    ///
    /// - Parameter pem: the certificate, and behind it authorities between it and those that are trusted.
    /// - Returns: the certificate.
    /// - Throws: `CertificateFault`.
    @discardableResult
    public func check(_ pem: String, at now: Instant) throws(CertificateFault) -> SM2Certificate {
        guard pem.utf8.count <= Self.maximumBytes else { throw .malformed }
        let chain = try SM2Certificate.all(inPEM: pem)
        guard let own = chain.first, chain.count <= Self.mostInChain else { throw .malformed }
        try own.check(Array(chain.dropFirst()), by: authorities, at: now.seconds)
        return own
    }

    /// The certificate of an account; nil where none is registered.
    public func registered(_ name: String) async throws -> RegisteredCertificate? {
        let key = AccountKey(name)?.text ?? ""
        return try await database.read { try Self.registered(key: key, in: $0) }
    }

    static func registered(key: String, in connection: any Connection) throws -> RegisteredCertificate? {
        let row = try connection.firstRow("SELECT * FROM account_certificate WHERE account = ?", [.text(key)])
        guard let row else { return nil }
        return RegisteredCertificate(
            pem: try row["chain"], fingerprint: try row["fingerprint"], registeredAt: try row.instant("registered_at"))
    }

    /// Registers a certificate for an account, in the place of an earlier one, in the transaction that decides about it.
    ///
    /// - Throws: `AccountError.unknownAccount`, `AccountError.certificateTaken` where another account has it.
    public static func register(
        _ pem: String, _ certificate: SM2Certificate, of name: String, by author: Author, at now: Instant,
        in transaction: any Transaction
    ) throws {
        guard let key = AccountKey(name)?.text, try AccountStore.find(name, in: transaction) != nil else {
            throw AccountError.unknownAccount(name)
        }
        try requireFree(certificate, for: name, in: transaction)
        try transaction.execute("DELETE FROM account_certificate WHERE account = ?", [.text(key)])
        try transaction.execute(
            """
            INSERT INTO account_certificate (account, chain, fingerprint, public_key, registered_at)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                .text(key), .text(pem), .text(certificate.fingerprint), .text(certificate.publicKey.hex), .seconds(now),
            ])
        try AuditTrail.append(
            AuditEntry(
                author: author, action: "second-factor.register-certificate", subject: name, at: now,
                detail: ["serial": certificate.serial, "sm3": certificate.fingerprint]), in: transaction)
    }

    /// Looks whether no other account has the same key: one person's key proves one account.
    public static func requireFree(
        _ certificate: SM2Certificate, for name: String, in connection: any Connection
    ) throws {
        let other: String? = try connection.first(
            "SELECT account FROM account_certificate WHERE public_key = ? AND account <> ?",
            [.text(certificate.publicKey.hex), .text(AccountKey(name)?.text ?? "")])
        if other != nil { throw AccountError.certificateTaken }
    }
}

/// A certificate as it was registered.
public struct RegisteredCertificate: Hashable, Sendable {
    /// The certificate, and behind it authorities.
    public var pem: String
    public var fingerprint: String
    public var registeredAt: Instant

    /// nil where it can no longer be read.
    public var words: CertificateWords? { CertificateWords(pem: pem) }
}

/// What people are shown of a certificate.
public struct CertificateWords: Hashable, Sendable {
    public var subject: String
    public var serial: String
    public var until: Instant

    /// - Returns: nil for what is no certificate.
    public init?(pem: String) {
        guard let certificate = try? SM2Certificate.all(inPEM: pem).first else { return nil }
        (subject, serial) = (certificate.subject, certificate.serial)
        until = Instant(seconds: certificate.notAfter)
    }
}

/// What came of a signature that somebody has given.
public enum SignatureVerdict: Hashable, Sendable {
    case right
    /// The challenge is over, was answered already, or is not this sign-in's; another one is shown.
    case noChallenge
    case wrong
    /// The certificate does not count now.
    case certificate(CertificateFault)
    /// The deployment takes no certificates.
    case notTaken
}

extension SignInSteps {
    /// The challenge of a sign-in whose account has a certificate, made at the first look and again once it is over.
    ///
    /// It names the account and this sign-in, so that a signature counts nowhere else.
    public func challenge(_ token: String, of unfinished: UnfinishedSignIn, at now: Instant) async throws -> String? {
        guard unfinished.hasCertificate, let digest = Token.digest(token) else { return nil }
        let earliest = now.advanced(bySeconds: -AccountCertificates.challengeSeconds)
        let made =
            "vedette-sign-in:\(unfinished.account.name):\(digest.prefix(16)):\(Hex.encode(random.bytes(32)))"
        return try await database.write { transaction in
            try transaction.execute(
                """
                UPDATE unfinished_sign_in SET challenge = ?, challenge_at = ?
                WHERE digest = ? AND (challenge IS NULL OR challenge_at <= ?)
                """, [.text(made), .seconds(now), .text(digest), .seconds(earliest)])
            return try transaction.first("SELECT challenge FROM unfinished_sign_in WHERE digest = ?", [.text(digest)])
        }
    }

    /// Takes a signature of the challenge. The challenge is over then, whatever came of it.
    ///
    /// - Parameter signature: what a tool has written: DER or two numbers, as such, in hexadecimal digits or base64.
    /// - Returns: the verdict, and how it goes on where the signature was right.
    public func giveSignature(
        _ signature: [UInt8], to token: String, of unfinished: UnfinishedSignIn, from address: String, at now: Instant
    ) async throws -> (verdict: SignatureVerdict, progress: SignInProgress?) {
        guard certificates.isOn else { return (.notTaken, nil) }
        guard let digest = Token.digest(token) else { return (.noChallenge, nil) }
        let (account, earliest) = (
            unfinished.account, now.advanced(bySeconds: -AccountCertificates.challengeSeconds)
        )
        let key = AccountKey(account.name)?.text ?? ""
        // Of two requests that answer at once one alone finds the challenge.
        let held = try await database.write { transaction -> (String, RegisteredCertificate)? in
            try transaction.execute(
                "UPDATE unfinished_sign_in SET is_proved = is_proved WHERE digest = ?", [.text(digest)])
            let challenge: String? = try transaction.first(
                "SELECT challenge FROM unfinished_sign_in WHERE digest = ? AND challenge_at > ?",
                [.text(digest), .seconds(earliest)])
            try transaction.execute(
                "UPDATE unfinished_sign_in SET challenge = NULL, challenge_at = NULL WHERE digest = ?", [.text(digest)])
            guard let challenge, let own = try AccountCertificates.registered(key: key, in: transaction) else {
                return nil
            }
            return (challenge, own)
        }
        guard let (challenge, own) = held else { return (.noChallenge, nil) }
        let certificate: SM2Certificate
        do { certificate = try certificates.check(own.pem, at: now) } catch { return (.certificate(error), nil) }
        guard try Self.isSigned(challenge, signature, by: certificate.publicKey) else {
            try await note("second-factor.wrong-signature", account, certificate, from: address, at: now)
            return (.wrong, nil)
        }
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE unfinished_sign_in SET is_proved = 1 WHERE digest = ?", [.text(digest)])
        }
        try await note("second-factor.certificate", account, certificate, from: address, at: now)
        return (.right, try await advance(token, from: address, at: now))
    }

    private func note(
        _ action: String, _ account: Account, _ certificate: SM2Certificate, from address: String, at now: Instant
    ) async throws {
        try await AuditTrail(database: database).append(
            AuditEntry(
                author: Author(name: account.name, origin: address), action: action, subject: account.name, at: now,
                detail: ["serial": certificate.serial]))
    }

    /// Whether the bytes are a signature of the challenge; editors put the end of a line behind it.
    private static func isSigned(_ challenge: String, _ bytes: [UInt8], by key: SM2PublicKey) throws -> Bool {
        let signatures = [
            SM2Signature(fileBytes: bytes), SM2Signature(text: String(decoding: bytes.prefix(1024), as: UTF8.self)),
        ].compactMap(\.self)
        for signature in signatures {
            for end in ["", "\n", "\r\n"] where try key.isValid(signature, of: Array((challenge + end).utf8)) {
                return true
            }
        }
        return false
    }
}

extension CertificateFault {
    /// What a person is told.
    public var message: BilingualText {
        switch self {
        case .noCertificate:
            BilingualText(
                zh: "没有找到证书：应为 PEM 文本，以 -----BEGIN CERTIFICATE----- 开头。",
                en: "There is no certificate: text in PEM is needed, beginning with -----BEGIN CERTIFICATE-----.")
        case .malformed:
            BilingualText(zh: "证书格式有误，无法读取。", en: "The certificate is damaged and cannot be read.")
        case .otherAlgorithm:
            BilingualText(
                zh: "不是国密证书：公钥应为 SM2，签名算法应为 SM2 与 SM3。",
                en: "It is no SM2 certificate: the key must be of SM2, and signed with SM2 and SM3.")
        case .unknownExtension(let name):
            BilingualText(
                zh: "证书含有必须理解而本系统不认识的扩展项 \(name)。",
                en: "The certificate has an extension, \(name), that must be understood and is not known here.")
        case .notYet: BilingualText(zh: "证书尚未生效。", en: "The certificate does not count yet.")
        case .expired:
            BilingualText(
                zh: "证书已过期；请更换证书并由安全管理员重新登记。",
                en: "The certificate has expired; get another one and have a security administrator register it.")
        case .notForSigning:
            BilingualText(
                zh: "证书不能用于签名：需要个人的签名证书，不是加密证书或 CA 证书。",
                en:
                    "The certificate is not for signing: a person's signing certificate is needed, not one for encryption, nor an authority's."
            )
        case .notTrusted(let issuer):
            BilingualText(
                zh: "证书的签发者“\(issuer)”不是本系统信任的 CA。",
                en: "No authority that is trusted here vouches for the certificate's issuer, \(issuer).")
        }
    }
}
