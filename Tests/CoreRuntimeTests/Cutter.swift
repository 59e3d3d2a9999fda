import Database
import Foundation
import Glibc
import Intake
import PluginKit
import StoreKit
import SurveillanceKit
import Synchronization

@testable import CoreRuntime

/// Ends a server, as a kill would, behind each durable step in turn: nothing that it does afterwards has an effect.
///
/// A step is a commit of the log, a change of the documents' folder, or a message that a gateway takes.
final class Cutter: Sendable {
    struct Cut: Error {}

    private struct State {
        /// Steps behind which it has been killed before; nil lets it live.
        var known: Set<String>?
        var counts: [String: Int] = [:]
        var last: String?
    }

    private let state = Mutex(State())

    /// Has the server end behind the first step that is not among these, such as `commit 2`; nil lets it live.
    func arm(butFor known: Set<String>?) { state.withLock { $0 = State(known: known) } }

    /// Behind which step it has ended; nil while it lives.
    var end: String? { state.withLock(\.last) }

    func requireAlive() throws { if end != nil { throw Cut() } }

    /// Does a step, and ends the server behind it where it is a new one.
    func step<Result>(_ kind: String, _ body: () throws -> Result) throws -> Result {
        try requireAlive()
        let result = try body()
        try state.withLock { state in
            state.counts[kind, default: 0] += 1
            let name = "\(kind) \(state.counts[kind] ?? 0)"
            guard let known = state.known, !known.contains(name) else { return }
            state.last = name
            throw Cut()
        }
        return result
    }

    /// The documents' folder; everything else of the disk is left alone.
    var fileSystem: FileSystem {
        var files = FileSystem.local
        let local = FileSystem.local
        @Sendable func isDocuments(_ path: String) -> Bool { path.contains("/documents") }
        files.create = { path in
            isDocuments(path) ? try self.step("create") { try local.create(path) } : try local.create(path)
        }
        files.rename = { path, new in
            isDocuments(path) ? try self.step("rename") { try local.rename(path, new) } : try local.rename(path, new)
        }
        files.syncFolder = { path in
            isDocuments(path) ? try self.step("sync folder") { try local.syncFolder(path) } : try local.syncFolder(path)
        }
        files.remove = { path in
            isDocuments(path) ? try self.step("remove") { try local.remove(path) } : try local.remove(path)
        }
        return files
    }
}

/// A store of which the log's commits are steps.
struct CuttingStore: Plugin, Store {
    static let kind = PluginKind.store
    static let name = "cutting"
    static let summary = BilingualText(zh: "测试", en: "a test's")
    static let settings: [PluginSetting] = []

    let inner: any Store
    let cutter: Cutter

    init(_ inner: any Store, _ cutter: Cutter) {
        (self.inner, self.cutter) = (inner, cutter)
    }

    init(_ settings: PluginSettings) throws { throw Cutter.Cut() }

    func place(of database: StoredDatabase) -> String { inner.place(of: database) }
    func state(of database: StoredDatabase) throws -> StoreState { try inner.state(of: database) }
    func inspect<T>(_ database: StoredDatabase, _ body: (any Connection) throws -> T) throws -> T {
        try inner.inspect(database, body)
    }
    func open(_ database: StoredDatabase) throws -> any SQLDatabase {
        let opened = try inner.open(database)
        return database == .log ? CuttingDatabase(inner: opened, cutter: cutter) : opened
    }
}

private struct CuttingDatabase: SQLDatabase {
    let inner: any SQLDatabase
    let cutter: Cutter

    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try cutter.requireAlive()
        return try await inner.read(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try cutter.requireAlive()
        let result = try await inner.write(body)
        return try cutter.step("commit") { result }
    }

    func readBlocking<T>(_ body: (any Connection) throws -> T) throws -> T {
        try cutter.requireAlive()
        return try inner.readBlocking(body)
    }

    func writeBlocking<T>(_ body: (any Transaction) throws -> T) throws -> T {
        try cutter.step("commit") { try inner.writeBlocking(body) }
    }

    func requireWhole() throws { try inner.requireWhole() }
    func checkIntegrity() async throws { try await inner.checkIntegrity() }
}

/// What gateways outside of the server have taken; they can be asked for it by ids.
final class TakenMessages: Sendable {
    private let stored = Mutex<[OutgoingNotice]>([])

    var all: [OutgoingNotice] { stored.withLock { $0 } }

    fileprivate func take(_ message: OutgoingNotice) { stored.withLock { $0.append(message) } }
    fileprivate func has(_ message: OutgoingNotice) -> Bool { all.contains { $0.id == message.id } }
}

struct CutTexts: Notifier {
    static let kind = PluginKind.notify
    static let name = "cut-texts"
    static let summary = BilingualText(zh: "测试", en: "a test's")
    static let settings: [PluginSetting] = []

    let contact: ContactKind? = .phone
    let whenUnsure = UnsureRemedy.ask
    let taken: TakenMessages
    let cutter: Cutter

    init(_ taken: TakenMessages, _ cutter: Cutter) { (self.taken, self.cutter) = (taken, cutter) }
    init(_ settings: PluginSettings) throws { throw Cutter.Cut() }

    func deliver(_ message: OutgoingNotice) throws { try cutter.step("text") { taken.take(message) } }
    func wasTaken(_ message: OutgoingNotice) throws -> Bool { taken.has(message) }
}

struct CutMails: Notifier {
    static let kind = PluginKind.notify
    static let name = "cut-mails"
    static let summary = BilingualText(zh: "测试", en: "a test's")
    static let settings: [PluginSetting] = []

    let contact: ContactKind? = .mail
    let whenUnsure = UnsureRemedy.ask
    let taken: TakenMessages
    let cutter: Cutter

    init(_ taken: TakenMessages, _ cutter: Cutter) { (self.taken, self.cutter) = (taken, cutter) }
    init(_ settings: PluginSettings) throws { throw Cutter.Cut() }

    func deliver(_ message: OutgoingNotice) throws { try cutter.step("mail") { taken.take(message) } }
    func wasTaken(_ message: OutgoingNotice) throws -> Bool { taken.has(message) }
}
