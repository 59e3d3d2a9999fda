public import Database
public import SurveillanceKit
public import Timeliness

extension DutyLog {
    private static let columns = "received_at, begun_at, outcome, day"

    /// What an institution has sent for a program, also what does not count, in the order of its receipt.
    ///
    /// - Parameters:
    ///   - since: the first moment of which anything is wanted.
    ///   - firsts: for each of these moments also the first receipt at or after it that counts, however early it came.
    public static func receipts(
        of institution: String, for program: String, since: Instant, firsts: [Instant] = [],
        in connection: any Connection
    ) throws -> [DutyReceipt] {
        var receipts = try self.firsts(of: institution, for: program, at: firsts, before: since, in: connection)
        for name in program.isEmpty ? [""] : [program, ""] {
            try connection.forEachRow(
                """
                SELECT \(columns) FROM duty_receipt WHERE institution = ? AND program = ? AND received_at >= ? \
                AND outcome <> 'replaced' ORDER BY received_at
                """, [.text(institution), .text(name), .integer(since.milliseconds)]
            ) { receipts.append(try receipt($0)) }
        }
        return receipts
    }

    /// The first receipts at or after some moments that count, where they came before another moment.
    public static func firsts(
        of institution: String, for program: String, at moments: [Instant], before since: Instant,
        in connection: any Connection
    ) throws -> [DutyReceipt] {
        var receipts: [DutyReceipt] = []
        for moment in Set(moments).sorted() where moment < since {
            let row = try connection.firstRow(
                """
                SELECT \(columns) FROM duty_receipt WHERE institution = ? AND program = ? AND received_at >= ? \
                AND outcome IN ('accepted', 'partly-accepted', 'zero') ORDER BY received_at LIMIT 1
                """, [.text(institution), .text(program), .integer(moment.milliseconds)])
            guard let first = try row.map({ try receipt($0) }), first.receivedAt < since, first != receipts.last else {
                continue
            }
            receipts.append(first)
        }
        return receipts
    }

    /// Hands over everything that counts and was received in a time, institution by institution as they come.
    public static func forEachCounting(
        receivedIn time: Range<Instant>, in connection: any Connection,
        _ body: (_ institution: String, _ program: String, _ receipt: DutyReceipt) -> Void
    ) throws {
        try connection.forEachRow(
            """
            SELECT \(columns), institution, program FROM duty_receipt WHERE received_at >= ? AND received_at < ? \
            AND outcome IN ('accepted', 'partly-accepted', 'zero')
            """, [.integer(time.lowerBound.milliseconds), .integer(time.upperBound.milliseconds)]
        ) { row in body(try row[4], try row[5], try receipt(row)) }
    }

    /// For which institutions and programs something was written after a change.
    public static func changed(
        after change: Int64, in connection: any Connection
    ) throws -> [(institution: String, program: String)] {
        // Without DISTINCT: an engine could then read a whole index for its order.
        var seen: Set<[String]> = []
        return try connection.rows(
            "SELECT institution, program FROM duty_receipt WHERE change > ?", [.integer(change)]
        ).compactMap { row in
            let (institution, program): (String, String) = (try row[0], try row[1])
            return seen.insert([institution, program]).inserted ? (institution, program) : nil
        }
    }

    /// When the last submission was received that came to anything; nil where there is none.
    public static func lastReceived(in connection: any Connection) throws -> Instant? {
        let at: Int64? = try connection.first("SELECT received_at FROM duty_receipt ORDER BY received_at DESC LIMIT 1")
        return at.map { Instant(milliseconds: $0) }
    }

    private static func receipt(_ row: Row) throws -> DutyReceipt {
        let begun: Int64? = try row[1]
        let day: Int? = try row[3]
        return DutyReceipt(
            receivedAt: Instant(milliseconds: try row[0]), begunAt: begun.map { Instant(milliseconds: $0) },
            outcome: try DutyReceipt.Outcome(stored: row[2]), day: day.map { CivilDate(daysSince1970: $0) })
    }
}
