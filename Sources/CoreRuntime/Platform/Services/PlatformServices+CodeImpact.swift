import Accounts
import Audit
import Database
import Dictionaries
import Intake
import Portal
import SurveillanceKit
import Tabular

/// What a new table of codes means for stored rows, before it is put to use, and what is checked again once it is.
extension PlatformServices {
    func preview(
        _ upload: CodeTableUpload, on today: CivilDate, keeps: Bool, by account: Account, from address: String
    ) async throws -> CodePreview {
        let (table, file) = try await read(upload, by: account)
        let (data, programs, lists) = (
            platform.data, programs, platform.nationalLists
        )
        // Every stored row of the institution is read.
        let read = await OwnThread.run { () throws -> CodeImpact in
            let (now, then) = try data.database.readBlocking { connection in
                let inUse = try DictionaryStore.tables(of: table.institution, in: connection).filter {
                    $0.removal == nil && $0.category == table.category
                }
                let others = CodeTable.overlapping(table.days, among: inUse)
                guard others.isEmpty else { throw DictionaryRefusal.overlap(others, days: table.days) }
                let now = try StoredCodes(inUse, of: table.institution, lists, in: connection)
                return (now, try now.adding(table, file.entries, in: connection))
            }
            return try data.records.readBlocking {
                try CodeImpactReader(lineList: data.lineList, programs: programs).impact(
                    on: table.category, of: table.institution, today: today, now: now, then: then, in: $0)
            }
        }
        let impact = try await StorageFault.answered { try read.get() }
        if keeps {
            try await StorageFault.answered {
                try await data.database.write { transaction in
                    try PendingTables.put(table, file.entries, in: transaction)
                    try OwnLabelStore.remember(
                        upload.own, of: table.institution, in: table.category, in: transaction)
                }
            }
        }
        return CodePreview(table: table, warnings: file.warnings, impact: impact)
    }

    func confirm(_ id: String, by account: Account, from address: String) async throws -> CodeTable? {
        guard let institution = account.institution else { return nil }
        let moment = now
        let author = Author(name: account.name, origin: address)
        let table = try await StorageFault.answered {
            try await platform.data.database.write { transaction -> CodeTable? in
                guard let (pending, entries) = try PendingTables.take(id, of: institution, in: transaction) else {
                    return nil
                }
                try DictionaryStore.add(pending, entries, in: transaction)
                let entry = AuditEntry(
                    author: author, action: "dictionary.upload", subject: pending.id, at: moment,
                    detail: ["category": pending.category, "institution": institution])
                try AuditTrail.append(entry, in: transaction)
                try recheck(pending.category, of: institution, at: moment, in: transaction)
                return pending
            }
        }
        if table != nil { await platform.workers.wake() }
        return table
    }

    /// Has the institution's submissions of the last days checked again that have files with codes of a category: their findings are then
    /// those of the tables that are in use now, and nobody sends them anew.
    func recheck(
        _ category: String, of institution: String, at moment: Instant, in transaction: any Transaction
    ) throws {
        let log = platform.data.log
        let types = Set(
            programs.flatMap { program in
                program.dictionaries.filter { $0.id == category }.flatMap(\.uses).map { "\(program.id)/\($0.fileType)" }
            })
        guard !types.isEmpty else { return }
        let since = Instant(milliseconds: moment.milliseconds - Int64(CodeImpact.days) * 86_400_000)
        for submission in try log.recheckable(of: institution, since: since, in: transaction)
        where !submission.isZeroReport
            && submission.files.contains(where: { types.contains("\($0.program ?? "")/\($0.fileType ?? "")") })
        {
            _ = try log.retry(submission.id, in: transaction)
            let entry = AuditEntry(
                author: .platform, action: "submission.recheck", subject: submission.id.description, at: moment,
                detail: ["because": "codes-changed", "category": category])
            try AuditTrail.append(entry, in: transaction)
        }
    }
}
