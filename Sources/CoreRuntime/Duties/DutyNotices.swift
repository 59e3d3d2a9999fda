import Database
import Notices
import SurveillanceKit
import Timeliness
import TimelinessStore

/// Tells hospitals of their deadlines: before one, where nothing has come; after it; and once what was missing has come.
///
/// What has been told of is a row of `duty_told`, written with its notice, so each is told once. A moment is told of in the run after it;
/// what a stopped server has missed is made up for when it starts, two days back at most.
enum DutyNotices {
    static let migration = Migration(
        id: "duty-notices-1",
        statements: [
            """
            CREATE TABLE duty_told (
                -- The notice's.
                key TEXT PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('reminder', 'missed')),
                institution TEXT NOT NULL,
                program TEXT NOT NULL,
                rule TEXT NOT NULL,
                -- The days that the report covers, in days since 1970-01-01.
                first_day BIGINT NOT NULL,
                last_day BIGINT NOT NULL,
                -- Milliseconds since 1970-01-01 UTC.
                due_at BIGINT NOT NULL,
                told_at BIGINT NOT NULL,
                -- Null while nothing has come.
                ended_at BIGINT
            )
            """,
            "CREATE INDEX duty_told_open ON duty_told (institution, program, ended_at)",
            "CREATE TABLE duty_mark (name TEXT PRIMARY KEY, at BIGINT NOT NULL)",
        ])

    /// How long before a deadline hospitals are reminded that have sent nothing.
    static let reminderMinutes: Int64 = 120

    /// Up to when everything has been told of; nil before the first run.
    static func mark(in connection: any Connection) throws -> Instant? {
        let at: Int64? = try connection.first("SELECT at FROM duty_mark WHERE name = 'told'")
        return at.map { Instant(milliseconds: $0) }
    }

    static func setMark(_ instant: Instant, in transaction: any Transaction) throws {
        try transaction.execute("DELETE FROM duty_mark WHERE name = 'told'")
        try transaction.execute(
            "INSERT INTO duty_mark (name, at) VALUES ('told', ?)", [.integer(instant.milliseconds)])
    }

    /// Adds a notice of an obligation with what it tells.
    ///
    /// - Parameter kind: `reminder` or `missed`.
    static func tell(_ kind: NoticeKind, _ subject: NoticeSubject, at now: Instant, in transaction: any Transaction)
        throws
    {
        let notice: Notice = kind == .reminder ? .reminder(of: subject, at: now) : .missed(subject, at: now)
        guard try Outbox.add(notice, in: transaction) else { return }
        try transaction.execute(
            """
            INSERT INTO duty_told (key, kind, institution, program, rule, first_day, last_day, due_at, told_at, ended_at) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (key) DO NOTHING
            """,
            [
                .text(notice.key), .text(kind.rawValue), .text(subject.institution), .text(subject.program),
                .text(subject.rule), SQLValue(subject.days.lowerBound.daysSince1970),
                SQLValue(subject.days.upperBound.daysSince1970), .integer(subject.dueAt.milliseconds),
                .integer(now.milliseconds),
            ])
    }

    /// What was received does a duty: reminders that nobody has been told are taken back, and where something was missing, it is told that
    /// it is back in order; of several days the last one.
    ///
    /// - Parameter received: what was told of before it is settled; an old submission that is processed again settles nothing later.
    static func settle(
        _ institution: Institution?, _ program: Program?, received: Instant, at now: Instant,
        in transaction: any Transaction
    ) throws {
        guard let institution, let program else { return }
        let open = "institution = ? AND program = ? AND ended_at IS NULL AND told_at <= ?"
        let values: [SQLValue] = [.text(institution.code), .text(program.id), .integer(received.milliseconds)]
        let told = try transaction.rows(
            "SELECT key, kind, rule, first_day, last_day, due_at FROM duty_told WHERE \(open) ORDER BY due_at", values)
        guard !told.isEmpty, let zone = CivilZone(program.timeZone) else { return }
        try transaction.execute(
            "UPDATE duty_told SET ended_at = ? WHERE \(open)", [.integer(now.milliseconds)] + values)
        var last: NoticeSubject?
        for row in told {
            if try row["kind"] == NoticeKind.reminder.rawValue {
                try Outbox.cancel(key: row["key"], at: now, in: transaction)
                continue
            }
            let (first, final): (Int, Int) = (try row["first_day"], try row["last_day"])
            last = subject(
                institution, program, zone, rule: try row["rule"],
                CivilDate(daysSince1970: first)...CivilDate(daysSince1970: max(first, final)),
                dueAt: Instant(milliseconds: try row["due_at"]))
        }
        if let last { try Outbox.add(.backInOrder(last, at: now), in: transaction) }
    }

    static func subject(_ obligation: Obligation, _ institution: Institution, _ program: Program, _ zone: CivilZone)
        -> NoticeSubject
    {
        subject(
            institution, program, zone, rule: obligation.name ?? obligation.kind.rawValue,
            obligation.from...max(obligation.from, obligation.to), dueAt: obligation.dueAt)
    }

    static func subject(
        _ institution: Institution, _ program: Program, _ zone: CivilZone, rule: String, _ days: ClosedRange<CivilDate>,
        dueAt: Instant
    ) -> NoticeSubject {
        NoticeSubject(
            program: program.id, programTitle: program.title, institution: institution.code,
            institutionName: institution.name, rule: rule, days: days, dueAt: dueAt, zone: zone.identifier,
            secondsEastOfUTC: zone.offset(at: dueAt))
    }
}
