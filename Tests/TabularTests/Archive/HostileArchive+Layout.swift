@testable import Tabular

extension HostileArchive {
    static let layouts = [
        HostileArchive("two names for the same bytes", .overlap(name: "flu_1.csv", other: "lis_1.csv")) {
            $0.entries[1].offset = 0
        },
        HostileArchive("a file whose data hold the next file", .overlap(name: "flu_1.csv", other: "lis_1.csv")) {
            $0.entries[0].compressedSize += 60
            $0.entries[0].size += 60
        },
        HostileArchive("data that run into the directory", .overlap(name: "lis_1.csv", other: nil)) {
            $0.entries[1].compressedSize += 40
        },
        HostileArchive("an extra field that runs into the directory", .overlap(name: "lis_1.csv", other: nil)) {
            $0.entries[1].local.extraLength = 0xFFFF
        },
        HostileArchive("an entry that begins in the directory", .overlap(name: "flu_1.csv", other: "lis_1.csv")) {
            $0.entries[1].offset = $0.bytes.count - 60
        },
        HostileArchive("an entry that begins beyond the file", .damagedDirectory(.header)) {
            $0.entries[1].offset = 1 << 30
        },
        HostileArchive("packed data longer than the file", .damagedDirectory(.header)) {
            $0.entries[1].compressedSize = 1 << 30
        },
        HostileArchive("a program before the archive", .strayBytes(offset: 0, count: 100)) { $0.prefix = zeros(100) },
        HostileArchive("a volume mark before the archive", .strayBytes(offset: 0, count: 4)) {
            $0.prefix = [0x50, 0x4B, 7, 8]
        },
        HostileArchive("bytes between two files", .strayBytes(offset: 53, count: 7)) {
            $0.entries[1].gapBefore = zeros(7)
        },
        HostileArchive("a file that the directory does not name", .strayBytes(offset: 53, count: 53)) {
            $0.entries[1].gapBefore = Array(ZipBuilder(ZipBuilder.Entry("flu_2.csv")).bytes.prefix(53))
        },
        HostileArchive("bytes between the last file and the directory", .strayBytes(offset: 108, count: 5)) {
            $0.beforeDirectory = zeros(5)
        },
        HostileArchive("a directory of nothing over files", .strayBytes(offset: 0, count: 53)) {
            $0.beforeDirectory = Array(ZipBuilder(ZipBuilder.Entry("flu_1.csv")).bytes.prefix(53))
            $0.entries = []
        },
        HostileArchive("a data descriptor nobody announced", .strayBytes(offset: 53, count: 16)) {
            $0.entries[0].stream()
            $0.entries[0].flags = 0x800
            $0.entries[0].local = ZipBuilder.Entry.Local()
        },
    ]

    static let tooMuch = [
        HostileArchive("three files where two are allowed", .tooManyEntries(3, limit: 2), limits: .entries(2)) {
            $0.entries.append(ZipBuilder.Entry("flu_3.csv"))
        },
        HostileArchive("60,000 files announced", .tooManyEntries(60_000, limit: 1_000)) { $0.end.count = 60_000 },
        HostileArchive("a directory of comments", .directoryTooLarge(4_260_025, limit: 4 << 20)) {
            $0.entries = (0..<65).map { index in
                var entry = ZipBuilder.Entry("flu_\(index).csv")
                entry.comment = zeros(65_483)
                return entry
            }
        },
        HostileArchive("files too large together", .totalTooLarge(28, limit: 20), limits: .total(20)) { _ in },
        HostileArchive("a file too large", .entryTooLarge(14, limit: 13), limits: .entry(13)) { _ in },
        HostileArchive("a file of 4 GB, by its own word", .entryTooLarge(0xFFFF_FFFE, limit: 1 << 30)) {
            $0.entries[1].size = 0xFFFF_FFFE
        },
        HostileArchive("20 MB packed to 100 KB", .ratioTooHigh(209, limit: 200)) {
            $0.entries[1].packed = zeros(100_000)
            $0.entries[1].compressedSize = 100_000
            $0.entries[1].size = 20 << 20
        },
    ]
}

extension ArchiveLimits {
    fileprivate static func entries(_ count: Int) -> ArchiveLimits {
        var limits = ArchiveLimits()
        limits.maximumEntries = count
        return limits
    }

    fileprivate static func entry(_ size: Int) -> ArchiveLimits {
        var limits = ArchiveLimits()
        limits.maximumEntrySize = size
        return limits
    }

    fileprivate static func total(_ size: Int) -> ArchiveLimits {
        var limits = ArchiveLimits()
        limits.maximumTotalSize = size
        return limits
    }
}
