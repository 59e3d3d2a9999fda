import Testing

@testable import Tabular

/// What is just within a limit is read, and what is a byte, a character or a file beyond it is not.
@Suite("The limits of an archive")
struct ArchiveLimitTests {
    private func fault(_ zip: ZipBuilder, _ change: (inout ArchiveLimits) -> Void = { _ in }) throws -> ArchiveError? {
        var limits = ArchiveLimits()
        change(&limits)
        do throws(SourceError) {
            return try Archive(BytesSource(zip.bytes), limits: limits).entries.lazy.compactMap(\.fault).first
        } catch {
            guard case .archive(let fault) = error else { throw error }
            return fault
        }
    }

    /// Two files of 14 bytes.
    private let zip = ZipBuilder(ZipBuilder.Entry("flu_1.csv"), ZipBuilder.Entry("lis_1.csv"))

    @Test("count all files together to the byte")
    func total() throws {
        #expect(try fault(zip) { $0.maximumTotalSize = 28 } == nil)
        #expect(try fault(zip) { $0.maximumTotalSize = 27 } == .totalTooLarge(28, limit: 27))
    }

    @Test("count one file to the byte")
    func entry() throws {
        #expect(try fault(zip) { $0.maximumEntrySize = 14 } == nil)
        #expect(try fault(zip) { $0.maximumEntrySize = 13 } == .entryTooLarge(14, limit: 13))
    }

    @Test("count files to the last")
    func entries() throws {
        #expect(try fault(zip) { $0.maximumEntries = 2 } == nil)
        #expect(try fault(zip) { $0.maximumEntries = 1 } == .tooManyEntries(2, limit: 1))
        var many = zip
        many.entries = (1...1_000).map { ZipBuilder.Entry("flu_\($0).csv") }
        #expect(try fault(many) == nil)
        many.entries.append(ZipBuilder.Entry("flu_1001.csv"))
        #expect(try fault(many) == .tooManyEntries(1_001, limit: 1_000))
    }

    @Test("count the directory to the byte")
    func directory() throws {
        let size = 2 * (46 + 9)
        #expect(try fault(zip) { $0.maximumDirectorySize = size } == nil)
        #expect(
            try fault(zip) { $0.maximumDirectorySize = size - 1 } == .directoryTooLarge(size, limit: size - 1))
    }

    @Test("count a name's characters to the last, folders and Chinese included")
    func names() throws {
        for prefix in ["flu_", "流感_", "1108/flu_"] {
            let name = prefix + String(repeating: "长", count: 255 - prefix.count)
            #expect(try fault(ZipBuilder(ZipBuilder.Entry(name))) == nil)
            #expect(try fault(ZipBuilder(ZipBuilder.Entry(name + "长"))) == .nameTooLong(256, limit: 255))
        }
    }

    @Test("take any ratio up to 16 MB, and one of 200 beyond")
    func ratio() throws {
        func packed(_ size: Int, to count: Int) -> ZipBuilder {
            var entry = ZipBuilder.Entry("flu_1.csv", bytes: [UInt8](repeating: 0, count: count), deflated: true)
            entry.packed = [UInt8](repeating: 0, count: count)
            entry.compressedSize = count
            entry.size = size
            return ZipBuilder(entry)
        }
        #expect(try fault(packed(16 << 20, to: 20_000)) == nil)
        #expect(try fault(packed(16 << 20 + 1, to: 20_000)) == .ratioTooHigh(838, limit: 200))
        #expect(try fault(packed(20_000_000, to: 100_000)) == nil)
        #expect(try fault(packed(20_100_000, to: 100_000)) == .ratioTooHigh(201, limit: 200))
    }

    @Test(
        "no name may hold a character that is not seen or turns its neighbours round, and its neighbours in Unicode pass",
        arguments: [
            0x00, 0x1F, 0x7F, 0x9F, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069,
            0xFEFF,
        ])
    func invisible(scalar: UInt32) throws {
        func name(_ value: UInt32) throws -> String { "flu_\(Character(try #require(Unicode.Scalar(value)))).csv" }
        #expect(
            try fault(ZipBuilder(ZipBuilder.Entry(name(scalar)))) == .unsafeName(.controlCharacter))
        for near in [0x20, 0xA0, 0x200D, 0x2010, 0x2027, 0x202F, 0x2065, 0x206A] as [UInt32] {
            #expect(try fault(ZipBuilder(ZipBuilder.Entry(name(near)))) == nil, "U+\(String(near, radix: 16))")
        }
    }

    @Test("a folder named twice, or one that has a file's name, is nobody's fault")
    func folders() throws {
        var folder = ZipBuilder.Entry("1108/", "")
        folder.attributes = 0o040755 << 16
        var twice = ZipBuilder(folder, folder, ZipBuilder.Entry("1108/flu_1.csv"))
        #expect(try fault(twice) == nil)
        #expect(try Archive(BytesSource(twice.bytes)).entries.map(\.name) == ["1108/flu_1.csv"])
        // Side files that two computers left.
        twice.entries += [ZipBuilder.Entry("Thumbs.db"), ZipBuilder.Entry("Thumbs.db")]
        #expect(try fault(twice) == nil)
    }
}
