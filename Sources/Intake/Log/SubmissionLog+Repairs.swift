import Database
import SurveillanceKit

/// Which submission corrects which: told by the names of correction forms, which hold the id of what they correct, and by whole exports that
/// come again under the same names.
extension SubmissionLog {
    /// Notes what a submission corrects, and whether nothing of that is open any more.
    ///
    /// A name can be changed, and a form may come back in parts: the earlier submission counts as corrected when every file type of which
    /// rows were rejected has come back in a submission that was accepted as a whole, or was corrected in its turn.
    func noteRepair(
        by id: SubmissionID, files: [FileReport], state: SubmissionState, in transaction: any Transaction
    ) throws {
        guard let origin = try origin(of: files, correctedBy: id, in: transaction) else {
            if state == .accepted { try noteExport(files, sentAnewBy: id, in: transaction) }
            return
        }
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

    /// So long after a package its files may come again, in days, and so many open packages are looked at.
    private static let (longestUntilAnew, mostLookedAt): (Int64, Int) = (35, 50)

    /// An export that is accepted as a whole corrects earlier packages of which every file with something open comes again: under the same
    /// name, which holds a day, with at least as many rows as had been accepted. Names without a day are those of another day's export, too.
    private func noteExport(
        _ files: [FileReport], sentAnewBy id: SubmissionID, in transaction: any Transaction
    ) throws {
        let names = files.filter { SubmissionLog.holdsDay($0.name) }
        guard !names.isEmpty else { return }
        let earlier = try transaction.rows(
            """
            SELECT earlier.id FROM submission AS earlier JOIN submission AS later ON later.institution = earlier.institution
            WHERE later.id = ? AND earlier.sequence < later.sequence AND earlier.received_at >= later.received_at - ?
              AND earlier.state IN ('partly-accepted', 'rejected') AND earlier.repaired_by IS NULL
              AND earlier.withdrawn_at IS NULL
            ORDER BY earlier.sequence DESC LIMIT ?
            """,
            [
                .text(id.description), .integer(SubmissionLog.longestUntilAnew * 86_400_000),
                SQLValue(SubmissionLog.mostLookedAt),
            ]
        ).map { row -> String in try row[0] }
        var corrected: [String] = []
        for origin in earlier {
            guard let earlier = SubmissionID(origin) else { continue }
            let open = try self.files(of: earlier, in: transaction).filter {
                $0.rejected > 0 || ($0.errors > 0 && $0.rows == 0)
            }
            let isAnew = open.allSatisfy { open in
                names.contains { $0.name == open.name && $0.fileType == open.fileType && $0.rows >= open.accepted }
            }
            if !open.isEmpty, isAnew { corrected.append(origin) }
        }
        guard let latest = corrected.first else { return }
        try transaction.execute(
            "UPDATE submission SET repairs = ? WHERE id = ?", [.text(latest), .text(id.description)])
        for origin in corrected {
            try transaction.execute(
                "UPDATE submission SET repaired_by = ? WHERE id = ? AND repaired_by IS NULL",
                [.text(id.description), .text(origin)])
        }
    }

    /// Whether a name holds a day: eight digits that are one, with or without signs between.
    static func holdsDay(_ name: String) -> Bool {
        func isDay(_ digits: String) -> Bool {
            CivilDate("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))") != nil
        }
        let digits = name.map { $0.isASCII && $0.isNumber ? $0 : $0 == "-" || $0 == "_" || $0 == "." ? "-" : "x" }
        let parts = String(digits).split(separator: "x")
        return parts.contains { part in
            let runs = part.split(separator: "-").map(String.init)
            let whole = runs.contains { run in
                run.count >= 8 && run.hasPrefix("20") && isDay(String(run.prefix(8)))
            }
            let apart = zip(runs, zip(runs.dropFirst(), runs.dropFirst(2))).contains { year, rest in
                year.count == 4 && year.hasPrefix("20") && rest.0.count == 2 && rest.1.count == 2
                    && isDay(year + rest.0 + rest.1)
            }
            return whole || apart
        }
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
