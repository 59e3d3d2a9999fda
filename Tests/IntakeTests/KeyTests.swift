import Foundation
import Glibc
import Intake
import ShangMi
import Testing

@Suite("Keys")
struct KeyTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: fixture.path + "/" + name)[.posixPermissions] as? Int
    }

    @Test("a master key is made once, for its owner alone")
    func firstKey() throws {
        let key = try fixture.keys().currentKeyID
        #expect(try fixture.keys().currentKeyID == key)
        #expect(try mode("keys/master/0001.key") == 0o600)
        #expect(try mode("keys/master") == 0o700)
    }

    @Test("a key that others may read, that is no key, or that is lost is refused with its path")
    func refused() throws {
        _ = try fixture.keys()
        let path = fixture.path + "/keys/master/0001.key"
        chmod(path, 0o640)
        #expect(throws: IntakeError.keyOpenToOthers(path: path)) { try fixture.keys() }
        chmod(path, 0o600)
        try Data("not a key\n".utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        #expect(throws: IntakeError.malformedKey(path: path)) { try fixture.keys() }
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: IntakeError.noKey(path: path)) { try fixture.keys() }
    }

    @Test("a first start that was cut off before the key was durable is made good")
    func cutOffFirstStart() throws {
        #expect(throws: IntakeError.self) {
            try fixture.keys(fileSystem: Faults(.rename, code: EIO, from: 2).fileSystem)
        }
        #expect(throws: Never.self) { try fixture.keys() }
    }

    @Test("the pseudonym key stays the same whatever becomes of the master key")
    func pseudonymKey() throws {
        let path = fixture.path + "/keys/pseudonym.key"
        let first = try KeyFile.readOrMake(path, byteCount: 32, random: .strong)
        let keys = try fixture.keys()
        try keys.addKey()
        try keys.finishChange(in: [])
        #expect(try KeyFile.readOrMake(path, byteCount: 32, random: .strong) == first)
        #expect(try mode("keys/pseudonym.key") == 0o600)
    }

    @Test("after a change every file opens under the new key alone, and the old key is gone")
    func change() throws {
        let keys = try fixture.keys()
        let spool = try fixture.spool(keys: keys)
        let seal = try fixture.seal(keys: keys)
        let sealed = try seal.seal("张三.csv", place: "test")
        for number in 1...5 { _ = try spool.receive(id(Int64(number)), [UInt8(number)]) }
        let old = keys.currentKeyID
        try keys.addKey()
        #expect(keys.isChanging)
        _ = try spool.receive(id(6), [6])
        let folders = [spool.folder, try fixture.folder("sealed-keys", keys: keys)]
        #expect(try keys.finishChange(in: folders) == 6)
        #expect(try fixture.files(under: "keys/master") == ["0002.key"])

        let later = try fixture.keys()
        #expect(later.currentKeyID != old && !later.isChanging)
        for number in 1...6 { #expect(try fixture.spool().open(id(Int64(number))).bytes() == [UInt8(number)]) }
        #expect(try fixture.seal().openText(sealed, place: "test") == "张三.csv")
    }

    @Test("a change that was cut off anywhere goes on at the next start", arguments: 1...8)
    func cutOffChange(step: Int) throws {
        do {
            let spool = try fixture.spool()
            for number in 1...5 { _ = try spool.receive(id(Int64(number)), [UInt8(number)]) }
        }
        // Writes: the key, then five headers. Each fault ends the change where a kill would.
        let faults = Faults(.syncData, code: EIO, from: step)
        do {
            let keys = try fixture.keys(fileSystem: faults.fileSystem)
            let folder = try fixture.folder("spool", keys: keys, fileSystem: faults.fileSystem)
            try? keys.addKey()
            _ = try? keys.finishChange(in: [folder])
        }
        let keys = try fixture.keys()
        let spool = try fixture.spool(keys: keys)
        for number in 1...5 { #expect(try spool.open(id(Int64(number))).bytes() == [UInt8(number)]) }
        try keys.finishChange(in: [spool.folder])
        #expect(!keys.isChanging)
        for number in 1...5 { #expect(try fixture.spool().open(id(Int64(number))).bytes() == [UInt8(number)]) }
    }

    @Test("a file of a lost key says so by the key's id and stops the change")
    func lostKey() throws {
        let lost = try fixture.keys()
        _ = try fixture.spool(keys: lost).receive(id(1), [1])
        try FileManager.default.removeItem(atPath: fixture.path + "/keys/master")
        let keys = try fixture.keys()
        do {
            _ = try fixture.spool(keys: keys).open(id(1))
            Issue.record("a file opened under a key it was not sealed with")
        } catch IntakeError.damaged(_, let detail) {
            #expect(detail.contains(lost.currentKeyID.description))
        }
        try keys.addKey()
        #expect(throws: IntakeError.self) { try keys.finishChange(in: [fixture.folder("spool", keys: keys)]) }
        #expect(keys.isChanging)
    }
}
