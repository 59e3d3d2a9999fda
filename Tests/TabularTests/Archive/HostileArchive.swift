import Testing

@testable import Tabular

/// One way to break or abuse an archive, and the answer to it.
struct HostileArchive: Sendable, CustomTestStringConvertible {
    let what: String
    let expected: ArchiveError
    let bytes: [UInt8]
    var limits = ArchiveLimits()

    var testDescription: String { what }

    init(_ what: String, _ expected: ArchiveError, _ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) {
        self.what = what
        self.expected = expected
        self.bytes = bytes
        self.limits = limits
    }

    /// A sound archive of two files, changed.
    init(
        _ what: String, _ expected: ArchiveError, limits: ArchiveLimits = ArchiveLimits(),
        _ change: (inout ZipBuilder) -> Void
    ) {
        var zip = HostileArchive.sound
        change(&zip)
        self.init(what, expected, zip.bytes, limits: limits)
    }

    static let sound = ZipBuilder(ZipBuilder.Entry("flu_1.csv"), ZipBuilder.Entry("lis_1.csv", deflated: true))

    static let all = notArchives + ends + zip64 + directories + layouts + tooMuch + kinds + names + heads + contents

    static let notArchives = [
        HostileArchive("no bytes at all", .notZip(format: nil), []),
        HostileArchive("a CSV", .notZip(format: nil), Array("P900,P5\r\n1,2\r\n3,4\r\n5,6\r\n".utf8)),
        HostileArchive("a RAR archive", .notZip(format: "RAR"), Array("Rar!\u{1A}\u{07}\u{01}\u{00}".utf8) + zeros(40)),
        HostileArchive("a 7z archive", .notZip(format: "7z"), [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] + zeros(40)),
        HostileArchive("a gzip file", .notZip(format: "gzip"), [0x1F, 0x8B, 8, 0] + zeros(40)),
        HostileArchive("cut off before the directory", .cutOff, Array(sound.bytes.prefix(60))),
        HostileArchive("cut off within the end record", .cutOff, Array(sound.bytes.dropLast())),
        HostileArchive("only the end record's signature", .cutOff, [0x50, 0x4B, 5, 6]),
    ]

    static let ends = [
        HostileArchive("a byte behind the end", .bytesAfterEnd(1)) { $0.trailer = [1] },
        HostileArchive("another file appended", .bytesAfterEnd(5_000)) {
            $0.trailer = zeros(4_999) + [1]
        },
        HostileArchive("more appended than any comment is long", .cutOff) {
            $0.trailer = zeros(69_999) + [1]
        },
        HostileArchive("a comment longer than what is there", .cutOff) { $0.end.commentLength = 9 },
        HostileArchive("a comment shorter than what is there", .bytesAfterEnd(4)) {
            $0.comment = Array("comment".utf8)
            $0.end.commentLength = 3
        },
        HostileArchive("two end records that fit", .ambiguousEnd) { $0.comment = ZipBuilder().bytes },
        HostileArchive("volume 1", .split) { $0.end.disk = 1 },
        HostileArchive("directory on volume 1", .split) { $0.end.directoryDisk = 1 },
        HostileArchive("volume numbers left to a zip64 record that is not there", .split) { $0.end.disk = 0xFFFF },
        HostileArchive("fewer entries here than in all", .split) { $0.end.countHere = 1 },
        HostileArchive("an entry on volume 1", .split) { $0.entries[1].disk = 1 },
        HostileArchive("directory said to begin later", .damagedDirectory(.endRecord)) { $0.end.offsetShift = 1 },
        HostileArchive("directory said to begin earlier", .damagedDirectory(.endRecord)) { $0.end.offsetShift = -1 },
        HostileArchive("directory said to be shorter", .damagedDirectory(.endRecord)) { $0.end.sizeShift = -46 },
        HostileArchive("directory said to be beyond the file", .damagedDirectory(.endRecord)) {
            $0.end.offsetShift = 1 << 31
        },
        HostileArchive("bytes between directory and end", .damagedDirectory(.endRecord)) { $0.beforeEnd = zeros(8) },
    ]

    static let zip64 = [
        HostileArchive("zip64 locator that points elsewhere", .damagedDirectory(.zip64)) {
            $0.usesZip64 = true
            $0.end.locatorShift = -8
        },
        HostileArchive("zip64 record without its signature", .damagedDirectory(.zip64)) {
            $0.usesZip64 = true
            $0.end.zip64Signature = 0
        },
        HostileArchive("zip64 record on one of two volumes", .split) {
            $0.usesZip64 = true
            $0.end.locatorDisks = 2
        },
        HostileArchive("zip64 record that contradicts the short one", .damagedDirectory(.zip64)) {
            $0.usesZip64 = true
            $0.end.zip64Count = 1
        },
        HostileArchive("zip64 record with a wrong count", .damagedDirectory(.count)) {
            $0.usesZip64 = true
            $0.end.count = 0xFFFF
            $0.end.zip64Count = 3
        },
        HostileArchive("a short offset of all ones without zip64", .damagedDirectory(.endRecord)) {
            $0.end.offsetShift = 0xFFFF_FFFF - $0.bytes.count
        },
        HostileArchive("a size left to a zip64 field that is not there", .damagedDirectory(.zip64)) {
            $0.entries[0].size = 0xFFFF_FFFF
        },
        HostileArchive("a size of 8 EiB", .damagedDirectory(.zip64)) {
            $0.entries[0].size = 0xFFFF_FFFF
            $0.entries[0].extra = extraField(1, [UInt8](repeating: 0xFF, count: 8))
        },
        HostileArchive("a zip64 field that contradicts the short sizes", .damagedDirectory(.zip64)) {
            $0.entries[0].extra = extraField(1, little(1 << 40, 8) + little(14, 8))
        },
    ]

    static let directories = [
        HostileArchive("one entry more announced than there is", .damagedDirectory(.count)) { $0.end.count = 3 },
        HostileArchive("one entry fewer announced than there is", .damagedDirectory(.count)) { $0.end.count = 1 },
        HostileArchive("a directory header without its signature", .damagedDirectory(.header)) {
            $0.entries[1].signature = 0
        },
        HostileArchive("a name that runs over the directory's end", .damagedDirectory(.header)) {
            $0.entries[1].nameLength = 0xFFFF
        },
        HostileArchive("an extra field that runs over the directory's end", .damagedDirectory(.header)) {
            $0.entries[1].extraLength = 0xFFFF
        },
        HostileArchive("an entry's comment that runs over the directory's end", .damagedDirectory(.header)) {
            $0.entries[1].commentLength = 1
        },
        HostileArchive("a comment that swallows the next header", .damagedDirectory(.count)) {
            $0.entries[0].commentLength = 55
        },
        HostileArchive("a digital signature behind the headers", .damagedDirectory(.header)) {
            $0.directoryTail = little(0x0505_4b50, 4) + [2, 0, 1, 1]
        },
        HostileArchive("half a header behind the headers", .damagedDirectory(.header)) { $0.directoryTail = zeros(20) },
        HostileArchive("an encrypted directory", .encryptedDirectory) { $0.entries[0].signature = 0x0806_4b50 },
        HostileArchive("masked headers", .encryptedDirectory) { $0.entries[0].flags |= 0x2041 },
    ]

    static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}

extension ZipBuilder {
    /// An archive of nothing.
    init() { entries = [] }
}
