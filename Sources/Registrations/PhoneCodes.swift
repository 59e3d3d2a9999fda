public import Accounts
public import Database
public import Intake
import Notices
public import ShangMi
public import SurveillanceKit

/// Six digits that prove that somebody holds a telephone.
///
/// Whether a number is known makes no difference here: each is sent a code, counted and answered in the same way.
public struct PhoneCodes: Sendable {
    private let database: any SQLDatabase
    private let seal: FieldSeal
    private let random: RandomSource
    public let policy: PhoneCodePolicy

    public init(
        database: any SQLDatabase, seal: FieldSeal, random: RandomSource, policy: PhoneCodePolicy = PhoneCodePolicy()
    ) {
        self.database = database
        self.seal = seal
        self.random = random
        self.policy = policy
    }

    /// Sends a code, within the limits. An earlier one of the same session counts no more.
    ///
    /// - Parameters:
    ///   - session: of the browser that asks; the code is right in this one alone.
    ///   - address: where the request came from.
    public func request(
        _ phone: PhoneNumber, for purpose: PhoneCodePurpose, session: String, from address: String, at now: Instant
    ) async throws -> PhoneCodeRequest {
        let key = PhoneCodes.key(phone, seal)
        let code = sixDigits()
        let id = Hex.encode(random.bytes(16))
        let (seal, policy) = (seal, policy)
        return try await database.write { transaction in
            try transaction.execute(
                "INSERT INTO phone_code_gate (phone_key, asked) VALUES (?, 0) ON CONFLICT (phone_key) DO NOTHING",
                [.text(key)])
            try transaction.execute(
                "UPDATE phone_code_gate SET asked = asked + 1 WHERE phone_key = ?", [.text(key)])
            let refusal = try PhoneCodes.refusal(key, address, policy, at: now, in: transaction)
            if let refusal { return refusal }
            try transaction.execute(
                "DELETE FROM phone_code WHERE sent_at < ?", [.integer(now.advanced(byDays: -2).milliseconds)])
            try transaction.execute(
                """
                INSERT INTO phone_code (id, phone_key, purpose, session, address, digest, sent_at, tries, used_at) \
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)
                """,
                [
                    .text(id), .text(key), .text(purpose.rawValue), .text(session), .text(address),
                    .text(seal.code("phone-code/\(id)/\(code)")), .integer(now.milliseconds),
                ])
            try Outbox.add(
                .phoneCode(
                    code, id: id, phone: phone.international, minutes: Int(policy.lifetimeSeconds / 60), at: now,
                    until: now.advanced(bySeconds: policy.lifetimeSeconds)), in: transaction)
            return .sent
        }
    }

    /// Holds what somebody has typed against the code that was last sent to this session.
    public func verify(
        _ typed: String, of phone: PhoneNumber, for purpose: PhoneCodePurpose, session: String, at now: Instant
    ) async throws -> PhoneCodeVerdict {
        let key = PhoneCodes.key(phone, seal)
        let digits = typed.unicodeScalars.compactMap { scalar -> Character? in
            let plain = (0xFF10...0xFF19).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
            return (0x30...0x39).contains(plain) ? Character(Unicode.Scalar(UInt8(plain))) : nil
        }
        let (seal, policy) = (seal, policy)
        return try await database.write { transaction in
            let row = try transaction.firstRow(
                """
                SELECT id, digest, tries FROM phone_code WHERE phone_key = ? AND purpose = ? AND session = ? \
                AND sent_at > ? AND used_at = 0 ORDER BY sent_at DESC, id LIMIT 1
                """,
                [
                    .text(key), .text(purpose.rawValue), .text(session),
                    .integer(now.advanced(bySeconds: -policy.lifetimeSeconds).milliseconds),
                ])
            guard let row else { return .none }
            let (id, digest, tries): (String, String, Int) = (try row[0], try row[1], try row[2])
            guard tries < policy.tries else { return .none }
            let given = seal.code("phone-code/\(id)/\(String(digits))")
            guard constantTimeEqual(Array(given.utf8), Array(digest.utf8)) else {
                try transaction.execute("UPDATE phone_code SET tries = tries + 1 WHERE id = ?", [.text(id)])
                let left = policy.tries - tries - 1
                return left > 0 ? .wrong(triesLeft: left) : .none
            }
            try transaction.execute(
                "UPDATE phone_code SET used_at = ? WHERE id = ?", [.integer(now.milliseconds), .text(id)])
            return .right
        }
    }

    static func key(_ phone: PhoneNumber, _ seal: FieldSeal) -> String { seal.code("phone/\(phone.national)") }

    private static func refusal(
        _ key: String, _ address: String, _ policy: PhoneCodePolicy, at now: Instant, in transaction: any Transaction
    ) throws -> PhoneCodeRequest? {
        let day = now.advanced(byDays: -1)
        let own = try transaction.rows(
            "SELECT sent_at FROM phone_code WHERE phone_key = ? AND sent_at > ? ORDER BY sent_at DESC",
            [.text(key), .integer(day.milliseconds)]
        ).map { Instant(milliseconds: try $0[0]) }
        let there = try transaction.rows(
            "SELECT sent_at FROM phone_code WHERE address = ? AND sent_at > ? ORDER BY sent_at DESC",
            [.text(address), .integer(now.advanced(bySeconds: -3600).milliseconds)]
        ).map { Instant(milliseconds: try $0[0]) }
        let windows: [(sent: [Instant], seconds: Int64, most: Int)] = [
            (own, 60, policy.perMinute), (own, 3600, policy.perHour), (own, 86_400, policy.perDay),
            (there, 3600, policy.perAddressHour),
        ]
        let waits = windows.compactMap { window -> Int64? in
            let recent = window.sent.filter { now.milliseconds(since: $0) < window.seconds * 1000 }
            guard recent.count >= window.most else { return nil }
            // The oldest that counts leaves the window first.
            return (window.seconds * 1000 - now.milliseconds(since: recent[window.most - 1]) + 999) / 1000
        }
        if let longest = waits.max() { return .wait(seconds: max(1, longest)) }
        let all: Int? = try transaction.first(
            "SELECT count(*) FROM phone_code WHERE sent_at > ?", [.integer(day.milliseconds)])
        return all ?? 0 >= policy.perDayInAll ? .exhausted : nil
    }

    /// Each of the million codes is as likely as another.
    private func sixDigits() -> String {
        while true {
            let number = random.bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            // The rest of the range would make small codes likelier.
            guard number < 4_294_000_000 else { continue }
            let text = String(number % 1_000_000)
            return String(repeating: "0", count: 6 - text.count) + text
        }
    }
}
