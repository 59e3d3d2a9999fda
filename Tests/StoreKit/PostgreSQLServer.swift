import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of the tests' own: in a temporary folder, reached by a Unix socket there, without a TCP port, under an ordinary account.
///
/// A shell beside it waits for the end of its standard input, which this process holds: when the process ends, however it does, the server
/// is stopped by its own number and its folder removed. `fsync` is on, as in use; the folder lies in memory where there is room, so that it costs nothing.
public final class PostgreSQLServer: Sendable {
    public let folder: String
    private let state: Mutex<(shell: Process, life: Pipe)?>
    private let bin: String
    private let own: [String]

    /// What keeps a server from being started here, in words for the person who runs the tests.
    public struct Unavailable: Error, CustomStringConvertible {
        public var description: String
    }

    /// The one server of this process, started when it is first asked for.
    public static let shared = Result { try PostgreSQLServer() }

    /// - Parameter settings: beyond those of every test, as `name=value`.
    /// - Throws: `Unavailable`.
    public init(settings: [String] = []) throws {
        own = settings
        bin = try Self.binaries()
        // Short, for the name of a socket may have 107 bytes.
        folder = "\(Self.root)/vedette-pg-\(getpid())-\(UUID().uuidString.prefix(8))"
        state = Mutex(nil)
        guard mkdir(folder, 0o700) == 0 else { throw Unavailable(description: "\(folder) cannot be made") }
        if let account = Self.account { chown(folder, account.pw_uid, account.pw_gid) }
        let log = try Self.run(
            Self.asOrdinary([
                "\(bin)/initdb", "--pgdata", "\(folder)/data", "--username", "vedette", "--encoding", "UTF8",
                "--locale",
                "C.UTF-8", "--auth", "trust", "--no-sync", "--no-instructions",
            ]))
        guard access("\(folder)/data/PG_VERSION", F_OK) == 0 else {
            throw Unavailable(description: "initdb failed: \(log)")
        }
        // One account with a password, everybody else without.
        let rules = "\(folder)/data/pg_hba.conf"
        let rest = try String(contentsOfFile: rules, encoding: .utf8)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: rules))
        try file.write(contentsOf: Data(("local all secretive scram-sha-256\nlocal all refused reject\n" + rest).utf8))
        try file.close()
        try start()
    }

    deinit { stop() }

    /// What libpq connects with.
    public func connection(user: String = "vedette", database: String = "postgres") -> String {
        "host=\(folder) dbname=\(database) user=\(user)"
    }

    private static let settings = [
        "listen_addresses=", "shared_buffers=16MB", "max_connections=120", "max_wal_size=256MB", "autovacuum=off",
        "dynamic_shared_memory_type=posix", "log_min_messages=fatal", "deadlock_timeout=50ms", "timezone=UTC",
        "lc_messages=C",
    ]

    /// Starts the server, also again after it has been stopped or killed; returns when it takes connections.
    public func start() throws {
        let options = (Self.settings + own).map { "-c \($0)" }.joined(separator: " ")
        let script = """
            "\(bin)/postgres" -D "\(folder)/data" -k "\(folder)" \(options) >>"\(folder)/log" 2>&1 &
            server=$!
            cat >/dev/null
            kill -INT $server 2>/dev/null
            wait $server
            [ -e "\(folder)/stays" ] || rm -rf "\(folder)"
            """
        let (shell, life) = (Process(), Pipe())
        let command = Self.asOrdinary(["/bin/sh", "-c", script])
        shell.executableURL = URL(fileURLWithPath: command[0])
        shell.arguments = Array(command.dropFirst())
        shell.standardInput = life
        shell.currentDirectoryURL = URL(fileURLWithPath: "/")
        try shell.run()
        // The other end is the shell's alone, else it would not see its end.
        state.withLock { $0 = (shell, life) }
        for _ in 0..<600 {
            if (try? Self.run(["\(bin)/pg_isready", "-q", "-h", folder], mayFail: false)) != nil { return }
            guard shell.isRunning else { break }
            // Waits for another process, which has no other way to tell.
            usleep(50_000)
        }
        let log = (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? ""
        throw Unavailable(description: "the server did not start: \(log.suffix(500))")
    }

    /// The number of the server's process.
    public var processID: Int32? {
        (try? String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8))
            .flatMap { $0.split(separator: "\n").first }.flatMap { Int32($0) }
    }

    /// Ends the server at once, as a power cut does, and waits until it is gone.
    public func kill() {
        guard let number = processID else { return }
        // Else the shell takes the folder with it, as it does when this process ends without a word.
        _ = FileManager.default.createFile(atPath: "\(folder)/stays", contents: nil)
        defer { try? FileManager.default.removeItem(atPath: "\(folder)/stays") }
        Glibc.kill(number, SIGKILL)
        end()
    }

    /// Stops the server and removes its folder.
    public func stop() {
        end()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func end() {
        let running = state.withLock { state in
            defer { state = nil }
            return state
        }
        guard let running else { return }
        try? running.life.fileHandleForWriting.close()
        running.shell.waitUntilExit()
    }

    /// Makes a database with an encoding of its own.
    public func createDatabase(_ name: String, encoding: String) throws {
        try Self.run(
            [
                "\(bin)/createdb", "-h", folder, "-U", "vedette", "--encoding", encoding, "--locale", "C", "--template",
                "template0", name,
            ], mayFail: false)
    }

    // MARK: Parts

    /// Memory where there is enough of it: each of hundreds of databases has a hundred tables, and the making of each is synced.
    private static var root: String {
        var status = statvfs()
        guard statvfs("/dev/shm", &status) == 0, access("/dev/shm", W_OK) == 0,
            UInt64(status.f_bavail) * UInt64(status.f_frsize) > 2 << 30
        else { return "/tmp" }
        return "/dev/shm"
    }

    private static func binaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
            .sorted()
        for version in versions.reversed() where version >= 13 {
            let bin = "\(root)/\(version)/bin"
            if access("\(bin)/initdb", X_OK) == 0 { return bin }
        }
        throw Unavailable(description: "no PostgreSQL 13 or later in \(root); scripts/setup --tests installs it")
    }

    /// The account that runs the server where the tests run as root, which PostgreSQL refuses.
    private static var account: passwd? {
        guard geteuid() == 0 else { return nil }
        return (getpwnam("postgres") ?? getpwnam("nobody"))?.pointee
    }

    private static func asOrdinary(_ command: [String]) -> [String] {
        guard let account else { return command }
        return ["/usr/bin/setpriv", "--reuid=\(account.pw_uid)", "--regid=\(account.pw_gid)", "--clear-groups"]
            + command
    }

    @discardableResult
    private static func run(_ command: [String], mayFail: Bool = true) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        do { try process.run() } catch { throw Unavailable(description: "\(command[0]) cannot be run: \(error)") }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        if !mayFail, process.terminationStatus != 0 { throw Unavailable(description: "\(command[0]): \(text)") }
        return text
    }
}
