import Accounts
import Audit
import Database
import Intake
import Portal
import ShangMi

extension PlatformServices: RecordServices {
    func changes(_ request: ChangesRequest) async throws -> SubmissionChanges {
        try await StorageFault.answered { try await platform.changes(request) }
    }

    func withdraw(
        _ id: SubmissionID, reason: String, by account: Account, from address: String
    ) async throws -> Submission {
        try await StorageFault.readable {
            try await platform.withdraw(id, reason: reason, by: Author(name: account.name, origin: address))
        }
    }
}

extension PlatformServices: ReceiptServices {
    var receiptKey: String { platform.data.receipts.publicKey.pem }

    func receipt(of submission: Submission) async throws -> SignedReceipt? {
        let data = platform.data
        return try await StorageFault.answered {
            try await data.database.read { try data.receipts.receipts(of: submission.id, in: $0).last }
        }
    }

    func receiptHead() async throws -> (number: Int, digest: String) {
        let data = platform.data
        return try await StorageFault.answered {
            try await data.database.read { try data.receipts.head(in: $0) }
        }
    }
}
