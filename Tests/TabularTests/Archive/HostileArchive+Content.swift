@testable import Tabular

extension HostileArchive {
    /// The first entry streamed, so that its sizes follow the data, and then changed.
    private static func streamed(
        _ what: String, _ expected: ArchiveError, _ change: (inout ZipBuilder.Entry) -> Void
    ) -> HostileArchive {
        HostileArchive(what, expected) {
            $0.entries[0].stream()
            change(&$0.entries[0])
        }
    }

    /// The second entry with other packed bytes than fit what is declared.
    private static func packed(_ what: String, _ expected: ArchiveError, _ packed: [UInt8]) -> HostileArchive {
        HostileArchive(what, expected) {
            $0.entries[1].packed = packed
            $0.entries[1].compressedSize = packed.count
        }
    }

    private static let text = Array("P900,P5\r\n1,2\r\n".utf8)

    static let heads = [
        HostileArchive("no head where the directory points", .headMismatch(.signature)) {
            $0.entries[0].local.signature = 0x0201_4b50
        },
        HostileArchive("the head says encrypted", .headMismatch(.flags)) { $0.entries[0].local.flags = 0x801 },
        HostileArchive("the head says another charset", .headMismatch(.flags)) {
            $0.entries[0].name = Array("flu_一.csv".utf8)
            $0.entries[0].local.flags = 0
        },
        HostileArchive("the head announces a data descriptor", .headMismatch(.flags)) {
            $0.entries[0].local.flags = 0x808
        },
        HostileArchive("the head says deflated", .headMismatch(.method)) { $0.entries[0].local.method = 8 },
        HostileArchive("another name in the head", .headMismatch(.name)) {
            $0.entries[0].local.name = Array("hda_1.csv".utf8)
        },
        HostileArchive("a longer name in the head", .headMismatch(.name)) {
            $0.entries[0].local.name = Array("flu_10.csv".utf8)
        },
        HostileArchive("another size in the head", .headMismatch(.sizes)) { $0.entries[0].local.size = 15 },
        HostileArchive("another packed size in the head", .headMismatch(.sizes)) {
            $0.entries[1].local.compressedSize = 15
        },
        HostileArchive("no sizes in the head, and none behind the data", .headMismatch(.sizes)) {
            $0.entries[0].local.size = 0
            $0.entries[0].local.compressedSize = 0
        },
        HostileArchive("the head leaves its size to zip64, which is not there", .headMismatch(.sizes)) {
            $0.entries[0].local.size = 0xFFFF_FFFF
        },
        HostileArchive("another checksum in the head", .headMismatch(.checksum)) { $0.entries[0].local.checksum = 1 },
        HostileArchive("damaged extra fields in the head", .damagedExtraField) {
            $0.entries[0].local.extra = [1, 0, 200, 0]
        },
        streamed("a data descriptor with another checksum", .headMismatch(.descriptor)) { $0.descriptor[4] ^= 1 },
        streamed("a data descriptor with another packed size", .headMismatch(.descriptor)) { $0.descriptor[8] ^= 1 },
        streamed("a data descriptor with another size", .headMismatch(.descriptor)) { $0.descriptor[12] ^= 1 },
        streamed("a data descriptor with another signature", .headMismatch(.descriptor)) { $0.descriptor[0] = 0 },
        streamed("a data descriptor that is missing", .headMismatch(.descriptor)) { $0.descriptor = [] },
        streamed("half a data descriptor", .strayBytes(offset: 53, count: 8)) { $0.descriptor.removeLast(8) },
    ]

    static let contents = [
        HostileArchive("stored, with two sizes", .wrongSize(declared: 15)) { $0.entries[0].size = 15 },
        HostileArchive("stored, with a wrong checksum", .wrongChecksum) { $0.entries[0].checksum ^= 1 },
        HostileArchive("deflated, with a wrong checksum", .wrongChecksum) { $0.entries[1].checksum ^= 1 },
        HostileArchive("longer than declared by a byte", .wrongSize(declared: 13)) { $0.entries[1].size = 13 },
        HostileArchive("shorter than declared by a byte", .wrongSize(declared: 15)) { $0.entries[1].size = 15 },
        HostileArchive("declared empty", .wrongSize(declared: 0)) { $0.entries[1].size = 0 },
        packed(
            "a bomb of 100 MB that is declared as 14 bytes", .wrongSize(declared: 14),
            Deflate.zeros(atLeast: 100_000_000)),
        packed("nothing packed at all", .damagedData, []),
        packed("a block of the type that does not exist", .damagedData, [7] + zeros(13)),
        packed("a stored block whose lengths differ", .damagedData, [1, 14, 0, 0, 0] + text),
        packed("a stream that stops in the middle", .damagedData, Array(Deflate.literals(text).dropLast(4))),
        packed("a stream without a last block", .damagedData, [0] + Deflate.stored(text).dropFirst()),
        packed("a repetition of what was never there", .damagedData, Deflate.lookingBackTooFar),
        packed("a byte behind the stream", .damagedData, Deflate.literals(text) + [0]),
        packed("many bytes behind the stream", .damagedData, Deflate.literals(text) + zeros(100)),
        packed("a second stream behind the first", .damagedData, Deflate.stored(text) + Deflate.stored(text)),
    ]
}
