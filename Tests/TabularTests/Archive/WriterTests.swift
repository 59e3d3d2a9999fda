import Foundation
import Testing

@testable import Tabular

@Suite("Archives of common writers")
struct WriterTests {
    @Test("are read", arguments: WrittenArchive.all)
    func written(archive: WrittenArchive) throws {
        let bytes = try #require(Data(base64Encoded: archive.base64)).map { $0 }
        #expect(try contents(bytes) == archive.contents, "\(archive.writer)")
    }

    @Test("are read from a file as from memory, whole or from the middle of it")
    func fromFile() throws {
        let bytes = HostileArchive.sound.bytes
        let file = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID()).zip")
        try Data([1, 2, 3] + bytes + [4]).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forReadingFrom: file)
        let source = try FileSource(descriptor: handle.fileDescriptor, range: 3..<bytes.count + 3)
        #expect(try readAll(source) == bytes)
        #expect(try Archive(source).entries.map(\.name) == ["flu_1.csv", "lis_1.csv"])
        #expect(try FileSource(descriptor: handle.fileDescriptor).size == bytes.count + 4)
        #expect(throws: SourceError.self) { try FileSource(descriptor: -1) }
    }

    // The writers below cannot run here; their archives are laid out by hand as they write them.

    @Test("Windows Explorer: GBK names, FAT attributes, no extra fields")
    func windowsExplorer() throws {
        var entry = ZipBuilder.Entry("", deflated: true)
        entry.name = Array("flu_".utf8) + [0xC1, 0xF7, 0xB8, 0xD0] + Array(".csv".utf8)
        entry.flags = 0
        entry.host = 0
        entry.attributes = 0x20
        #expect(try contents(ZipBuilder(entry).bytes) == ["flu_流感.csv: P900,P5\r\n1,2\r\n"])
    }

    @Test(".NET to a stream that cannot seek: data descriptors, zip64 sizes in the head only")
    func dotNet() throws {
        var entry = ZipBuilder.Entry("报告/flu_1.csv", deflated: true)
        entry.stream()
        entry.host = 0
        entry.attributes = 0
        var large = ZipBuilder.Entry("lis_1.csv")
        large.local.size = 0xFFFF_FFFF
        large.local.compressedSize = 0xFFFF_FFFF
        large.local.extra = extraField(1, little(14, 8) + little(14, 8))
        var zip = ZipBuilder(entry, large)
        zip.usesZip64 = true
        let text = "P900,P5\r\n1,2\r\n"
        #expect(try contents(zip.bytes) == ["报告/flu_1.csv: \(text)", "lis_1.csv: \(text)"])
    }

    @Test("macOS: UTF-8 without the flag, other extra fields in the head, side files skipped")
    func macOS() throws {
        var entry = ZipBuilder.Entry("flu_流感.csv", deflated: true)
        entry.flags = 0
        entry.stream()
        entry.extra = extraField(0x5855, HostileArchive.zeros(8))
        entry.local.extra = extraField(0x5855, HostileArchive.zeros(12))
        var side = ZipBuilder.Entry("__MACOSX/._flu_流感.csv")
        side.flags = 0
        var zip = ZipBuilder(
            entry, side, ZipBuilder.Entry("__MACOSX/", ""), ZipBuilder.Entry("data/.DS_Store"),
            ZipBuilder.Entry("data/Thumbs.db"), ZipBuilder.Entry("data/", ""))
        for index in [2, 5] { zip.entries[index].attributes = 0o040755 << 16 }
        #expect(try contents(zip.bytes) == ["flu_流感.csv: P900,P5\r\n1,2\r\n"])
    }

    @Test("data descriptors in all four forms", arguments: [true, false], [true, false])
    func descriptors(signature: Bool, large: Bool) throws {
        var first = ZipBuilder.Entry("flu_1.csv", deflated: true)
        first.stream(signature: signature, large: large)
        var last = ZipBuilder.Entry("lis_1.csv")
        last.stream(signature: signature, large: large)
        #expect(try contents(ZipBuilder(first, last).bytes).count == 2)
    }

    @Test("a zip64 end record that says the same as the short one, or for which that leaves room")
    func zip64End() throws {
        var zip = HostileArchive.sound
        zip.usesZip64 = true
        #expect(try firstFault(zip.bytes) == nil)
        zip.end.count = 0xFFFF
        zip.end.zip64Count = 2
        #expect(try firstFault(zip.bytes) == nil)
    }

    @Test("Info-ZIP's Unicode path, while it belongs to the plain name", arguments: [true, false])
    func unicodePath(isCurrent: Bool) throws {
        var entry = ZipBuilder.Entry("flu_1.csv", "")
        entry.flags = 0
        let checksum = Int(Checksum.crc32(of: entry.name)) ^ (isCurrent ? 0 : 1)
        entry.extra = extraField(0x7075, [1] + little(checksum, 4) + Array("flu_流感.csv".utf8))
        entry.local.extra = entry.extra
        #expect(try contents(ZipBuilder(entry).bytes) == [isCurrent ? "flu_流感.csv: " : "flu_1.csv: "])
    }

    @Test("names that are neither UTF-8 nor GB18030 are CP437")
    func codePage437() throws {
        var entry = ZipBuilder.Entry("", "")
        entry.flags = 0
        entry.name = Array("flu_".utf8) + [0x81, 0x2E] + Array("csv".utf8)
        #expect(try contents(ZipBuilder(entry).bytes) == ["flu_ü.csv: "])
    }

    @Test("a Chinese name whose second bytes look like backslashes is no path")
    func backslashByte() throws {
        var entry = ZipBuilder.Entry("", "")
        entry.flags = 0
        // 乗 is 81 5C in GBK.
        entry.name = Array("flu_".utf8) + [0x81, 0x5C] + Array(".csv".utf8)
        #expect(try contents(ZipBuilder(entry).bytes) == ["flu_乗.csv: "])
    }

    @Test(
        "zeros behind the end are padding, as bsdtar writes into a pipe",
        arguments: [1, 21, 22, 5_000, 70_000, 300_000])
    func padded(count: Int) throws {
        var zip = HostileArchive.sound
        zip.trailer = [UInt8](repeating: 0, count: count)
        #expect(try Archive(BytesSource(zip.bytes)).entries.map(\.name) == ["flu_1.csv", "lis_1.csv"])
        zip.comment = Array("八日".utf8)
        #expect(try Archive(BytesSource(zip.bytes)).entries.count == 2)
    }

    @Test("old .NET and PowerShell: folders parted by backslashes, a folder of its own among them")
    func backslashes() throws {
        let text = "P900,P5\r\n1,2\r\n"
        var zip = ZipBuilder(ZipBuilder.Entry("1108\\flu_1.csv"), ZipBuilder.Entry("1108\\七日\\lis_1.csv"))
        #expect(try contents(zip.bytes) == ["1108/flu_1.csv: \(text)", "1108/七日/lis_1.csv: \(text)"])
        var folder = ZipBuilder.Entry("1108\\", "")
        folder.host = 0
        folder.attributes = 0x10
        zip.entries.insert(folder, at: 0)
        #expect(try contents(zip.bytes) == ["1108/flu_1.csv: \(text)", "1108/七日/lis_1.csv: \(text)"])
    }

    @Test(
        "files that a computer writes by itself are passed over",
        arguments: [
            "Thumbs.db", "desktop.ini", "1108/Desktop.ini", "~$flu_1.xlsx", "1108\\~$flu_1.csv", ".~lock.flu_1.csv#",
            ".DS_Store",
            "__MACOSX/._flu_1.csv", "1108/__MACOSX/flu_1.csv", "._flu_1.csv",
        ])
    func sideFiles(name: String) throws {
        let zip = ZipBuilder(ZipBuilder.Entry(name), ZipBuilder.Entry("flu_1.csv"))
        #expect(try Archive(BytesSource(zip.bytes)).entries.map(\.name) == ["flu_1.csv"])
    }

    @Test(
        "files that are only called alike are not",
        arguments: ["flu_~$1.csv", "flu_desktop.ini.csv", ".~lock.csv", "mythumbs.db"])
    func namesakes(name: String) throws {
        #expect(try Archive(BytesSource(ZipBuilder(ZipBuilder.Entry(name)).bytes)).entries.map(\.name) == [name])
    }

    @Test("a name that is too long keeps its beginning and its end")
    func longName() throws {
        let long = String(repeating: "长", count: 300)
        for folder in ["", "\(long)/", "年/"] {
            let entry = try #require(
                try Archive(BytesSource(ZipBuilder(ZipBuilder.Entry("\(folder)flu_\(long).csv")).bytes)).entries.first)
            #expect(entry.name.hasPrefix("flu_长") && entry.name.hasSuffix("长.csv") && entry.name.count == 255)
            #expect(entry.fault != nil)
        }
        let inFolder = try Archive(BytesSource(ZipBuilder(ZipBuilder.Entry("\(long)/flu_1.csv")).bytes)).entries.first
        #expect(inFolder?.name == "flu_1.csv" && inFolder?.fault == .nameTooLong(310, limit: 255))
    }

    @Test("a workbook is a zip by design and passes as a file")
    func workbook() throws {
        let zip = ZipBuilder(ZipBuilder.Entry("flu_1.xlsx", bytes: ZipBuilder(ZipBuilder.Entry("a")).bytes))
        #expect(try firstFault(zip.bytes) == nil)
    }

    @Test("an archive of nothing has no entries")
    func empty() throws {
        #expect(try Archive(BytesSource(ZipBuilder().bytes)).entries.isEmpty)
    }
}

@Suite("Reading an entry")
struct EntrySourceTests {
    private static let text = (0..<5_000).map { "P\($0 % 7),流感\($0)\r\n" }.joined()

    @Test("gives the same bytes whatever the buffer's size", arguments: Array(1...16) + [255, 4_096, 65_537, 1 << 20])
    func chunks(size: Int) throws {
        let bytes = Array(Self.text.utf8)
        let zip = ZipBuilder(
            ZipBuilder.Entry("flu_1.csv", bytes: bytes, deflated: true), ZipBuilder.Entry("lis_1.csv", bytes: bytes))
        for entry in try Archive(BytesSource(zip.bytes)).entries {
            #expect(try readAll(entry.open(), chunk: size) == bytes)
            #expect(entry.size == bytes.count)
        }
    }

    @Test("may be done by several tasks at once, each on its own")
    func concurrently() async throws {
        let bytes = Array(Self.text.utf8)
        let zip = ZipBuilder(ZipBuilder.Entry("dir/flu_1.csv", bytes: bytes, deflated: true))
        let entry = try #require(try Archive(BytesSource(zip.bytes)).entries.first)
        #expect(entry.fileName == "flu_1.csv")
        let isSame = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { try readAll(entry.open()) == bytes } }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(isSame)
    }

    @Test("stops a byte after the declared size, at the end of twenty million")
    func manyZeros() throws {
        var entry = ZipBuilder.Entry("flu_1.csv", "")
        entry.method = 8
        entry.packed = Deflate.zeros(atLeast: 20_000_000)
        entry.compressedSize = entry.packed.count
        entry.size = 19_999_999
        #expect(try firstFault(ZipBuilder(entry).bytes) == .wrongSize(declared: 19_999_999))
    }
}
