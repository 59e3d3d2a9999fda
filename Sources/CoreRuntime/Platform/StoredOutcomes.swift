import Database
import Intake
import Records

extension Pipeline {
    /// Tells the log of submissions what was stored and what it was not told before the last run ended; called before anything is taken
    /// up again.
    ///
    /// - Returns: how many submissions that were.
    func tellWhatWasStored() throws -> Int {
        let processing = try data.database.readBlocking { try data.log.processing(in: $0) }
        var count = 0
        for submission in processing where try tellWhatWasStored(of: submission) { count += 1 }
        // Withdrawals that were cut off before the line list, or before the log was told what they came to.
        for id in try data.database.readBlocking({ try data.log.withdrawing(in: $0) }) { try takeBack(id) }
        return count
    }

    /// Tells the log what an attempt has stored.
    ///
    /// - Returns: false where it has stored nothing.
    func tellWhatWasStored(of submission: Submission) throws -> Bool {
        let sealed = try data.records.readBlocking { connection in
            try data.lineList.outcome(of: submission.id.description, attempt: submission.attempt, in: connection)
        }
        guard let sealed else { return false }
        let outcome = try Outcome(unsealing: sealed, of: submission.id, data.log.seal)
        let receipt = try data.database.writeBlockingAgain { try finish(submission, outcome, in: $0) }
        data.noteReceipt(receipt.number)
        return true
    }
}
