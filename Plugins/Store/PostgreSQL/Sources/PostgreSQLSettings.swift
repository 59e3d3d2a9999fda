import CPQ
import Database
import Glibc

/// How the server is reached, and as whom. A password never appears in a description, an error or a process list.
public struct PostgreSQLSettings: Sendable {
    /// Keywords of libpq with their values, the password among them.
    private(set) var options: [String: String]
    /// Where the tables lie; made where there is none.
    public var schema: String
    /// How many may read at once, and how many write.
    public var readers = 4
    public var writers = 1
    /// How long a statement may run, and how long it may wait for a row that another holds.
    public var statementTimeoutSeconds = 600
    public var lockTimeoutSeconds = 60

    /// - Parameters:
    ///   - connection: as libpq reads it: `host=… dbname=… user=…` or `postgresql://…`. What it leaves out comes from the environment
    ///     (`PGHOST`, `PGPASSFILE`, …), and a password from `~/.pgpass`.
    ///   - passwordFile: a file that only its owner may read and that holds the password alone.
    /// - Throws: `DatabaseError.invalidSettings`; the words never repeat the connection string.
    public init(connection: String, passwordFile: String? = nil, schema: String = "vedette") throws {
        options = try PostgreSQLSettings.parse(connection)
        if let passwordFile {
            guard options["password"] == nil else {
                throw DatabaseError.invalidSettings(
                    reason: "the password stands in the connection string and in a file; leave one out")
            }
            options["password"] = try PostgreSQLSettings.password(in: passwordFile)
        }
        guard !schema.isEmpty, schema.utf8.count <= PostgreSQLText.mostNameBytes,
            schema.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }),
            !schema.hasPrefix("pg_"), schema.utf8.first.map({ !(48...57).contains($0) }) == true
        else {
            throw DatabaseError.invalidSettings(
                reason:
                    "a schema's name has small letters, digits and _, at most 63, and begins with none of pg_ and digits"
            )
        }
        self.schema = schema
    }

    /// The server and database, for people.
    public var name: String {
        let place = options["host"] ?? options["hostaddr"] ?? "local"
        let port = options["port"].map { ":\($0)" } ?? ""
        return "\(place)\(port)/\(options["dbname"] ?? options["user"] ?? "")#\(schema)"
    }

    private static func parse(_ connection: String) throws -> [String: String] {
        // libpq's own words would quote a piece of the string, and that may be the password.
        let refusal = DatabaseError.invalidSettings(
            reason:
                "the connection string does not parse; write host=… dbname=… user=…, or postgresql://user@host/database"
        )
        guard !connection.utf8.contains(0) else { throw refusal }
        var words: UnsafeMutablePointer<CChar>?
        guard let parsed = PQconninfoParse(connection, &words) else {
            PQfreemem(words)
            throw refusal
        }
        defer { PQconninfoFree(parsed) }
        var options: [String: String] = [:]
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { options[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return options
    }

    private static func password(in path: String) throws -> String {
        var status = stat()
        guard stat(path, &status) == 0, let file = fopen(path, "re") else {
            throw DatabaseError.invalidSettings(
                reason: "\(path): the password file cannot be read (\(String(cString: strerror(errno))))")
        }
        defer { fclose(file) }
        guard status.st_mode & 0o077 == 0 else {
            throw DatabaseError.invalidSettings(
                reason: "\(path): others may read the password file; change its mode to 600")
        }
        var bytes = [UInt8](repeating: 0, count: 1025)
        let count = fread(&bytes, 1, bytes.count, file)
        let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, count < bytes.count, !line.contains(0) else {
            throw DatabaseError.invalidSettings(
                reason: "\(path): the password file must hold the password alone, in one line")
        }
        return String(decoding: line, as: UTF8.self)
    }
}

extension PostgreSQLSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { name }
    public var debugDescription: String { name }
    /// Nothing: a dump would show the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
