import CPQ
import Database

extension DatabaseError {
    /// The error for a result that failed. Of the server's words only those are kept that can hold no value from a table.
    ///
    /// - Parameter connection: for what went wrong without a result.
    /// - Source: PostgreSQL 15, Appendix A, "PostgreSQL Error Codes".
    init(result: OpaquePointer?, connection: OpaquePointer, server: String) {
        func field(_ letter: Int32) -> String? {
            result.flatMap { PQresultErrorField($0, letter) }.map { String(cString: $0) }
        }
        guard let state = field(vedette_pq_sqlstate) else {
            let isBroken = PQstatus(connection) == CONNECTION_BAD
            let words = DatabaseError.line(String(cString: PQerrorMessage(connection)))
            self = isBroken ? .connectionLost(server: server, detail: words) : .other(code: 0, detail: words)
            return
        }
        let place = [
            field(vedette_pq_table).map { "table \($0)" }, field(vedette_pq_column).map { "column \($0)" },
            field(vedette_pq_constraint).map { "constraint \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
        self.init(
            sqlState: state, words: field(vedette_pq_primary) ?? "", place: place, server: server)
    }

    /// - Parameters:
    ///   - words: the server's primary message; it may quote a value and is left out where it can.
    ///   - place: table, column and constraint, where the server names them.
    init(sqlState state: String, words: String, place: String, server: String) {
        let safe = place.isEmpty ? "SQLSTATE \(state)" : place
        self =
            switch state {
            case "23505": .constraint(.unique, detail: safe)
            case "23503": .constraint(.foreignKey, detail: safe)
            case "23502": .constraint(.notNull, detail: safe)
            case "23514": .constraint(.check, detail: safe)
            case _ where state.hasPrefix("23"): .constraint(.other, detail: safe)
            // 0A000 and 26000 where a statement was prepared before the tables changed: prepared anew it runs.
            case "40001", "40P01", "26000": .serialization(detail: "SQLSTATE \(state)")
            case "0A000" where words.contains("cached plan"): .serialization(detail: words)
            case "25P02": .transactionLost
            case "25006": .readOnly(path: server)
            case "55P03": .locked(path: server)
            case "57014": .timedOut(server: server)
            case "53100": .diskFull(path: server)
            case "53200": .outOfMemory
            case "53300": .tooManyConnections(server: server)
            case "22021", "22P05": .encoding(detail: "SQLSTATE \(state)")
            case "42501": .permission(server: server, detail: words)
            case "3D000": .cannotOpen(path: server, reason: words)
            case "58030": .inputOutput(path: server, detail: words)
            case "XX001", "XX002": .corrupt(path: server, detail: words)
            case _ where state.hasPrefix("08") || ["57P01", "57P02", "57P03", "25P03", "57P05"].contains(state):
                .connectionLost(server: server, detail: words)
            case _ where state.hasPrefix("28"): .permission(server: server, detail: words)
            case _ where state.hasPrefix("42") || state == "3F000": .invalidSQL(words)
            default: .other(code: 0, detail: safe)
            }
    }

    /// The error of a connection that could not be made.
    init(connecting connection: OpaquePointer, server: String) {
        let words = DatabaseError.line(String(cString: PQerrorMessage(connection)))
        func says(_ texts: String...) -> Bool { texts.contains { words.contains($0) } }
        // A connection that was refused has no SQLSTATE in libpq; the server's words are those of the C locale or its own.
        self =
            if says(
                "password authentication failed", "no password supplied", "pg_hba.conf", "Peer authentication failed")
            {
                .permission(server: server, detail: words)
            } else if says("role \"") || says("permission denied") {
                .permission(server: server, detail: words)
            } else if says("does not exist") {
                .cannotOpen(path: server, reason: words)
            } else if says("too many clients", "remaining connection slots") {
                .tooManyConnections(server: server)
            } else {
                .connectionLost(server: server, detail: words)
            }
    }

    /// Without line ends; the server's words have several lines.
    static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }.joined(separator: "; ")
    }
}
