import CPQ
import Database
import Glibc

/// One connection to the server, used by one thread at a time; `PostgreSQLLine` opens it.
final class PostgreSQLConnection: Transaction {
    let handle: OpaquePointer
    /// The server and database, for messages.
    let server: String
    private let schema: String
    private var prepared: [String: Prepared] = [:]
    private var statements: [String: PostgreSQLStatement] = [:]
    private var count = 0
    private var forgetsStatements = false
    /// The statement whose rows are still to come.
    weak var active: PostgreSQLStatement?
    private(set) var isInTransaction = false
    private(set) var changedRows = 0

    /// What the server knows of one statement.
    final class Prepared: Sendable {
        let name: String
        let text: PostgreSQLText
        let parameterTypes: [Oid]
        let columnNames: [String]
        let columnTypes: [Oid]

        init(name: String, text: PostgreSQLText, parameterTypes: [Oid], columnNames: [String], columnTypes: [Oid]) {
            self.name = name
            self.text = text
            self.parameterTypes = parameterTypes
            self.columnNames = columnNames
            self.columnTypes = columnTypes
        }
    }

    /// More than a program's distinct statements; only generated SQL can fill it.
    private static let maximumStatements = 500

    /// - Throws: `DatabaseError.connectionLost`, `.permission`, `.cannotOpen`, `.tooManyConnections`.
    init(_ settings: PostgreSQLSettings) throws {
        server = settings.name
        schema = settings.schema
        var options = settings.options
        options["client_encoding"] = "UTF8"
        options["application_name"] = options["application_name"] ?? "vedette"
        options["connect_timeout"] = options["connect_timeout"] ?? "10"
        options["keepalives_idle"] = options["keepalives_idle"] ?? "30"
        options["tcp_user_timeout"] = options["tcp_user_timeout"] ?? "60000"
        guard let handle = PostgreSQLConnection.connect(options) else { throw DatabaseError.outOfMemory }
        guard PQstatus(handle) == CONNECTION_OK else {
            let error = DatabaseError(connecting: handle, server: settings.name)
            PQfinish(handle)
            throw error
        }
        self.handle = handle
        // Notices would be written to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    private static func connect(_ options: [String: String]) -> OpaquePointer? {
        // The last two are nil: the end.
        let words: [UnsafeMutablePointer<CChar>?] = options.flatMap { option -> [String] in [option.key, option.value] }
            .map { strdup($0) }
        defer { for word in words { free(word) } }
        let keywords: [UnsafePointer<CChar>?] =
            stride(from: 0, to: words.count, by: 2).map { words[$0].map { UnsafePointer($0) } } + [nil]
        let values: [UnsafePointer<CChar>?] =
            stride(from: 1, to: words.count, by: 2).map { words[$0].map { UnsafePointer($0) } } + [nil]
        return PQconnectdbParams(keywords, values, 0)
    }

    deinit { PQfinish(handle) }

    var isBroken: Bool { PQstatus(handle) == CONNECTION_BAD }

    /// Looks, without asking the server, whether it has ended the connection.
    ///
    /// - Throws: `DatabaseError.connectionLost`.
    func probe() throws {
        if PQconsumeInput(handle) == 0 || isBroken { throw error(nil) }
    }

    // MARK: Connection

    var dialect: SQLDialect { .postgresql }

    func tableNames() throws -> Set<String> {
        Set(
            try rows("SELECT tablename FROM pg_tables WHERE schemaname = ?", [.text(schema)]).map {
                try $0[0] as String
            })
    }

    func statement(_ sql: String) throws -> any Statement {
        if let statement = statements[sql], !statement.isBusy { return statement }
        let known = try prepared[sql] ?? prepare(sql)
        let statement = PostgreSQLStatement(known, self)
        // One that is amid its rows keeps its place, and the new one is used once.
        if known.text.isPreparable, statements[sql] == nil { statements[sql] = statement }
        return statement
    }

    private func prepare(_ sql: String) throws -> Prepared {
        let text = try PostgreSQLText(sql)
        guard text.isPreparable else {
            return Prepared(name: "", text: text, parameterTypes: [], columnNames: [], columnTypes: [])
        }
        try requireTransaction()
        settle()
        count += 1
        let name = "v\(count)"
        try expect(PQprepare(handle, name, text.sql, 0, nil), PGRES_COMMAND_OK)
        let result = PQdescribePrepared(handle, name)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw error(result) }
        let columns = 0..<PQnfields(result)
        let known = Prepared(
            name: name, text: text, parameterTypes: (0..<PQnparams(result)).map { PQparamtype(result, $0) },
            columnNames: columns.map { column in
                let name = PQfname(result, column).map { String(cString: $0) } ?? ""
                return text.longNames[name] ?? name
            }, columnTypes: columns.map { PQftype(result, $0) })
        prepared[sql] = known
        return known
    }

    /// A statement has run.
    func note(_ text: PostgreSQLText, changed rows: Int?) {
        if let rows { changedRows = rows }
        guard text.changesShape else { return }
        // What was prepared is made anew where it is asked for again; the server forgets the old at the next transaction.
        prepared = [:]
        statements = [:]
        forgetsStatements = true
    }

    /// Reads the rows that are still to come into memory, so that another statement can run.
    func settle() {
        active?.keepRest()
        active = nil
    }

    // MARK: Transactions

    /// Runs `body` on one state of the database.
    func snapshot<T>(_ body: (PostgreSQLConnection) throws -> T) throws -> T {
        try begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        defer { rollback() }
        return try body(self)
    }

    /// Runs `body` and commits, or takes everything back.
    func transaction<T>(_ body: (PostgreSQLConnection) throws -> T) throws -> T {
        try begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE")
        let result: T
        do {
            result = try body(self)
        } catch {
            rollback()
            throw error
        }
        try commit()
        return result
    }

    private func begin(_ sql: String) throws {
        if forgetsStatements || statements.count > Self.maximumStatements {
            prepared = [:]
            statements = [:]
            try run("DEALLOCATE ALL")
            forgetsStatements = false
        }
        try run(sql)
        isInTransaction = true
    }

    /// - Throws: `DatabaseError.transactionLost` where the body passed over an error that had ended it.
    private func commit() throws {
        active?.reset()
        guard PQtransactionStatus(handle) == PQTRANS_INTRANS else {
            let isLost = isBroken
            rollback()
            throw isLost
                ? DatabaseError.connectionLost(server: server, detail: "before the commit") : .transactionLost
        }
        isInTransaction = false
        do {
            try run("COMMIT")
        } catch DatabaseError.connectionLost {
            throw DatabaseError.commitUnknown(server: server)
        }
    }

    private func rollback() {
        active?.reset()
        isInTransaction = false
        guard !isBroken, PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        // A connection on which this fails is broken, and is given up before its next use.
        PQclear(PQexec(handle, "ROLLBACK"))
    }

    /// - Throws: `DatabaseError.transactionLost` where the body has ended the transaction by itself.
    func requireTransaction() throws {
        if isInTransaction, PQtransactionStatus(handle) == PQTRANS_IDLE { throw DatabaseError.transactionLost }
    }

    // MARK: Parts

    /// Runs SQL of the driver's own, without parameters.
    func run(_ sql: String) throws {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { throw error(result) }
    }

    /// The first column of the first row of SQL of the driver's own.
    func answer(_ sql: String) throws -> String {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK, PQntuples(result) > 0 else { throw error(result) }
        return PQgetvalue(result, 0, 0).map { String(cString: $0) } ?? ""
    }

    private func expect(_ result: OpaquePointer?, _ status: ExecStatusType) throws {
        defer { PQclear(result) }
        guard PQresultStatus(result) == status else { throw error(result) }
    }

    /// The typed error of a result, or of the connection.
    func error(_ result: OpaquePointer?) -> DatabaseError {
        let error = DatabaseError(result: result, connection: handle, server: server)
        if case .serialization = error { forgetsStatements = true }
        return error
    }
}

extension SQLDialect {
    static let postgresql = SQLDialect(
        blob: "BYTEA", number: "BIGINT PRIMARY KEY", clustered: "", mixesTextAndBytes: false)
}
