import Database
import SurveillanceKit
import Timeliness
import TimelinessStore

/// What counts of the last days, for every institution and program, so that a board needs no look at the store.
struct DutyMemory: Sendable {
    /// The number of the last change that it holds.
    private(set) var change: Int64
    /// From when on everything that counts is here, by the place of the program.
    private(set) var since: [Instant]
    /// By the places of program and institution.
    private var receipts: [[DutyReceipts]]

    /// A duty whose receipts were read again.
    struct Reread: Sendable {
        var institution: Int
        var program: Int
        var receipts: DutyReceipts
    }

    init(_ roster: DutyRoster, at now: Instant, in connection: any Connection) throws {
        let programs = roster.book.programs
        since = programs.map { DutyMemory.since($0, at: now) }
        change = try DutyLog.lastChange(in: connection)
        let empty = DutyReceipts.none
        receipts = programs.map { _ in Array(repeating: empty, count: roster.book.institutions.count) }
        guard let first = since.min() else { return }
        var found: [[[DutyReceipt]]] = programs.map { _ in
            Array(repeating: [], count: roster.book.institutions.count)
        }
        let since = since
        try DutyLog.forEachCounting(receivedIn: first..<Instant.distantFuture, in: connection) {
            institution, program, receipt in
            guard let program = roster.place(ofProgram: program), receipt.receivedAt >= since[program],
                let institution = roster.place(ofInstitution: institution)
            else { return }
            found[program][institution].append(receipt)
        }
        for program in found.indices {
            for institution in found[program].indices where !found[program][institution].isEmpty {
                receipts[program][institution] = DutyReceipts(found[program][institution])
                found[program][institution] = []
            }
        }
    }

    /// Reads again what was written after a change, as it is now: for how many days history goes back does not matter.
    ///
    /// - Parameter since: as `since`.
    static func reread(
        after change: Int64, since: [Instant], _ roster: DutyRoster, in connection: any Connection
    ) throws -> (change: Int64, duties: [Reread]) {
        let last = try DutyLog.lastChange(in: connection)
        guard last > change else { return (change, []) }
        let duties = try DutyLog.changed(after: change, in: connection).compactMap { changed -> Reread? in
            guard let program = roster.place(ofProgram: changed.program),
                let institution = roster.place(ofInstitution: changed.institution)
            else { return nil }
            let all = try DutyLog.receipts(
                of: changed.institution, for: changed.program, since: since[program], in: connection)
            return Reread(
                institution: institution, program: program, receipts: DutyReceipts(all.filter(\.outcome.counts)))
        }
        return (last, duties)
    }

    /// - Returns: false where it holds later changes already.
    mutating func apply(_ reread: (change: Int64, duties: [Reread])) -> Bool {
        guard reread.change > change else { return false }
        change = reread.change
        for duty in reread.duties { receipts[duty.program][duty.institution] = duty.receipts }
        return true
    }

    /// Whether what may decide by a table is at hand.
    func covers(_ program: Int, _ duties: ProgramDuties, _ table: DutyPeriods) -> Bool {
        duties.opens(table) >= since[program] && !duties.needsFirsts(table)
    }

    func receipts(_ institution: Int, _ program: Int) -> DutyReceipts { receipts[program][institution] }

    /// Those of one program, by the place of the institution.
    func receipts(of program: Int) -> [DutyReceipts] { receipts[program] }

    /// Forgets what is older than what is kept at hand.
    mutating func trim(_ roster: DutyRoster, at now: Instant) {
        for (program, duties) in roster.book.programs.enumerated() {
            let first = DutyMemory.since(duties, at: now)
            guard first > since[program] else { continue }
            since[program] = first
            for place in receipts[program].indices {
                let all = receipts[program][place].all
                guard let oldest = all.first, oldest.receivedAt < first else { continue }
                receipts[program][place] = DutyReceipts(all.filter { $0.receivedAt >= first })
            }
        }
    }

    private static func since(_ duties: ProgramDuties, at now: Instant) -> Instant {
        duties.zone.instant(duties.zone.day(at: now).advanced(byDays: -duties.daysAtHand), .midnight)
    }
}
