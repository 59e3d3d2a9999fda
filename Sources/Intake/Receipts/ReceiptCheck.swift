public import ShangMi
import SurveillanceKit

/// Checks receipts with the public key of the server that issued them and nothing else: what a hospital does with the files it has kept.
public struct ReceiptCheck: Sendable {
    private let key: SM2PublicKey

    public init(_ key: SM2PublicKey) { self.key = key }

    /// - Parameter text: the key as PEM or as 130 hexadecimal digits.
    /// - Throws: `ReceiptCheckError.noKey`.
    public init(keyText text: String) throws(ReceiptCheckError) {
        let hex = text.filter { !$0.isWhitespace }.lowercased()
        guard let key = SM2PublicKey(pem: text) ?? SM2PublicKey(hex: hex) else { throw .noKey }
        self.key = key
    }

    /// What a receipt that holds says of itself.
    public struct Verified: Hashable, Sendable {
        public var number: Int
        /// The digest that the next receipt holds, and that of the one before; 64 hexadecimal digits each.
        public var digest: String
        public var previous: String
        public var submission: String
        /// For a person: what arrived when, and what it became.
        public var summary: String

        init(_ signed: SignedReceipt) {
            let receipt = signed.receipt
            number = receipt.number
            digest = signed.digest
            previous = receipt.previous
            submission = receipt.submission.description
            let rows = receipt.files.reduce(0) { $0 + $1.rows }
            let accepted = receipt.files.reduce(0) { $0 + $1.accepted }
            summary =
                "receipt \(number), submission \(submission) of \(receipt.institution): \(receipt.size) bytes, SM3 \(receipt.sm3), "
                + "received \(signed.receivedAtText), \(receipt.state.rawValue)"
                + (receipt.state.isFinal ? ", \(accepted) of \(rows) rows accepted" : "") + "; digest \(digest)"
        }
    }

    /// The receipt, if it is one and every member of it is as it was signed.
    ///
    /// - Throws: `ReceiptError`.
    public func verify(_ bytes: [UInt8]) throws -> Verified {
        let signed = try SignedReceipt(parsing: bytes)
        try signed.verify(key)
        return Verified(signed)
    }

    /// Whether receipts that follow one another by number are linked as they should be; nil, or the first number that is not.
    ///
    /// Of the same number there is only one receipt: two that differ break the chain too.
    public static func firstBrokenLink(_ receipts: [Verified]) -> Int? {
        let sorted = receipts.sorted { $0.number < $1.number }
        for (earlier, later) in zip(sorted, sorted.dropFirst()) {
            switch later.number - earlier.number {
            case 0 where earlier.digest != later.digest: return later.number
            case 1 where later.previous != earlier.digest: return later.number
            default: continue
            }
        }
        return nil
    }
}

public enum ReceiptCheckError: Error, CustomStringConvertible {
    case noKey

    public var description: String {
        "this is no SM2 public key; give the PEM file that 'vedette receipt key' prints, or its 130 hexadecimal digits"
    }
}
