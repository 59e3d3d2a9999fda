import Database
import SurveillanceKit

/// Which submission corrects which: told by the names of correction forms, which hold the id of what they correct.
extension SubmissionLog {
    /// Notes what a submission corrects, and whether nothing of that is open any more.
    ///
    /// A name can be changed, and a form may come back in parts: the earlier submission counts as corrected when every file type of which
    /// rows were rejected has come back in a submission that was accepted as a whole, or was corrected in its turn.
    func noteRepair(
        by id: SubmissionID, files: [FileReport], state: SubmissionState, in transaction: any Transaction
    ) throws {
        guard let origin = try origin(of: files, correctedBy: id, in: transaction) else { return }
        try transaction.execute(
            "UPDATE submission SET repairs = ? WHERE id = ?", [.text(origin), .text(id.description)])
        if state == .accepted { try settle(origin, by: id, in: transaction) }
    }

    /// Nothing that a submission corrected is corrected any more: it is withdrawn, or processed again.
    func forgetRepairs(by id: SubmissionID, in transaction: any Transaction) throws {
        try transaction.execute(
            "UPDATE submission SET repaired_by = NULL WHERE repaired_by = ?", [.text(id.description)])
    }

    /// The earlier submission of the same institution that a form among the files was made of.
    private func origin(
        of files: [FileReport], correctedBy id: SubmissionID, in transaction: any Transaction
    ) throws -> String? {
        for file in files {
            guard let text = CorrectionFileName.origin(of: file.name), let origin = SubmissionID(text) else { continue }
            let found: String? = try transaction.first(
                """
                SELECT earlier.id FROM submission AS earlier JOIN submission AS later
                    ON later.institution = earlier.institution AND later.sequence > earlier.sequence
                WHERE earlier.id = ? AND later.id = ?
                """, [.text(origin.description), .text(id.description)])
            if let found { return found }
        }
        return nil
    }

    private func settle(_ origin: String, by id: SubmissionID, in transaction: any Transaction) throws {
        let open = try transaction.rows(
            """
            SELECT DISTINCT file_type FROM submitted_file
            WHERE submission = ? AND (rejected > 0 OR (errors > 0 AND row_count = 0))
            """, [.text(origin)]
        ).map { row -> String? in try row[0] }
        let corrected = Set(
            try transaction.rows(
                """
                SELECT DISTINCT submitted_file.file_type FROM submission
                JOIN submitted_file ON submitted_file.submission = submission.id
                WHERE submission.repairs = ? AND submission.withdrawn_at IS NULL
                  AND (submission.state = 'accepted' OR submission.repaired_by IS NOT NULL)
                """, [.text(origin)]
            ).compactMap { row -> String? in try row[0] })
        guard open.allSatisfy({ $0.map(corrected.contains) ?? false }) else { return }
        try transaction.execute(
            "UPDATE submission SET repaired_by = ? WHERE id = ? AND repaired_by IS NULL",
            [.text(id.description), .text(origin)])
        let row = try transaction.firstRow("SELECT repairs FROM submission WHERE id = ?", [.text(origin)])
        let before: String? = try row?["repairs"]
        // Ends: what is corrected came earlier.
        if let before { try settle(before, by: id, in: transaction) }
    }
}
