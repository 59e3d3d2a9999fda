public import Database
public import PluginKit
public import SurveillanceKit

/// The store on a PostgreSQL server: a schema for the log and one for the line list.
public struct PostgreSQLPlugin: Plugin, Store {
    public static let kind = PluginKind.store
    public static let name = "postgresql"
    public static let summary = BilingualText(
        zh: "用 PostgreSQL 服务器（13 或更高版本）代替 SQLite 文件保存数据",
        en: "keeps the databases on a PostgreSQL server, 13 or later, instead of in SQLite files")
    public static let settings = [
        PluginSetting(
            "connection", .text, isRequired: true,
            BilingualText(
                zh: "连接串：host=… dbname=… user=… 或 postgresql://…",
                en: "the connection string: host=… dbname=… user=… or postgresql://…")),
        PluginSetting(
            "passwordFile", .path, BilingualText(zh: "仅含密码的文件，权限 600", en: "a file with the password alone, mode 600")),
        PluginSetting(
            "schema", .text,
            BilingualText(
                zh: "模式名，默认 vedette；监测记录在 <模式名>_records",
                en: "the schema, vedette unless given; the line list lies in <schema>_records")),
        PluginSetting(
            "readers", .number,
            BilingualText(zh: "每个数据库的读连接数，默认 4", en: "connections that read, for each database: 4 unless given")),
        PluginSetting(
            "statementTimeoutSeconds", .number,
            BilingualText(zh: "单条语句最长秒数，默认 600", en: "how long a statement may run: 600 unless given")),
    ]

    private let log: PostgreSQLSettings
    private let records: PostgreSQLSettings

    public init(_ settings: PluginSettings) throws {
        let schema = settings.text("schema") ?? "vedette"
        func made(_ schema: String) throws -> PostgreSQLSettings {
            var own: PostgreSQLSettings
            do {
                own = try PostgreSQLSettings(
                    connection: settings.text("connection") ?? "", passwordFile: settings.path("passwordFile"),
                    schema: schema)
            } catch DatabaseError.invalidSettings(let reason) {
                let name =
                    reason.contains("schema") ? "schema" : reason.contains("password") ? "passwordFile" : "connection"
                throw settings.fault(reason, at: name)
            }
            own.readers = settings.number("readers") ?? own.readers
            own.statementTimeoutSeconds = settings.number("statementTimeoutSeconds") ?? own.statementTimeoutSeconds
            return own
        }
        log = try made(schema)
        records = try made(schema + "_records")
    }

    private func settings(_ database: StoredDatabase) -> PostgreSQLSettings {
        switch database {
        case .log: log
        case .records: records
        }
    }

    public func place(of database: StoredDatabase) -> String { "\(settings(database).name):\(database.rawValue)" }

    public func state(of database: StoredDatabase) throws -> StoreState {
        let names = try inspect(database) { try $0.tableNames() }
        return names.isEmpty ? .missing : .present
    }

    public func inspect<T>(_ database: StoredDatabase, _ body: (any Connection) throws -> T) throws -> T {
        try PostgreSQLLine(settings(database), makesSchema: false).use { connection in
            try connection.snapshot { try body($0) }
        }
    }

    public func open(_ database: StoredDatabase) throws -> any SQLDatabase {
        try PostgreSQLDatabase(settings(database))
    }
}
