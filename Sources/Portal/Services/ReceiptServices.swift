public import Intake

/// Signed receipts.
public protocol ReceiptServices: Sendable {
    /// The public key that verifies receipts, as PEM.
    var receiptKey: String { get }

    /// The latest signed receipt; nil where there is none.
    func receipt(of submission: Submission) async throws -> SignedReceipt?

    /// The last receipt of the chain: its number and digest.
    func receiptHead() async throws -> (number: Int, digest: String)
}
