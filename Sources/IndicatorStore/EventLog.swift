import Database
import Records
import SurveillanceKit

/// The instants at which an institution's records changed, numbered from 1 on: the change log names them by these numbers.
///
/// 0 stands for what was known before the first of them.
enum EventLog {
    /// Notes that a submission was stored or taken back, and answers the number of the event; that which it had where it is known.
    static func note(
        at instant: Instant, _ institution: Int64, _ submission: String, isWithdrawal: Bool, _ lineList: LineList,
        _ transaction: any Transaction
    ) throws -> Int64 {
        var last = try latest(of: institution, through: nil, transaction)
        if last.number == 0 {
            // What came before any figure was kept.
            for change in try changes(of: institution, lineList, transaction) where change.at < instant {
                last = (last.number + 1, change.at.milliseconds)
                try insert(change, institution, number: last.number, transaction)
            }
        }
        if instant.milliseconds <= last.at {
            // A submission that is taken back once more: nothing comes of it.
            return try latest(of: institution, through: instant, transaction).number
        }
        try insert((instant, submission, isWithdrawal), institution, number: last.number + 1, transaction)
        return last.number + 1
    }

    /// Makes sure that every change of an institution's records has a number, in the order of instants.
    ///
    /// - Returns: false where numbers that were given before are others now.
    static func complete(
        _ institution: Int64, _ lineList: LineList, _ transaction: any Transaction
    ) throws -> Bool {
        let known = Set(try events(of: institution, transaction).map(\.at))
        let changes = try changes(of: institution, lineList, transaction)
        if changes.allSatisfy({ known.contains($0.at.milliseconds) }) { return true }
        try transaction.execute("DELETE FROM indicator_event WHERE institution = ?", [.integer(institution)])
        for (place, change) in changes.enumerated() {
            try insert(change, institution, number: Int64(place + 1), transaction)
        }
        return known.isEmpty
    }

    /// The number of the last event until an instant; 0 where there is none.
    static func latest(
        of institution: Int64, through instant: Instant?, _ connection: any Connection
    ) throws -> (number: Int64, at: Int64) {
        let select = try connection.statement(
            "SELECT number, at FROM indicator_event WHERE institution = ? AND at <= ? ORDER BY at DESC LIMIT 1")
        try select.bind([.integer(institution), .integer(instant?.milliseconds ?? Int64.max)])
        defer { select.reset() }
        return try select.step() ? (select.integer(at: 0), select.integer(at: 1)) : (0, 0)
    }

    /// An institution's events, from the earliest on.
    ///
    /// - Parameter since: later ones alone.
    static func events(
        of institution: Int64, since: Instant? = nil, _ connection: any Connection
    ) throws -> [(number: Int64, at: Int64)] {
        let select = try connection.statement(
            "SELECT number, at FROM indicator_event WHERE institution = ? AND at > ? ORDER BY at")
        try select.bind([.integer(institution), .integer(since?.milliseconds ?? Int64.min)])
        defer { select.reset() }
        var events: [(number: Int64, at: Int64)] = []
        while try select.step() { events.append((select.integer(at: 0), select.integer(at: 1))) }
        return events
    }

    struct Event {
        var at: Instant
        var submission: String
        var isWithdrawal: Bool
    }

    /// An institution's events after an instant with what happened, by number.
    static func named(
        of institution: Int64, since: Instant, _ connection: any Connection
    ) throws -> [Int64: Event] {
        var events: [Int64: Event] = [:]
        try connection.forEachRow(
            """
            SELECT e.number, e.at, s.id, e.is_withdrawal FROM indicator_event AS e \
            JOIN record_submission AS s ON s.number = e.submission WHERE e.institution = ? AND e.at > ?
            """, [.integer(institution), .integer(since.milliseconds)]
        ) { row in
            let isWithdrawal: Int = try row[3]
            events[try row[0]] = Event(
                at: Instant(milliseconds: try row[1]), submission: try row[2], isWithdrawal: isWithdrawal != 0)
        }
        return events
    }

    private static func changes(
        of institution: Int64, _ lineList: LineList, _ connection: any Connection
    ) throws -> [(at: Instant, submission: String, isWithdrawal: Bool)] {
        try lineList.changes(of: institution, in: connection).sorted { $0.at < $1.at }
    }

    private static func insert(
        _ change: (at: Instant, submission: String, isWithdrawal: Bool), _ institution: Int64, number: Int64,
        _ transaction: any Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO indicator_event (institution, at, number, submission, is_withdrawal) \
            SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), number, CAST(? AS BIGINT) FROM record_submission \
            WHERE id = ? ON CONFLICT (institution, at) DO NOTHING
            """,
            [
                .integer(institution), .integer(change.at.milliseconds), .integer(number),
                .integer(change.isWithdrawal ? 1 : 0), .text(change.submission),
            ])
    }
}
