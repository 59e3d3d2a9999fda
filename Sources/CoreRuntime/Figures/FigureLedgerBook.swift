import Database
import Foundation
import Reporting
import SurveillanceKit

/// What each audience was shown of regions outside of its own scope: a row for each audience, program and ISO week.
///
/// Weeks are kept apart, as nothing that is decided about one rests on another: a request reads the weeks that it asks for, and a week that
/// is no longer refreshed is never written again.
enum FigureLedgerBook {
    static let migration = Migration(
        id: "figure-ledger-1",
        statements: [
            """
            CREATE TABLE figure_ledger (
                -- The scope of its readers: nation, region 43, institution and its code.
                audience TEXT NOT NULL,
                program TEXT NOT NULL,
                -- 2026-W48
                week TEXT NOT NULL,
                -- The program's declarations by which it was counted.
                declared TEXT NOT NULL,
                -- The last snapshot that was looked at, in milliseconds since 1970 UTC; what it shows may be from an earlier one.
                as_of BIGINT NOT NULL,
                -- A PublicationLedger of this week, as JSON.
                body TEXT NOT NULL,
                PRIMARY KEY (audience, program, week)
            )
            """
        ])

    struct Entry: Sendable {
        var week: FigurePeriod
        var declared: String
        var asOf: Instant
        var ledger: PublicationLedger
    }

    /// Who shares a ledger: everybody of the same scope. Nil for those who see nothing.
    static func audience(_ scope: Scope) -> String? {
        switch scope {
        case .nation: "nation"
        case .region(let region): "region \(region.prefix)"
        case .institution(let code): "institution \(code)"
        case .nothing: nil
        }
    }

    /// The entries of some weeks, by the week's key.
    static func entries(
        _ audience: String, _ program: String, weeks: ClosedRange<String>, in connection: any Connection
    ) throws -> [String: Entry] {
        var entries: [String: Entry] = [:]
        try connection.forEachRow(
            """
            SELECT week, declared, as_of, body FROM figure_ledger \
            WHERE audience = ? AND program = ? AND week >= ? AND week <= ?
            """, [.text(audience), .text(program), .text(weeks.lowerBound), .text(weeks.upperBound)]
        ) { row in
            let (key, declared): (String, String) = (try row[0], try row[1])
            let (asOf, body): (Int64, String) = (try row[2], try row[3])
            guard let week = FigurePeriod(key: key) else { return }
            entries[key] = Entry(
                week: week, declared: declared, asOf: Instant(milliseconds: asOf),
                ledger: try JSONDecoder().decode(PublicationLedger.self, from: Data(body.utf8)))
        }
        return entries
    }

    /// Which snapshot was looked at last, by week.
    static func moments(
        _ audience: String, _ program: String, weeks: ClosedRange<String>, in connection: any Connection
    ) throws -> [String: Instant] {
        var moments: [String: Instant] = [:]
        try connection.forEachRow(
            "SELECT week, as_of FROM figure_ledger WHERE audience = ? AND program = ? AND week >= ? AND week <= ?",
            [.text(audience), .text(program), .text(weeks.lowerBound), .text(weeks.upperBound)]
        ) { row in
            let at: Int64 = try row[1]
            moments[try row[0]] = Instant(milliseconds: at)
        }
        return moments
    }

    /// Keeps an entry in the place of the one on which it builds.
    ///
    /// - Parameter former: the snapshot of that one; nil where there was none.
    /// - Returns: false, and nothing is changed, where another request has published the week meanwhile.
    static func replace(
        _ entry: Entry, former: Instant?, _ audience: String, _ program: String, in transaction: any Transaction
    ) throws -> Bool {
        let key: [SQLValue] = [.text(audience), .text(program), .text(entry.week.key)]
        let known: Int64? = try transaction.first(
            "SELECT as_of FROM figure_ledger WHERE audience = ? AND program = ? AND week = ?", key)
        guard known == former?.milliseconds else { return false }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let body = String(decoding: try encoder.encode(entry.ledger), as: UTF8.self)
        try transaction.execute("DELETE FROM figure_ledger WHERE audience = ? AND program = ? AND week = ?", key)
        try transaction.execute(
            "INSERT INTO figure_ledger (audience, program, week, declared, as_of, body) VALUES (?, ?, ?, ?, ?, ?)",
            key + [.text(entry.declared), .integer(entry.asOf.milliseconds), .text(body)])
        return true
    }
}
