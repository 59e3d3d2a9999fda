import CPQ
import Database

/// A place for a connection: opened when it is first needed, and anew when it has broken.
final class PostgreSQLLine {
    private let settings: PostgreSQLSettings
    private var connection: PostgreSQLConnection?

    /// The oldest server that is tried with: 13.0 as libpq counts it.
    static let oldest: Int32 = 130_000

    private let makesSchema: Bool

    /// - Parameter makesSchema: false for a look that changes nothing.
    init(_ settings: PostgreSQLSettings, makesSchema: Bool = true) {
        self.settings = settings
        self.makesSchema = makesSchema
    }

    /// A connection that answers. One that the server has ended since it was last used is replaced.
    func ready() throws -> PostgreSQLConnection {
        if let connection, !connection.isBroken { return connection }
        connection = nil
        let opened = try PostgreSQLConnection(settings)
        try configure(opened)
        connection = opened
        return opened
    }

    /// Runs `body`; where the kept connection turns out to have broken before it could begin, on a new one.
    func use<T>(_ body: (PostgreSQLConnection) throws -> T) throws -> T {
        let connection = try ready()
        do {
            try connection.probe()
        } catch DatabaseError.connectionLost {
            return try body(try ready())
        }
        return try body(connection)
    }

    private func configure(_ connection: PostgreSQLConnection) throws {
        try Self.requireVersion(PQserverVersion(connection.handle), server: connection.server)
        let encoding = try connection.answer("SHOW server_encoding")
        guard encoding == "UTF8" else {
            throw DatabaseError.encoding(detail: "the database \(connection.server) has the encoding \(encoding)")
        }
        // A server that forgets what it has acknowledged is no store; the session cannot mend these two.
        for setting in ["fsync", "full_page_writes"] where try connection.answer("SHOW \(setting)") != "on" {
            throw DatabaseError.notDurable(server: connection.server, setting: "\(setting) = off")
        }
        if try connection.answer("SELECT pg_is_in_recovery()") == "t" {
            throw DatabaseError.readOnly(path: connection.server)
        }
        // `on` or stricter stays as the administrator has set it.
        if ["off", "local"].contains(try connection.answer("SHOW synchronous_commit")) {
            try connection.run("SET synchronous_commit = on")
        }
        // Look-ups of a few thousand keys among millions go through the index; the planner would rather read an institution's whole table
        // for each block of rows.
        try connection.run("SET enable_hashjoin = off; SET enable_mergejoin = off")
        try connection.run(
            """
            SET standard_conforming_strings = on; SET jit = off; \
            SET statement_timeout = '\(settings.statementTimeoutSeconds)s'; \
            SET lock_timeout = '\(settings.lockTimeoutSeconds)s'; \
            SET idle_in_transaction_session_timeout = '15min'
            """)
        if makesSchema,
            try connection.answer("SELECT count(*) FROM pg_namespace WHERE nspname = '\(settings.schema)'") == "0"
        {
            try connection.run("CREATE SCHEMA IF NOT EXISTS \(settings.schema)")
        }
        try connection.run("SET search_path = \(settings.schema)")
    }

    /// - Parameter version: as libpq counts it: 150004 is 15.4.
    static func requireVersion(_ version: Int32, server: String) throws {
        guard version < oldest else { return }
        throw DatabaseError.versionTooOld(
            server: server, version: "\(version / 10_000).\(version % 10_000)", needed: "\(oldest / 10_000)")
    }
}
