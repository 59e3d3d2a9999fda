import Database
import Intake
import ProgramFiles
public import SurveillanceKit
public import Timeliness
import TimelinessStore

extension Desk {
    /// What administrators have set on their pages and is in force.
    ///
    /// - Parameter programs: those that may be named; what no longer fits them is left out, as the server leaves it out.
    public func administratorRules(for programs: [Program]) throws -> [DutyOverrides] {
        try database.readBlocking { try RuleChangeLog.all(in: $0) }.filter { $0.revokedAt == nil }.flatMap { entry in
            (try? OverridesFolder.read(texts: [(entry.id, entry.body)], programs: programs)) ?? []
        }
    }

    /// What an institution has sent for a program that may decide, or explain, what falls due on a day; what has not been processed yet too.
    ///
    /// - Throws: where the day's deadlines cannot be known.
    public func dutyReceipts(
        of institution: String, for duties: ProgramDuties, dueOn day: CivilDate
    ) throws -> DutyReceipts {
        let since = try duties.explains(since: day)
        let log = SubmissionLog(database: database, seal: opened.keys.seal)
        return try database.readBlocking { connection in
            let known = try DutyLog.receipts(
                of: institution, for: duties.program, since: since, firsts: duties.firstInstants, in: connection)
            let waiting = try log.unprocessed(of: institution, in: connection)[institution] ?? []
            return DutyReceipts(
                known
                    + waiting.map {
                        DutyReceipt(receivedAt: $0.receivedAt, begunAt: $0.id.madeAt, outcome: .pending)
                    })
        }
    }
}
