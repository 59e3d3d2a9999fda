public import Database
public import SurveillanceKit
import JSON
public import ShangMi

/// All receipts of a deployment, in the order they were issued, each chained to the one before.
///
/// A signature costs ten times what else a transaction does, so it is made afterwards: by `signPending`, or when the receipt is
/// asked for. The chain does not depend on it, and until then the seal of the body keeps it from being changed.
public struct ReceiptBook: Sendable {
    private let seal: FieldSeal
    private let signer: any Signing

    public init(seal: FieldSeal, signer: any Signing) {
        self.seal = seal
        self.signer = signer
    }

    public static let migrations = [
        Migration(
            id: "receipts-1",
            statements: [
                """
                CREATE TABLE receipt (
                    number BIGINT PRIMARY KEY,
                    submission TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    -- The signed JSON, sealed: it names files.
                    body BLOB NOT NULL,
                    -- Null until it has been signed.
                    signature TEXT
                )
                """,
                "CREATE INDEX receipt_unsigned ON receipt (number) WHERE signature IS NULL",
                "CREATE INDEX receipt_submission ON receipt (submission, number)",
            ]),
        Migration(
            id: "receipts-2",
            statements: [
                // Numbers that were given out and whose receipts were lost with a database: they are never given out again.
                "CREATE TABLE receipt_gap (last BIGINT PRIMARY KEY, next BIGINT NOT NULL)"
            ]),
    ]

    public var publicKey: SM2PublicKey { signer.publicKey }

    /// Issues the next receipt, for a submission as it is now, in the transaction that makes it so.
    @discardableResult
    public func issue(
        for submission: Submission, programs: [Receipt.AppliedProgram] = [], at now: Instant,
        in transaction: any Transaction
    ) throws -> Receipt {
        let head = try head(in: transaction)
        let afterGap: Int? = try transaction.first("SELECT next FROM receipt_gap ORDER BY next DESC LIMIT 1")
        let receipt = Receipt(
            submission, number: max(head.number + 1, afterGap ?? 0), previous: head.digest, issuedAt: now,
            programs: programs)
        let body = receipt.json(key: SignedReceipt.keyID(signer.publicKey)).bytes
        try transaction.execute(
            "INSERT INTO receipt (number, submission, digest, body) VALUES (?, ?, ?, ?)",
            [
                SQLValue(receipt.number), .text(submission.id.description), .text(SM3.digest(body).hex),
                .blob(try seal.seal(body, place: Self.place(receipt.number))),
            ])
        return receipt
    }

    /// Leaves numbers out that an earlier database has given out and this one does not know, so that no number stands for two receipts.
    ///
    /// - Parameter highest: the highest number that was given out.
    public static func leaveOut(upTo highest: Int, in transaction: any Transaction) throws {
        let last: Int = try transaction.first("SELECT coalesce(max(number), 0) FROM receipt") ?? 0
        guard highest > last else { return }
        try transaction.execute("DELETE FROM receipt_gap WHERE last = ?", [SQLValue(last)])
        try transaction.execute(
            "INSERT INTO receipt_gap (last, next) VALUES (?, ?)", [SQLValue(last), SQLValue(highest + 1)])
    }

    /// The id of the key with which the last receipt is signed; nil where there is none.
    public static func lastKeyID(_ seal: FieldSeal, in connection: any Connection) throws -> String? {
        guard
            let row = try connection.firstRow("SELECT number, body FROM receipt ORDER BY number DESC LIMIT 1")
        else { return nil }
        return try CanonicalJSON(receipt: seal.open(row["body"], place: place(row["number"])))["key"]?.text
    }

    /// Signs what has been issued since the last call. Returns how many receipts that were.
    ///
    /// A receipt names the key it is to be signed with; before the signing key is changed, this must have been called.
    ///
    /// - Parameter mayGoOn: asked before each few signatures, which take milliseconds each; false ends the call, and what is left is
    ///   signed by the next.
    @discardableResult
    public func signPending(
        in database: any SQLDatabase, while mayGoOn: @Sendable () -> Bool = { true }
    ) async throws -> Int {
        var count = 0
        var last = 0
        while mayGoOn() {
            let after = last
            // Signing takes time: on a reader's thread, and outside of the transaction that stores it.
            let batch = try await database.read { connection -> (signed: [SignedReceipt], last: Int)? in
                let rows = try connection.rows(
                    """
                    SELECT number, body, signature FROM receipt WHERE signature IS NULL AND number > ? ORDER BY number LIMIT 8
                    """, [SQLValue(after)])
                guard let end = rows.last else { return nil }
                return (try rows.compactMap(signedByOwnKey), try end["number"])
            }
            guard let batch else { return count }
            try await database.write { transaction in
                for receipt in batch.signed {
                    try transaction.execute(
                        "UPDATE receipt SET signature = ? WHERE number = ? AND signature IS NULL",
                        [.text(receipt.signature.hex), SQLValue(receipt.receipt.number)])
                }
            }
            count += batch.signed.count
            last = batch.last
        }
        return count
    }

    /// Nil for a receipt that names an earlier key and can no longer be signed.
    private func signedByOwnKey(_ row: Row) throws -> SignedReceipt? {
        do {
            return try signed(row)
        } catch ReceiptError.otherKey {
            return nil
        }
    }

    /// The receipts of one submission, in order: its arrival, then what it became.
    public func receipts(of id: SubmissionID, in connection: any Connection) throws -> [SignedReceipt] {
        try connection.rows(
            "SELECT number, body, signature FROM receipt WHERE submission = ? ORDER BY number", [.text(id.description)]
        ).map(signed)
    }

    /// The digest of a receipt, nil where there is none of that number: to compare with one that was noted.
    public func digest(of number: Int, in connection: any Connection) throws -> String? {
        try connection.first("SELECT digest FROM receipt WHERE number = ?", [SQLValue(number)])
    }

    /// The last receipt's number and digest. Whoever has noted them can tell later whether any receipt up to here was changed.
    public func head(in connection: any Connection) throws -> (number: Int, digest: String) {
        let row = try connection.firstRow("SELECT number, digest FROM receipt ORDER BY number DESC LIMIT 1")
        return try row.map { (try $0["number"], try $0["digest"]) } ?? (0, Receipt.noPrevious)
    }

    /// What checking the chain came to.
    public enum Check: Hashable, Sendable {
        /// Every receipt is as it was issued; the head's digest stands for all of them.
        case whole(count: Int, head: String)
        /// The first receipt at which something does not fit.
        case broken(number: Int, reason: String)
    }

    /// Reads every receipt and checks numbers, links, digests and signatures.
    ///
    /// - Parameter publicKeys: The keys that have signed here; the signer's own is among them.
    public func verify(earlierKeys: [SM2PublicKey] = [], in connection: any Connection) throws -> Check {
        let keys = Dictionary(
            ([publicKey] + earlierKeys).map { (SignedReceipt.keyID($0), $0) }, uniquingKeysWith: { first, _ in first })
        var gaps: [Int: Int] = [:]
        try connection.forEachRow("SELECT last, next FROM receipt_gap") { gaps[try $0["last"]] = try $0["next"] }
        var count = 0
        var head = Receipt.noPrevious
        var broken: Check?
        try connection.forEachRow("SELECT number, body, digest, signature FROM receipt ORDER BY number") { row in
            guard broken == nil else { return }
            count = gaps[count] ?? count + 1
            if let reason = reason(against: row, number: count, previous: head, keys: keys) {
                broken = .broken(number: count, reason: reason)
            }
            head = try row["digest"]
        }
        return broken ?? .whole(count: count, head: head)
    }

    private func reason(
        against row: Row, number: Int, previous: String, keys: [String: SM2PublicKey]
    ) -> String? {
        do {
            let stored: Int = try row["number"]
            guard stored == number else { return "receipt \(number) is missing" }
            let signed = try signed(row)
            guard signed.receipt.number == number else { return "it is receipt \(signed.receipt.number)" }
            guard signed.receipt.previous == previous else { return "it does not follow the receipt before it" }
            let digest: String = try row["digest"]
            guard signed.digest == digest else { return "its digest does not fit" }
            guard let key = signed.body["key"]?.text.flatMap({ keys[$0] }) else { return "an unknown key signed it" }
            try signed.verify(key)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// The receipt of a row, signed now where it has not been.
    private func signed(_ row: Row) throws -> SignedReceipt {
        let number: Int = try row["number"]
        let body = try CanonicalJSON(receipt: seal.open(row["body"], place: Self.place(number)))
        guard let text: String = try row["signature"] else {
            let expected = SignedReceipt.keyID(signer.publicKey)
            guard body["key"]?.text == expected else {
                throw ReceiptError.otherKey(found: body["key"]?.text ?? "", expected: expected)
            }
            return try SignedReceipt(body: body, signature: signer.sign(body.bytes))
        }
        guard let signature = SM2Signature(hex: text) else { throw ReceiptError.malformed }
        return try SignedReceipt(body: body, signature: signature)
    }

    private static func place(_ number: Int) -> String { "receipt/\(number)" }
}
