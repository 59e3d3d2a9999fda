import Database
import ShangMi

/// All receipts of a deployment, in the order they were issued, each chained to the one before.
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
                    signature TEXT NOT NULL
                )
                """,
                "CREATE INDEX receipt_submission ON receipt (submission, number)",
            ])
    ]

    public var publicKey: SM2PublicKey { signer.publicKey }

    /// Issues the next receipt, for a submission as it is now, in the transaction that makes it so.
    @discardableResult
    public func issue(
        for submission: Submission, programs: [Receipt.AppliedProgram] = [], at now: Int64,
        in transaction: any Transaction
    ) throws -> SignedReceipt {
        let head = try head(in: transaction)
        let receipt = Receipt(
            submission, number: head.number + 1, previous: head.digest, issuedAt: now, programs: programs)
        let signed = try SignedReceipt(receipt, signer: signer)
        try transaction.execute(
            "INSERT INTO receipt (number, submission, digest, body, signature) VALUES (?, ?, ?, ?, ?)",
            [
                SQLValue(receipt.number), .text(submission.id.description), .text(signed.digest),
                .blob(try seal.seal(signed.body.bytes, place: Self.place(receipt.number))), .text(signed.signatureText),
            ])
        return signed
    }

    /// The receipts of one submission, in order: its arrival, then what it became.
    public func receipts(of id: SubmissionID, in connection: any Connection) throws -> [SignedReceipt] {
        try connection.rows(
            "SELECT number, body, signature FROM receipt WHERE submission = ? ORDER BY number", [.text(id.description)]
        ).map(signed)
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
        var count = 0
        var head = Receipt.noPrevious
        var broken: Check?
        try connection.forEachRow("SELECT number, body, digest, signature FROM receipt ORDER BY number") { row in
            guard broken == nil else { return }
            count += 1
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

    private func signed(_ row: Row) throws -> SignedReceipt {
        let number: Int = try row["number"]
        let text: String = try row["signature"]
        let body = try seal.open(row["body"], place: Self.place(number))
        guard let signature = SM2Signature(hex: text) else { throw ReceiptError.malformed }
        return try SignedReceipt(body: CanonicalJSON(parsing: body), signature: signature)
    }

    private static func place(_ number: Int) -> String { "receipt/\(number)" }
}
