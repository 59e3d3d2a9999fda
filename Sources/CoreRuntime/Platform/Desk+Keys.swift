import Accounts
import Database
import Foundation
public import Intake
public import ShangMi

extension Desk {
    /// Seals everything new under a new master key, wraps the key of everything kept anew, and removes the old master key.
    ///
    /// The bytes of uploads and findings stay as they are. Cut off, the change is ended by the next start or rotation.
    ///
    /// - Returns: the new key's id, and how many files were wrapped anew.
    /// - Throws: `DeskError.serverRuns`, `.nothingKept`.
    public func rotateKey() throws -> (keyID: String, files: Int) {
        let folders = opened.keys.folders
        do {
            try folders.takeOver()
        } catch IntakeError.inUse {
            throw DeskError.serverRuns(dataFolder.path)
        }
        // What an earlier rotation left undone comes first: it has its own entry in the audit trail.
        try folders.finishChange(noting: database, by: author, at: now)
        let files = try folders.changeKey(noting: database, by: author, at: now)
        try noteHighest()
        return (folders.keys.currentKeyID.description, files)
    }

    /// Reads every receipt of the deployment and checks that none was changed, left out or put in; beside a running server or without.
    ///
    /// - Parameter noted: a number and digest seen earlier; that receipt must be there and the same.
    public func verifyReceipts(noted: NotedHead? = nil) async throws -> ReceiptBook.Check {
        let book = ReceiptBook(seal: opened.keys.seal, signer: opened.keys.receipts)
        return try await database.read { connection in
            let check = try book.verify(in: connection)
            guard case .whole(let count, _) = check, let noted else { return check }
            guard noted.number <= count else { return .broken(number: count + 1, reason: "it is missing") }
            let found = try book.digest(of: noted.number, in: connection)
            return found == noted.digest
                ? check : .broken(number: noted.number, reason: "its digest is not the noted one")
        }
    }

    /// The public key that verifies this deployment's receipts.
    public func receiptKey() throws -> SM2PublicKey { opened.keys.receipts.publicKey }
}

/// A chain's head as somebody noted it: `NUMBER:DIGEST`.
public struct NotedHead: Hashable, Sendable {
    public var number: Int
    /// 64 hexadecimal digits.
    public var digest: String

    /// - Returns: nil for what is not written so.
    public init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let number = Int(parts[0]), number > 0, parts[1].count == 64,
            parts[1].allSatisfy(\.isHexDigit)
        else { return nil }
        self.number = number
        digest = parts[1].lowercased()
    }
}
