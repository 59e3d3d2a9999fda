import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit
import Testing

@testable import CoreRuntime

/// What of a data folder is not as it was.
struct Harm: CustomTestStringConvertible, Sendable {
    enum How: String, Sendable { case missing, empty, damaged, foreign, truncated, older, garbage }
    var what: String
    var how: How
    var testDescription: String { "\(what) is \(how.rawValue)" }

    static let folders = FolderIdentity.folders.flatMap { folder in
        [How.missing, .empty, .foreign].map { Harm(what: folder, how: $0) }
    }
    static let database = [How.missing, .empty, .truncated, .damaged, .garbage, .older, .foreign].map {
        Harm(what: "vedette.sqlite", how: $0)
    }
    static let records = [How.missing, .empty, .truncated, .damaged, .garbage, .older, .foreign].map {
        Harm(what: "records.sqlite", how: $0)
    }
    static let keys = ["keys/0001.key", "sealed-keys/fields", "pseudonyms/pseudonym.key", "receipt-key/receipt.key"]
        .flatMap { key in [How.missing, .empty, .damaged, .foreign].map { Harm(what: key, how: $0) } }
    static let marks =
        ["identity", "highest"].flatMap { file in
            [How.missing, .empty, .garbage].map { Harm(what: file, how: $0) }
        } + [Harm(what: "identity", how: .foreign)]
        + FolderIdentity.folders.map { Harm(what: "\($0)/identity", how: .missing) }
    static let all = folders + database + records + keys + marks

    func put(on copy: FolderCopy) throws {
        switch how {
        case .missing: try copy.remove(what)
        case .empty where what.contains(".") || what.contains("/") || ["identity", "highest"].contains(what):
            try copy.write(Data(), to: what)
        case .empty:
            try copy.remove(what)
            try FileManager.default.createDirectory(
                at: copy.path(what), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        case .foreign: try copy.put(what, of: copy.other)
        case .truncated: try copy.write(try copy.bytes(what).prefix(try copy.bytes(what).count / 2), to: what)
        case .garbage: try copy.write(Data("this is not what it was\n".utf8), to: what)
        case .older:
            try copy.write(try Data(contentsOf: FolderTemplate.older(copy.template, what)), to: what)
        case .damaged:
            var bytes = try copy.bytes(what)
            let isDatabase = what.hasSuffix(".sqlite")
            // Of a database the heads of all pages behind the first; of a key its digits.
            let places = isDatabase ? Array(stride(from: 4096, to: bytes.count, by: 4096)) : Array(bytes.indices)
            for place in places { bytes[place] ^= isDatabase ? 0xFF : 0x80 }
            try copy.write(bytes, to: what)
        }
    }
}

@Suite("A start where something is missing, older, damaged or foreign")
struct FolderCheckTests {
    @Test(
        "is refused with what to do, changes nothing, and goes on with everything once it is put back",
        arguments: Harm.all)
    func refused(_ harm: Harm) async throws {
        let copy = try await FolderCopy()
        #expect(try copy.submissionsWithoutOpening() == 2)
        try harm.put(on: copy)
        let before = try copy.tree()
        let error = try #require(throws: DataFolderError.self) { try copy.open() }
        #expect(try copy.tree() == before)
        #expect(error.message.en.contains("start again") && error.message.en.contains("nothing was changed"))
        #expect(error.message.en.contains(copy.root.path) && error.message.zh.contains("未改动任何内容"))
        // A command beside no server is refused in the same way.
        _ = try #require(throws: DataFolderError.self) {
            try OpenedFolder(
                copy.root, for: .command(mayMake: true), random: .strong, now: Instant(milliseconds: 1_800_000_000_000))
        }
        #expect(try copy.tree() == before)

        try copy.put(harm.what, of: copy.template)
        try copy.open()
        #expect(try copy.submissions() == 2)
    }

    @Test("one lost upload, or one file of findings, is told with its number", arguments: ["spool", "findings"])
    func lacking(folder: String) async throws {
        let copy = try await FolderCopy()
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: copy.path(folder).path).first { $0.count > 20 })
        try copy.remove("\(folder)/\(name)")
        let before = try copy.tree()
        let error = try #require(throws: DataFolderError.self) { try copy.open() }
        #expect(error.message.en.contains(String(name.prefix(26))) && error.mayBeAdopted)
        #expect(try copy.tree() == before)
        try copy.put("\(folder)/\(name)", of: copy.template)
        try copy.open()
    }

    @Test("after a crash, with a write-ahead log beside the database, a refusal leaves that as it is, too")
    func crashed() async throws {
        let copy = try await FolderCopy()
        // As a killed server leaves it: log and index lie there.
        let source = try await FolderCopy()
        let database = try SQLiteDatabase(path: source.path("vedette.sqlite").path)
        try database.writeBlocking { try $0.execute("UPDATE submission SET tries = tries") }
        for suffix in ["", "-wal", "-shm"] { try copy.put("vedette.sqlite\(suffix)", of: source.root) }
        try copy.remove("pseudonyms")
        let before = try copy.tree()
        #expect(before["vedette.sqlite-wal"] != nil)
        #expect(throws: DataFolderError.missing(path: copy.path("pseudonyms").path)) { try copy.open() }
        #expect(try copy.tree() == before)
        try copy.put("pseudonyms", of: copy.template)
        try copy.open()
        withExtendedLifetime(database) {}
    }

    @Test("a database of a later version is refused before anything is changed")
    func newer() async throws {
        let copy = try await FolderCopy()
        do {
            let database = try SQLiteDatabase(path: copy.path("vedette.sqlite").path)
            try database.writeBlocking { try $0.execute("INSERT INTO migration VALUES ('records-99', 999)") }
        }
        let before = try copy.tree()
        #expect(throws: DatabaseError.newerThanProgram(unknown: ["records-99"])) { try copy.open() }
        #expect(try copy.tree() == before)
    }

    @Test("others may not reach into the folder", arguments: [0o777, 0o755, 0o750, 0o701, 0o770])
    func modes(mode: Int) async throws {
        let copy = try await FolderCopy()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: copy.root.path)
        let error = try #require(throws: DataFolderError.self) { try copy.open() }
        #expect(error == .openToOthers(path: copy.root.path, mode: String(mode, radix: 8)))
        #expect(error.message.en.contains("chmod 700 \(copy.root.path)"))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: copy.root.path)
        try copy.open()
    }

    @Test("another user's folder is refused", .enabled(if: geteuid() == 0, "needs root to give a folder away"))
    func owner() async throws {
        let copy = try await FolderCopy()
        chown(copy.root.path, 12345, 12345)
        #expect(throws: DataFolderError.otherOwner(path: copy.root.path, owner: 12345, user: 0)) { try copy.open() }
    }

    @Test(
        "a first start that was cut off anywhere is made good by the next",
        arguments: ["spool", "findings", "sealed-keys", "receipt-key", "pseudonyms", "vedette.sqlite", ""])
    func cutOffFirstStart(missing: String) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-first-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let identity: FolderIdentity
        do {
            identity = try OpenedFolder(
                root, for: .server(adopts: false), random: .strong, now: Instant(milliseconds: 1)
            ).identity
        }
        // As if it had not come to its end: the identity is still pending, and what comes last is not there.
        try identity.write(to: root.appendingPathComponent("identity.pending").path, folder: "")
        try FileManager.default.removeItem(at: root.appendingPathComponent("identity"))
        if !missing.isEmpty { try FileManager.default.removeItem(at: root.appendingPathComponent(missing)) }
        do {
            let again = try OpenedFolder(
                root, for: .server(adopts: false), random: .strong, now: Instant(milliseconds: 1))
            #expect(again.identity == identity)
        }
        _ = try OpenedFolder(root, for: .server(adopts: false), random: .strong, now: Instant(milliseconds: 1))
        #expect(!FileManager.default.fileExists(atPath: root.appendingPathComponent("identity.pending").path))
    }
}

@Suite("A data folder from before identities")
struct UnmarkedFolderTests {
    @Test("gets an identity at its first start, which is written down, and is known from then on")
    func migrates() async throws {
        let copy = try await FolderCopy()
        try copy.forgetIdentity()
        let identity = try copy.open().identity
        #expect(try copy.open().identity == identity)
        #expect(try copy.submissions() == 2)
        let database = try SQLiteDatabase(path: copy.path("vedette.sqlite").path)
        let count: Int? = try database.readBlocking {
            try $0.first("SELECT count(*) FROM audit WHERE action = 'data-folder.identify'")
        }
        #expect(count == 1)
    }

    @Test(
        "is refused where a part is missing, and nothing of it changes",
        arguments: [
            "vedette.sqlite", "keys", "sealed-keys", "pseudonyms", "receipt-key", "spool", "findings",
            "keys/0001.key", "sealed-keys/fields", "pseudonyms/pseudonym.key", "receipt-key/receipt.key",
        ])
    func refused(missing: String) async throws {
        let copy = try await FolderCopy()
        try copy.forgetIdentity()
        let kept = try FolderKeeper(copy.path(missing))
        try copy.remove(missing)
        let before = try copy.tree()
        let error = try #require(throws: DataFolderError.self) { try copy.open() }
        guard case .missing = error else {
            Issue.record("\(error)")
            return
        }
        #expect(try copy.tree() == before)
        try kept.putBack()
        try copy.open()
        #expect(try copy.submissions() == 2)
    }

    @Test(
        "is refused with another deployment's keys",
        arguments: ["keys", "sealed-keys", "receipt-key", "vedette.sqlite"])
    func foreign(part: String) async throws {
        let copy = try await FolderCopy()
        try copy.forgetIdentity()
        let other = try await FolderCopy()
        try copy.put(part, of: other.other)
        try? copy.remove("\(part)/identity")
        let before = try copy.tree()
        _ = try #require(throws: DataFolderError.self) { try copy.open() }
        #expect(try copy.tree() == before)
    }

    @Test("is refused where one of its folders stands in another's place")
    func exchanged() async throws {
        let copy = try await FolderCopy()
        let identity = try #require(try FolderIdentity.read(copy.path("spool/identity").path, folder: "spool"))
        try identity.write(to: copy.path("spool/identity").path, folder: "findings")
        #expect(throws: DataFolderError.foreign(path: copy.path("spool/identity").path)) {
            try FolderIdentity.read(copy.path("spool/identity").path, folder: "spool")
        }
        _ = try #require(throws: DataFolderError.self) { try copy.open() }
    }

    @Test("keeps the highest number of each kind, whatever is noted after it, and after a write that was cut off")
    func highestNumbers() async throws {
        let copy = try await FolderCopy()
        let root = copy.path("highest").deletingLastPathComponent()
        let numbers = HighestNumbers(root)
        try numbers.write(["a": 5, "b": 5])
        // Each by a process of its own, which knows nothing of the others.
        for noted in [["a": 7], ["a": 6, "b": 4], ["c": 1], ["b": 5]] as [[String: Int64]] {
            try HighestNumbers(root).raise(noted)
        }
        #expect(try numbers.read() == ["a": 7, "b": 5, "c": 1])
        // The newest slot is cut off: the one before it counts.
        var bytes = Array(try Data(contentsOf: copy.path("highest")))
        let newest =
            bytes[..<512].contains(UInt8(ascii: "c")) && String(decoding: bytes[..<512], as: UTF8.self).contains("c=1")
            ? 0 : 512
        for index in newest..<newest + 512 { bytes[index] = 0 }
        try Data(bytes).write(to: copy.path("highest"))
        #expect(try numbers.read()["a"] == 7)
    }

    @Test("that was given its identity in part only goes on with the same")
    func cutOff() async throws {
        let copy = try await FolderCopy()
        try copy.forgetIdentity()
        let identity = FolderIdentity(random: .strong)
        try identity.write(to: copy.path("identity.pending").path, folder: "")
        try identity.write(to: copy.path("spool/identity").path, folder: "spool")
        #expect(try copy.open().identity == identity)
        #expect(try copy.open().identity == identity)
    }
}

/// A file or folder, held to be put back.
private struct FolderKeeper {
    let place: URL
    let copy: URL

    init(_ place: URL) throws {
        self.place = place
        copy = FileManager.default.temporaryDirectory.appendingPathComponent("kept-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: place, to: copy)
    }

    func putBack() throws {
        try FileManager.default.moveItem(at: copy, to: place)
    }
}

extension FolderCopy {
    func submissionsWithoutOpening() throws -> Int {
        try SQLiteDatabase.inspect(path: path("vedette.sqlite").path) {
            try $0.first("SELECT count(*) FROM submission")
        }
            ?? 0
    }
}
