public import Audit
public import Database
public import Intake
public import ShangMi
public import SurveillanceKit

/// What came of a code that somebody has given.
public enum FactorVerdict: Hashable, Sendable {
    case right
    /// Wrong, used before, or of an account that has none; which of them is never told.
    case wrong
    /// Too many wrong codes: none is heard for so many seconds.
    case wait(seconds: Int64)
}

/// An account's second factor, without its secret.
public struct FactorStatus: Hashable, Sendable {
    public var setUpAt: Instant
    /// How many recovery codes have not been used.
    public var recoveryCodesLeft: Int

    public init(setUpAt: Instant, recoveryCodesLeft: Int) {
        self.setUpAt = setUpAt
        self.recoveryCodesLeft = recoveryCodesLeft
    }
}

/// The second factors of accounts: a secret that an authenticator app shares, and ten recovery codes.
///
/// Secrets are sealed with SM4-GCM; of recovery codes keyed codes alone are kept. Every change stands in the audit trail.
public struct SecondFactors: Sendable {
    public static let recoveryCodeCount = 10
    /// A code of the step before or after the present one is right too: clocks of telephones differ.
    static let toleranceSteps: Int64 = 1
    /// So many wrong codes in a row cost nothing; each further one doubles the wait, which begins with 30 seconds.
    static let freeFailures = 5
    static let longestWaitSeconds: Int64 = 15 * 60

    let database: any SQLDatabase
    let seal: FieldSeal
    private let random: RandomSource

    public init(database: any SQLDatabase, seal: FieldSeal, random: RandomSource) {
        self.database = database
        self.seal = seal
        self.random = random
    }

    /// A secret for an app that is to be set up; kept nowhere.
    public func newSecret() -> [UInt8] { random.bytes(TimeCode.secretByteCount) }

    /// An account's second factor; nil where it has none.
    public func status(of name: String) async throws -> FactorStatus? {
        let key = AccountKey(name)?.text ?? ""
        return try await database.read { connection in
            let row = try connection.firstRow(
                "SELECT set_up_at FROM second_factor WHERE account = ?", [.text(key)])
            guard let row else { return nil }
            let left: Int? = try connection.first(
                "SELECT count(*) FROM recovery_code WHERE account = ? AND used_at IS NULL", [.text(key)])
            return FactorStatus(setUpAt: try row.instant("set_up_at"), recoveryCodesLeft: left ?? 0)
        }
    }

    /// Gives an account a second factor where `code` shows that its owner's app has the secret.
    ///
    /// - Returns: the recovery codes, this once; nil for a wrong code and for an account that has a second factor already.
    public func setUp(
        _ secret: [UInt8], code: String, of name: String, by author: Author, at now: Instant
    ) async throws -> [String]? {
        guard let key = AccountKey(name)?.text, let step = try Self.step(of: code, secret, after: nil, at: now) else {
            return nil
        }
        let sealed = try seal.seal(secret, place: Self.place(key))
        let codes = newRecoveryCodes()
        return try await database.write { [seal] transaction in
            let added = try transaction.execute(
                """
                INSERT INTO second_factor (account, secret, set_up_at, last_step, failures, failed_at)
                VALUES (?, ?, ?, ?, 0, 0) ON CONFLICT (account) DO NOTHING
                """, [.text(key), .blob(sealed), .seconds(now), .integer(step)])
            guard added == 1 else { return nil }
            try Self.replaceRecoveryCodes(codes, of: key, seal, in: transaction)
            try AuditTrail.append(
                AuditEntry(author: author, action: "second-factor.set-up", subject: name, at: now), in: transaction)
            return codes.map(Self.shown)
        }
    }

    /// Holds a code against the account's app and its recovery codes. Each code is right once.
    public func verify(_ typed: String, of name: String, by author: Author, at now: Instant) async throws
        -> FactorVerdict
    {
        let key = AccountKey(name)?.text ?? ""
        return try await database.write { [seal] transaction in
            // Locks the row: of guesses that come at once each counts those before it.
            try transaction.execute(
                "UPDATE second_factor SET failures = failures WHERE account = ?", [.text(key)])
            let row = try transaction.firstRow(
                "SELECT secret, last_step, failures, failed_at FROM second_factor WHERE account = ?", [.text(key)])
            guard let row else { return .wrong }
            let failures: Int = try row["failures"]
            let waited = now.milliseconds(since: try row.instant("failed_at")) / 1000
            let left = Self.wait(after: failures) - max(0, waited)
            if left > 0 { return .wait(seconds: left) }
            let secret = try seal.open(try row["secret"], place: Self.place(key))
            if let step = try Self.step(of: typed, secret, after: try row["last_step"], at: now) {
                // Of two requests that bring the same code at once, one alone moves the step on.
                let moved = try transaction.execute(
                    "UPDATE second_factor SET last_step = ?, failures = 0 WHERE account = ? AND last_step < ?",
                    [.integer(step), .text(key), .integer(step)])
                if moved == 1 { return .right }
            } else if try Self.useRecoveryCode(typed, of: key, seal, at: now, in: transaction) {
                try transaction.execute("UPDATE second_factor SET failures = 0 WHERE account = ?", [.text(key)])
                let left: Int? = try transaction.first(
                    "SELECT count(*) FROM recovery_code WHERE account = ? AND used_at IS NULL", [.text(key)])
                try AuditTrail.append(
                    AuditEntry(
                        author: author, action: "second-factor.recovery-code", subject: name, at: now,
                        detail: ["left": String(left ?? 0)]), in: transaction)
                return .right
            }
            try transaction.execute(
                "UPDATE second_factor SET failures = failures + 1, failed_at = ? WHERE account = ?",
                [.seconds(now), .text(key)])
            if failures + 1 > Self.freeFailures {
                try AuditTrail.append(
                    AuditEntry(
                        author: author, action: "second-factor.lock", subject: name, at: now,
                        detail: ["failures": String(failures + 1)]), in: transaction)
            }
            return .wrong
        }
    }

    /// Ten new recovery codes in the place of those that there are.
    ///
    /// - Returns: the codes, this once; nil for an account without a second factor.
    public func renewRecoveryCodes(of name: String, by author: Author, at now: Instant) async throws -> [String]? {
        let key = AccountKey(name)?.text ?? ""
        let codes = newRecoveryCodes()
        return try await database.write { [seal] transaction in
            let known: Int? = try transaction.first(
                "SELECT count(*) FROM second_factor WHERE account = ?", [.text(key)])
            guard known == 1 else { return nil }
            try Self.replaceRecoveryCodes(codes, of: key, seal, in: transaction)
            try AuditTrail.append(
                AuditEntry(author: author, action: "second-factor.renew-codes", subject: name, at: now),
                in: transaction)
            return codes.map(Self.shown)
        }
    }

    /// Takes an account's second factor away, its certificate too, and ends its sessions: the next sign-in sets another one up.
    ///
    /// - Returns: whether there was one.
    /// - Throws: `AccountError.unknownAccount`.
    public func remove(of name: String, by author: Author, at now: Instant) async throws -> Bool {
        try await database.write { transaction in
            guard let key = AccountKey(name)?.text,
                let account: String = try transaction.first("SELECT name FROM account WHERE key = ?", [.text(key)])
            else { throw AccountError.unknownAccount(name) }
            try transaction.execute("DELETE FROM recovery_code WHERE account = ?", [.text(key)])
            let codes = try transaction.execute("DELETE FROM second_factor WHERE account = ?", [.text(key)])
            let certificates = try transaction.execute(
                "DELETE FROM account_certificate WHERE account = ?", [.text(key)])
            guard codes + certificates > 0 else { return false }
            try transaction.execute("DELETE FROM session WHERE account = ?", [.text(key)])
            try transaction.execute("DELETE FROM unfinished_sign_in WHERE account = ?", [.text(key)])
            try AuditTrail.append(
                AuditEntry(author: author, action: "second-factor.remove", subject: account, at: now),
                in: transaction)
            return true
        }
    }

    /// The code that an account's app shows now; nil where the account has none. A demo shows it, and nothing else does.
    public func presentCode(of name: String, at now: Instant) async throws -> String? {
        let key = AccountKey(name)?.text ?? ""
        let sealed: [UInt8]? = try await database.read { connection in
            try connection.first("SELECT secret FROM second_factor WHERE account = ?", [.text(key)])
        }
        guard let sealed else { return nil }
        return try TimeCode.code(
            secret: try seal.open(sealed, place: Self.place(key)), step: TimeCode.step(at: now.seconds))
    }

    static func wait(after failures: Int) -> Int64 {
        let over = failures - freeFailures
        return over > 0 ? min(30 << Int64(min(over - 1, 10)), longestWaitSeconds) : 0
    }

    /// The step whose code was typed; nil for none of those that count.
    private static func step(of typed: String, _ secret: [UInt8], after last: Int64?, at now: Instant) throws -> Int64?
    {
        let given = Array(plain(typed).utf8)
        guard given.count == TimeCode.digits else { return nil }
        let present = TimeCode.step(at: now.seconds)
        var found: Int64?
        // The later steps are looked at all the same, for the same time.
        for step in (present - toleranceSteps)...(present + toleranceSteps) {
            let isSame = constantTimeEqual(given, Array(try TimeCode.code(secret: secret, step: step).utf8))
            if isSame, step > last ?? .min, found == nil { found = step }
        }
        return found
    }

    // MARK: Recovery codes

    /// Without 0, 1, I, L, O and U, which are mistaken for one another or make words: 30 signs, 10 of them 49 bits.
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let recoveryCodeLength = 10

    private func newRecoveryCodes() -> [String] {
        (0..<Self.recoveryCodeCount).map { _ in
            var code = ""
            while code.count < Self.recoveryCodeLength {
                // 240 is a multiple of the alphabet's length; what is above would make the first signs likelier.
                code += random.bytes(32).filter { $0 < 240 }.map { String(Self.alphabet[Int($0) % 30]) }.joined()
            }
            return String(code.prefix(Self.recoveryCodeLength))
        }
    }

    /// In two groups, as people read it.
    private static func shown(_ code: String) -> String { code.prefix(5) + "-" + code.dropFirst(5) }

    private static func replaceRecoveryCodes(
        _ codes: [String], of key: String, _ seal: FieldSeal, in transaction: any Transaction
    ) throws {
        try transaction.execute("DELETE FROM recovery_code WHERE account = ?", [.text(key)])
        for code in codes {
            try transaction.execute(
                "INSERT INTO recovery_code (account, digest) VALUES (?, ?)",
                [.text(key), .text(digest(code, of: key, seal))])
        }
    }

    private static func useRecoveryCode(
        _ typed: String, of key: String, _ seal: FieldSeal, at now: Instant, in transaction: any Transaction
    ) throws -> Bool {
        let used = try transaction.execute(
            "UPDATE recovery_code SET used_at = ? WHERE account = ? AND digest = ? AND used_at IS NULL",
            [.seconds(now), .text(key), .text(digest(plain(typed), of: key, seal))])
        return used == 1
    }

    private static func digest(_ code: String, of key: String, _ seal: FieldSeal) -> String {
        seal.code("recovery-code/\(key)/\(code)")
    }

    private static func place(_ key: String) -> String { "second-factor/\(key)" }

    /// Letters and digits in capitals, half width: whatever stands between them does not matter.
    private static func plain(_ typed: String) -> String {
        var plain = ""
        for scalar in typed.unicodeScalars.prefix(64) {
            let half = (0xFF10...0xFF5A).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
            switch half {
            case 0x30...0x39, 0x41...0x5A: plain.unicodeScalars.append(Unicode.Scalar(UInt8(half)))
            case 0x61...0x7A: plain.unicodeScalars.append(Unicode.Scalar(UInt8(half - 0x20)))
            default: continue
            }
        }
        return plain
    }
}
