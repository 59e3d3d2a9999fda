import Foundation
import Glibc
import Intake
import ShangMi
import Testing

@Suite("The spool")
struct SpoolTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func sample(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) } }

    @Test("gives back what arrived, anywhere in it, and knows its size and digest", arguments: [0, 1, 65_536, 200_001])
    func roundTrip(count: Int) throws {
        let bytes = sample(count)
        let finished = try fixture.spool().receive(id(1), bytes)
        #expect(finished.id == id(1) && finished.size == count && finished.sm3 == SM3.digest(bytes).hex)
        let content = try fixture.spool().open(id(1))
        #expect(content.size == count)
        #expect(try content.bytes() == bytes)
        for offset in [count / 2, max(0, count - 3), count] {
            #expect(try content.bytes(at: offset, count: 5) == Array(bytes[offset...].prefix(5)))
        }
        #expect(try fixture.spool().ids() == [id(1)])
    }

    @Test(
        "keeps with an upload who sent it, and gives back its own bytes alone",
        arguments: [0, 1, 65_500, 65_536, 200_001])
    func origin(count: Int) throws {
        let origin = UploadOrigin(
            institution: "A", account: "demo", fileName: "张三.csv", receivedAt: .milliseconds(1_800_000_000_000))
        let bytes = sample(count)
        let spool = try fixture.spool()
        let file = try spool.begin(id(1))
        try bytes.withUnsafeBytes { try file.write($0) }
        let finished = try file.finishBlocking(origin)
        #expect(finished.size == count && finished.sm3 == SM3.digest(bytes).hex)
        #expect(try spool.open(id(1)).size == count)
        #expect(try spool.open(id(1)).bytes() == bytes)
        #expect(try fixture.files(holding: "demo").isEmpty)
        // The same behind bytes that end like an origin of another upload.
        let raw = try spool.folder.open(id(1).description).bytes()
        #expect(raw.count > count)
        _ = try spool.receive(id(2), raw)
        #expect(try spool.open(id(2)).bytes() == raw)
        for number in [1, 2] { try spool.folder.setApart(id(Int64(number)).description) }
        #expect(try spool.openApart(id(1)).origin == origin)
        #expect(try spool.openApart(id(2)).origin == nil)
    }

    @Test("a sync of a folder or file that the system refuses is an error: it is asked for")
    func syncsAreAsked() {
        // The kernel's own file systems cannot sync a folder, and say so.
        #expect(throws: FileSystem.Fault("sync the folder", code: EINVAL)) { try FileSystem.local.syncFolder("/proc") }
        let descriptor = Glibc.open("/dev/null", O_RDWR)
        defer { close(descriptor) }
        #expect(throws: FileSystem.Fault("sync", code: EINVAL)) { try FileSystem.local.syncData(descriptor) }
    }

    @Test("keeps no plain byte on the disk, while an upload is under way or after it")
    func sealing() throws {
        let spool = try fixture.spool()
        let text = "姓名,张三丰,13800138000\n"
        let file = try spool.begin(id(1))
        let bytes = Array(String(repeating: text, count: 5000).utf8)
        try bytes.withUnsafeBytes { try file.write($0) }
        #expect(try fixture.files(holding: "张三丰").isEmpty)
        _ = try file.finishBlocking()
        #expect(try fixture.files(holding: "张三丰").isEmpty)
        #expect(try spool.open(id(1)).bytes() == bytes)
    }

    @Test("finishes away from the caller's thread too")
    func asynchronousFinish() async throws {
        let spool = try fixture.spool()
        try await withThrowingTaskGroup(of: SpoolFile.Finished.self) { group in
            for number in 1...50 {
                group.addTask {
                    let file = try spool.begin(id(Int64(number)))
                    try [UInt8](repeating: UInt8(number), count: 1000).withUnsafeBytes { try file.write($0) }
                    return try await file.finish()
                }
            }
            for try await finished in group { #expect(finished.size == 1000) }
        }
        #expect(try spool.ids().count == 50)
    }

    @Test("refuses an upload beyond the limit at its first byte too many, or at once where its length was announced")
    func tooLarge() throws {
        let spool = try fixture.spool(maximumBytes: 1000)
        #expect(throws: IntakeError.tooLarge(maximumBytes: 1000)) { try spool.begin(id(1), expectedBytes: 1001) }
        let file = try spool.begin(id(1))
        try sample(1000).withUnsafeBytes { try file.write($0) }
        #expect(throws: IntakeError.tooLarge(maximumBytes: 1000)) { try [0].withUnsafeBytes { try file.write($0) } }
        #expect(throws: IntakeError.self) { try file.finishBlocking() }
        #expect(try fixture.files(under: "spool").isEmpty)
    }

    @Test("leaves nothing of an upload that was given up, or forgotten")
    func abandoned() throws {
        let spool = try fixture.spool()
        let file = try spool.begin(id(1))
        try sample(100_000).withUnsafeBytes { try file.write($0) }
        file.abandon()
        do {
            let forgotten = try spool.begin(id(2))
            try sample(100_000).withUnsafeBytes { try forgotten.write($0) }
        }
        #expect(try fixture.files(under: "spool").isEmpty)
        #expect(throws: IntakeError.notKept(id(1))) { try spool.open(id(1)) }
    }

    @Test("takes nothing more after the end")
    func finishTwice() throws {
        let spool = try fixture.spool()
        let file = try spool.begin(id(1))
        try sample(10).withUnsafeBytes { try file.write($0) }
        _ = try file.finishBlocking()
        #expect(throws: IntakeError.alreadyEnded(path: id(1).description)) { try file.finishBlocking() }
        #expect(throws: IntakeError.alreadyEnded(path: id(1).description)) {
            try [0].withUnsafeBytes { try file.write($0) }
        }
        file.abandon()
        #expect(try spool.open(id(1)).bytes() == sample(10))
    }

    @Test("removes at start what a crash left half-written, and nothing else")
    func leftovers() throws {
        do {
            let spool = try fixture.spool()
            _ = try spool.receive(id(1), sample(10))
        }
        let folder = URL(fileURLWithPath: fixture.path + "/spool/incoming")
        try Data(sample(70_000)).write(to: folder.appendingPathComponent(id(2).description))
        let spool = try fixture.spool()
        #expect(try spool.folder.takeOver() == 1)
        #expect(try fixture.files(under: "spool") == [id(1).description, "lock"])
        #expect(try spool.ids() == [id(1)])
    }

    @Test("belongs to one process at a time")
    func lock() throws {
        let first = try fixture.spool()
        try first.folder.takeOver()
        try first.folder.takeOver()
        let path = first.folder.path
        #expect(throws: IntakeError.inUse(path: path)) { try fixture.spool().folder.takeOver() }
    }

    @Test("keeps a reserve on the disk, counting what uploads under way may still write")
    func reserve() throws {
        var disk = FileSystem.local
        disk.availableBytes = { _ in 5000 }
        let spool = try fixture.spool(maximumBytes: 2000, reserveBytes: 1500, fileSystem: disk)
        let first = try spool.begin(id(1))
        #expect(throws: IntakeError.belowReserve(availableBytes: 3000, reserveBytes: 1500)) { try spool.begin(id(2)) }
        let small = try spool.begin(id(2), expectedBytes: 1000)
        first.abandon()
        #expect(throws: Never.self) { try spool.begin(id(3), expectedBytes: 2000).abandon() }
        small.abandon()
    }

    @Test("takes an upload that leaves the reserve to the byte, and none that would take a byte of it")
    func reserveToTheByte() throws {
        var disk = FileSystem.local
        disk.availableBytes = { _ in 5000 }
        let spool = try fixture.spool(maximumBytes: 4000, reserveBytes: 1500, fileSystem: disk)
        let most = try spool.begin(id(1), expectedBytes: 3500)
        #expect(throws: IntakeError.belowReserve(availableBytes: 1500, reserveBytes: 1500)) {
            try spool.begin(id(2), expectedBytes: 1)
        }
        most.abandon()
        #expect(throws: IntakeError.belowReserve(availableBytes: 5000, reserveBytes: 1500)) {
            try spool.begin(id(2), expectedBytes: 3501)
        }
        try spool.begin(id(2), expectedBytes: 3500).abandon()
    }

    @Test(
        "says that the disk is full and goes on when there is space",
        arguments: [Faults.Call.create, .write, .syncData, .rename, .syncFolder])
    func diskFull(call: Faults.Call) throws {
        _ = try fixture.spool().receive(id(1), sample(10))
        let faults = Faults(call, code: ENOSPC)
        let spool = try fixture.spool(fileSystem: faults.fileSystem)
        #expect {
            try spool.receive(id(2), sample(100_000))
        } throws: { error in
            guard case IntakeError.diskFull = error else { return false }
            return true
        }
        #expect(try spool.ids() == [id(1)])
        #expect(try fixture.files(under: "spool/incoming").isEmpty)
        faults.mend()
        _ = try spool.receive(id(2), sample(100_000))
        #expect(try spool.open(id(1)).bytes() == sample(10))
        #expect(try spool.open(id(2)).bytes() == sample(100_000))
    }

    @Test("never acknowledges again after a sync that failed", arguments: [Faults.Call.syncData, .syncFolder])
    func poisoned(call: Faults.Call) throws {
        let faults = Faults(call, code: EIO, from: 2)
        let spool = try fixture.spool(fileSystem: faults.fileSystem)
        _ = try spool.receive(id(1), sample(10))
        let underWay = try spool.begin(id(3))
        let isPoisoned = { (error: any Error) in
            guard case IntakeError.poisoned = error else { return false }
            return true
        }
        #expect(performing: { try spool.receive(id(2), sample(10)) }, throws: isPoisoned)
        faults.mend()
        #expect(performing: { try spool.begin(id(4)) }, throws: isPoisoned)
        #expect(performing: { try underWay.finishBlocking() }, throws: isPoisoned)
        underWay.abandon()
        #expect(try spool.ids() == [id(1)])
        #expect(try fixture.files(under: "spool/incoming").isEmpty)
        #expect(try spool.open(id(1)).bytes() == sample(10))
    }

    @Test("writes on where the disk took only a part")
    func shortWrites() throws {
        var disk = FileSystem.local
        disk.write = { descriptor, bytes in
            try FileSystem.local.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(777)))
        }
        let spool = try fixture.spool(fileSystem: disk)
        _ = try spool.receive(id(1), sample(150_000))
        #expect(try spool.open(id(1)).bytes() == sample(150_000))
    }

    @Test("reads nothing from a file that was altered, cut off or put in another's place")
    func damaged() throws {
        let spool = try fixture.spool()
        for number in 1...3 { _ = try spool.receive(id(Int64(number)), sample(100_000)) }
        let folder = URL(fileURLWithPath: spool.folder.path)
        let first = folder.appendingPathComponent(id(1).description)
        var bytes = try Data(contentsOf: first)
        bytes[1000] ^= 1
        try bytes.write(to: first)
        truncate(spool.folder.path + "/" + id(2).description, 65_536 + 68 + 16)
        try Data(contentsOf: folder.appendingPathComponent(id(3).description))
            .write(to: folder.appendingPathComponent(id(4).description))
        for number in [1, 2, 4] {
            #expect {
                try spool.open(id(Int64(number))).bytes()
            } throws: { error in
                guard case IntakeError.damaged = error else { return false }
                return true
            }
        }
    }
}
