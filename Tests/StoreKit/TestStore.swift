public import Database
import Foundation
public import PluginKit
import PostgreSQLStore
import Settings
import Synchronization
public import Testing

/// The stores on which every room's contract tests run.
public enum TestStore: String, CaseIterable, Sendable {
    case sqlite = "SQLite"
    case postgresql = "PostgreSQL"

    /// The store of the test that is running; `EveryStore` sets it.
    @TaskLocal public static var current = TestStore.sqlite

    /// The stores that can be used here; what keeps PostgreSQL from being one is printed once.
    public static let available: [TestStore] = {
        switch PostgreSQLServer.shared {
        case .success:
            atexit { try? PostgreSQLServer.shared.get().stop() }
            return allCases
        case .failure(let error):
            print("PostgreSQL is left out of the tests: \(error)")
            return [.sqlite]
        }
    }()

    /// A new, empty database of the running test's store.
    ///
    /// - Parameter path: a file for SQLite; nil keeps it in memory.
    public static func database(at path: String? = nil) throws -> any SQLDatabase { try current.database(at: path) }

    public func database(at path: String? = nil) throws -> any SQLDatabase {
        switch self {
        case .sqlite: try path.map { try SQLiteDatabase(path: $0, readers: 2) } ?? SQLiteDatabase.inMemory()
        case .postgresql:
            // A file that is opened again is the same database again: its schema is named for it.
            try Self.postgresql(schema: path.map(Self.schema) ?? "t_\(Self.number.add(1, ordering: .relaxed).newValue)")
        }
    }

    private static let number = Atomic<Int>(0)

    private static func schema(for path: String) -> String {
        "f_"
            + String(
                path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 },
                radix: 16)
    }

    /// The plugin that keeps a deployment's databases, in schemas named for its folder; nil on SQLite.
    public static func plugin(for folder: String) throws -> (any Plugin & Store)? {
        guard current == .postgresql else { return nil }
        let object = SettingsObject(
            [
                "connection": .string(try PostgreSQLServer.shared.get().connection()),
                "schema": .string(schema(for: folder)), "readers": .number(2),
            ], file: "vedette.json", place: "plugins.store.postgresql")
        return try PostgreSQLPlugin(PluginSettings(object, declared: PostgreSQLPlugin.settings, folder: folder))
    }

    /// - Parameter writers: how many may write at once.
    public static func postgresql(schema: String, writers: Int = 1) throws -> any SQLDatabase {
        try postgresql(PostgreSQLServer.shared.get(), schema: schema, writers: writers)
    }

    public static func postgresql(
        _ server: PostgreSQLServer, schema: String, writers: Int = 1
    ) throws -> any SQLDatabase {
        var settings = try PostgreSQLSettings(connection: server.connection(), schema: schema)
        settings.readers = 2
        settings.writers = writers
        return try PostgreSQLDatabase(settings)
    }
}

/// Runs each test of a suite once on every store; `TestStore.database()` makes the database.
public struct EveryStore: SuiteTrait, TestTrait, TestScoping {
    public var isRecursive: Bool { true }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        for store in TestStore.available {
            do {
                try await TestStore.$current.withValue(store) { try await function() }
            } catch {
                print("the test failed on \(store.rawValue)")
                throw error
            }
        }
    }
}

extension Trait where Self == EveryStore {
    public static var everyStore: Self { Self() }
}
