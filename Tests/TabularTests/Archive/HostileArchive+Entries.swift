@testable import Tabular

extension HostileArchive {
    /// An archive of a file with the given name and one sound file.
    private static func named(_ what: String, _ name: String, _ expected: ArchiveError) -> HostileArchive {
        HostileArchive(what, expected) { $0.entries[0] = ZipBuilder.Entry(name) }
    }

    /// An archive of a file that begins with the given bytes, whatever its name says.
    private static func holding(_ what: String, _ head: [UInt8], deflated: Bool) -> HostileArchive {
        HostileArchive(what, .nestedArchive) {
            $0.entries[0] = ZipBuilder.Entry("flu_1.csv", bytes: head + zeros(30), deflated: deflated)
        }
    }

    static let kinds = [
        HostileArchive("a password", .encrypted) { $0.entries[0].flags |= 1 },
        HostileArchive("strong encryption", .encrypted) { $0.entries[0].flags |= 0x41 },
        HostileArchive("WinZip's AES", .encrypted) { $0.entries[0].method = 99 },
        HostileArchive("packed with PKZIP 1's Shrink", .unsupportedMethod(1)) { $0.entries[0].method = 1 },
        HostileArchive("packed with Deflate64", .unsupportedMethod(9)) { $0.entries[0].method = 9 },
        HostileArchive("packed with BZIP2", .unsupportedMethod(12)) { $0.entries[0].method = 12 },
        HostileArchive("packed with LZMA", .unsupportedMethod(14)) { $0.entries[0].method = 14 },
        HostileArchive("packed with Zstandard", .unsupportedMethod(93)) { $0.entries[0].method = 93 },
        named("a zip inside, by its name", "flu.ZIP", .nestedArchive),
        named("a RAR inside, by its name", "flu.rar", .nestedArchive),
        named("a 7z inside, by its name", "dir/flu.7z", .nestedArchive),
        named("a tarball inside, by its name", "flu.tar.gz", .nestedArchive),
        holding("a zip inside, named as CSV", sound.bytes, deflated: true),
        holding("an empty zip inside, named as CSV", ZipBuilder().bytes, deflated: false),
        holding("a RAR inside, named as CSV", Array("Rar!\u{1A}\u{07}\u{00}".utf8), deflated: false),
        holding("a 7z inside, named as CSV", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], deflated: true),
        holding("a gzip inside, named as CSV", [0x1F, 0x8B, 8], deflated: true),
        HostileArchive("a symbolic link", .link) { $0.entries[0].attributes = 0o120777 << 16 },
        HostileArchive("a symbolic link from another host", .link) {
            $0.entries[0].attributes = 0o120777 << 16
            $0.entries[0].host = 0
        },
        HostileArchive("a block device", .specialFile) { $0.entries[0].attributes = 0o060644 << 16 },
        HostileArchive("a character device", .specialFile) { $0.entries[0].attributes = 0o020644 << 16 },
        HostileArchive("a socket", .specialFile) { $0.entries[0].attributes = 0o140644 << 16 },
        HostileArchive("a folder by its mode, a file by its name", .specialFile) {
            $0.entries[0].attributes = 0o040755 << 16
        },
        HostileArchive("a folder with content", .folderWithContent) {
            $0.entries[0].name = Array("flu/".utf8)
            $0.entries[0].attributes = 0
        },
        HostileArchive("an extra field longer than the extra fields", .damagedExtraField) {
            $0.entries[0].extra = little(0x5455, 2) + little(9, 2) + [0]
        },
        HostileArchive("two zip64 fields", .damagedExtraField) {
            $0.entries[0].extra = extraField(1, zeros(16)) + extraField(1, zeros(16))
        },
    ]

    static let names = [
        named("a name that climbs out", "../flu_1.csv", .unsafeName(.parentFolder)),
        named("a name that climbs out within", "a/../../flu_1.csv", .unsafeName(.parentFolder)),
        named("a name that is a parent folder", "a/..", .unsafeName(.parentFolder)),
        named("an absolute name", "/etc/cron.d/flu_1.csv", .unsafeName(.absolute)),
        named("a network share", "//server/flu_1.csv", .unsafeName(.absolute)),
        named("a name that climbs out by backslashes", "..\\..\\flu_1.csv", .unsafeName(.parentFolder)),
        named("an absolute name by backslashes", "\\temp\\flu_1.csv", .unsafeName(.absolute)),
        named("a network share by backslashes", "\\\\server\\flu_1.csv", .unsafeName(.absolute)),
        HostileArchive("the same name, by slash and by backslash", .duplicateName) {
            $0.entries[0] = ZipBuilder.Entry("1108/flu_1.csv")
            $0.entries[1] = ZipBuilder.Entry("1108\\flu_1.csv")
        },
        named("a drive letter", "C:/flu_1.csv", .unsafeName(.driveLetter)),
        named("a drive letter without a folder", "c:flu_1.csv", .unsafeName(.driveLetter)),
        named("a zero byte in the name", "flu_1.csv\0.exe", .unsafeName(.controlCharacter)),
        named("a line break in the name", "flu_1\r\n.csv", .unsafeName(.controlCharacter)),
        named("an escape sequence in the name", "flu_\u{1B}[2J.csv", .unsafeName(.controlCharacter)),
        named("a name that is shown backwards", "flu_\u{202E}vsc.exe", .unsafeName(.controlCharacter)),
        named("no name", "", .unsafeName(.empty)),
        named("a folder without a name", "a//flu_1.csv", .unsafeName(.empty)),
        named(
            "a name of 300 characters", "flu_" + String(repeating: "长", count: 296), .nameTooLong(300, limit: 255)),
        HostileArchive("a name that is no UTF-8 and says so", .undecodableName) {
            $0.entries[0].name = [0x66, 0xC1, 0xF7, 0x2E]
        },
        HostileArchive("a Unicode path that climbs out", .unsafeName(.parentFolder)) {
            let checksum = Checksum.crc32(of: $0.entries[0].name)
            $0.entries[0].flags = 0
            $0.entries[0].extra = extraField(0x7075, [1] + little(Int(checksum), 4) + Array("../flu_1.csv".utf8))
        },
        HostileArchive("a Unicode path that the directory has and the head has not", .headMismatch(.name)) {
            let checksum = Checksum.crc32(of: $0.entries[0].name)
            $0.entries[0].flags = 0
            $0.entries[0].extra = extraField(0x7075, [1] + little(Int(checksum), 4) + Array("drug_1.csv".utf8))
        },
        HostileArchive("a Unicode path that the head has and the directory has not", .headMismatch(.name)) {
            let checksum = Checksum.crc32(of: $0.entries[0].name)
            $0.entries[0].flags = 0
            $0.entries[0].local.extra = extraField(0x7075, [1] + little(Int(checksum), 4) + Array("drug_1.csv".utf8))
        },
        HostileArchive("a Unicode path that is no UTF-8", .undecodableName) {
            let checksum = Checksum.crc32(of: $0.entries[0].name)
            $0.entries[0].flags = 0
            $0.entries[0].extra = extraField(0x7075, [1] + little(Int(checksum), 4) + [0xFF])
        },
        HostileArchive("the same name twice", .duplicateName) { $0.entries[1] = $0.entries[0] },
        HostileArchive("the same name composed and decomposed", .duplicateName) {
            $0.entries[0] = ZipBuilder.Entry("flu_\u{E9}.csv")
            $0.entries[1] = ZipBuilder.Entry("flu_e\u{301}.csv")
        },
        named("a side file of macOS that climbs out", "__MACOSX/../../flu_1.csv", .unsafeName(.parentFolder)),
    ]
}
