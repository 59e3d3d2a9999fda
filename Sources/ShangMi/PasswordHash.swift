import CGcrypt
import FoundationEssentials

/// A password's Argon2id hash as it is stored: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
///
/// The text carries its own cost, so the cost can be raised later: `needsRehash` says at a sign-in that it was.
/// Source: RFC 9106; the PHC string format.
public struct PasswordHash: Sendable, CustomStringConvertible {
    public let cost: Cost
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// What one hash takes.
    public struct Cost: Hashable, Sendable {
        public var memoryKiB: Int
        public var passes: Int
        public var lanes: Int

        /// The default is the least that OWASP recommends ("Password Storage Cheat Sheet", Argon2id).
        public init(memoryKiB: Int = 19_456, passes: Int = 2, lanes: Int = 1) {
            self.memoryKiB = memoryKiB
            self.passes = passes
            self.lanes = lanes
        }

        /// Bounds against a stored text that would take all memory or never end; RFC 9106 asks for 8 KiB a lane.
        var isSane: Bool {
            (1...16).contains(lanes) && (1...64).contains(passes) && (8 * lanes...1_048_576).contains(memoryKiB)
        }
    }

    /// Hashes a new password, which must not be empty, with a fresh salt of 16 bytes.
    ///
    /// - Complexity: As dear as `cost` says, on the calling thread: about 30 ms and 19 MiB for the default.
    public init(of password: String, cost: Cost = Cost(), random: RandomSource) throws(ShangMiError) {
        self.cost = cost
        salt = random.bytes(16)
        hash = try Self.argon2id(password, salt: salt, cost: cost, byteCount: 32)
    }

    /// - Parameter encoded: The PHC string of version 19; nil where it is not one.
    public init?(encoded: String) {
        let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
            let cost = Self.cost(parts[3]), cost.isSane,
            let salt = Self.base64(parts[4]), (8...64).contains(salt.count),
            let hash = Self.base64(parts[5]), (16...64).contains(hash.count)
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Whether this is the hash of `password`; takes as long for a false one as for the right one.
    public func matches(_ password: String) throws(ShangMiError) -> Bool {
        // libgcrypt takes no empty password; the time is spent all the same.
        let attempt = password.isEmpty ? "-" : password
        let computed = try Self.argon2id(attempt, salt: salt, cost: cost, byteCount: hash.count)
        return constantTimeEqual(computed, hash) && !password.isEmpty
    }

    /// Whether the hash was made at another cost than is asked for now.
    public func needsRehash(_ cost: Cost = Cost()) -> Bool { self.cost != cost || hash.count != 32 }

    /// The PHC string.
    public var description: String {
        "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.passes),p=\(cost.lanes)$\(Self.base64(salt))$\(Self.base64(hash))"
    }

    static func argon2id(
        _ password: String, salt: [UInt8], cost: Cost, byteCount: Int
    ) throws(ShangMiError) -> [UInt8] {
        try Gcrypt.start()
        guard cost.isSane else { throw .refused(operation: "hash a password", reason: "cost out of bounds: \(cost)") }
        let parameters = [byteCount, cost.passes, cost.memoryKiB, cost.lanes].map { UInt($0) }
        var password = Array(password.utf8)
        defer { wipe(&password) }
        var opened: gcry_kdf_hd_t?
        try Gcrypt.check(
            gcry_kdf_open(
                &opened, Int32(GCRY_KDF_ARGON2.rawValue), Int32(GCRY_KDF_ARGON2ID.rawValue), parameters,
                UInt32(parameters.count), password, password.count, salt, salt.count, nil, 0, nil, 0),
            "open Argon2id")
        defer { gcry_kdf_close(opened) }
        try Gcrypt.check(gcry_kdf_compute(opened, nil), "compute Argon2id")
        var hash = [UInt8](repeating: 0, count: byteCount)
        try Gcrypt.check(gcry_kdf_final(opened, byteCount, &hash), "finish Argon2id")
        return hash
    }

    private static func cost(_ text: Substring) -> Cost? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasPrefix("m="), parts[1].hasPrefix("t="), parts[2].hasPrefix("p="),
            let memory = Int(parts[0].dropFirst(2)), let passes = Int(parts[1].dropFirst(2)),
            let lanes = Int(parts[2].dropFirst(2))
        else { return nil }
        return Cost(memoryKiB: memory, passes: passes, lanes: lanes)
    }

    /// Base64 without padding, as the PHC format has it.
    private static func base64(_ bytes: [UInt8]) -> String {
        String(Data(bytes).base64EncodedString().prefix { $0 != "=" })
    }

    private static func base64(_ text: Substring) -> [UInt8]? {
        guard !text.contains("=") else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map { Array($0) }
    }
}
