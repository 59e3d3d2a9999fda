import Accounts
import Audit
import Database
import SurveillanceKit

/// Whether the clock may be believed for removing what has been kept long enough.
///
/// The last instant at which the clock was found right is kept in the database. A clock that is more than a day away from it, at a start
/// or later, is asked about: until an operator confirms it, or it is set right, nothing is removed.
struct ClockWatch: Sendable {
    let database: any SQLDatabase

    private static let dayMilliseconds: Int64 = 86_400_000
    /// How often the instant is written down.
    private static let intervalMilliseconds: Int64 = 3_600_000

    /// A clock that has jumped.
    struct Jump: Hashable, Sendable {
        var last: Instant
        var now: Instant
    }

    /// Nil where the clock may be believed.
    func jump(at now: Instant) throws -> Jump? {
        try database.readBlocking { connection in
            guard let last = try last(in: connection), abs(now.milliseconds(since: last)) > Self.dayMilliseconds else {
                return nil
            }
            return Jump(last: last, now: now)
        }
    }

    /// As `jump`; writes the instant down where the clock may be believed and an hour has passed.
    func look(at now: Instant) throws -> Jump? {
        if let jump = try jump(at: now) { return jump }
        let noted = try database.readBlocking { try Self.noted(in: $0) }
        if let noted, abs(now.milliseconds(since: noted)) < Self.intervalMilliseconds { return nil }
        try database.writeBlockingAgain { try Self.note(now, in: $0) }
        return nil
    }

    /// Takes the clock for right, whatever it showed before.
    func confirm(at now: Instant, by author: Author) async throws {
        try await database.write { transaction in
            let last = try last(in: transaction)
            try Self.note(now, in: transaction)
            let entry = AuditEntry(
                author: author, action: "clock.confirm", subject: "clock", at: now,
                detail: ["last": String((last ?? now).seconds), "now": String(now.seconds)])
            try AuditTrail.append(entry, in: transaction)
        }
    }

    /// The latest moment that was noted or at which something was received; nil in a new database.
    func latestKnown() throws -> Instant? {
        try database.readBlocking { connection in
            let noted = try Self.noted(in: connection)
            let received = try Self.instant(
                "SELECT received_at FROM submission ORDER BY sequence DESC LIMIT 1", in: connection)
            return [noted, received].compactMap(\.self).max()
        }
    }

    /// A database from before this was kept says by its last upload when it was last used.
    private func last(in connection: any Connection) throws -> Instant? {
        try Self.noted(in: connection)
            ?? Self.instant("SELECT received_at FROM submission ORDER BY sequence DESC LIMIT 1", in: connection)
    }

    private static func noted(in connection: any Connection) throws -> Instant? {
        try instant("SELECT at FROM clock WHERE name = 'last'", in: connection)
    }

    /// Both tables keep milliseconds since 1970-01-01 UTC.
    private static func instant(_ sql: String, in connection: any Connection) throws -> Instant? {
        let milliseconds: Int64? = try connection.first(sql)
        return milliseconds.map(Instant.init(milliseconds:))
    }

    private static func note(_ now: Instant, in transaction: any Transaction) throws {
        try transaction.execute("DELETE FROM clock")
        try transaction.execute("INSERT INTO clock (name, at) VALUES ('last', ?)", [.integer(now.milliseconds)])
    }
}
