@testable import Tabular

/// A zip made by hand, in which every field can be made to lie.
struct ZipBuilder {
    var entries: [Entry]
    var prefix: [UInt8] = []
    var beforeDirectory: [UInt8] = []
    var directoryTail: [UInt8] = []
    var beforeEnd: [UInt8] = []
    var usesZip64 = false
    var comment: [UInt8] = []
    var trailer: [UInt8] = []
    /// Changes to the records at the end, by what they are called in the format's description.
    var end = End()

    struct End {
        var disk = 0
        var directoryDisk = 0
        var countHere: Int?
        var count: Int?
        var sizeShift = 0
        var offsetShift = 0
        var commentLength: Int?
        var zip64Signature = 0x0606_4b50
        var zip64Count: Int?
        var locatorShift = 0
        var locatorDisks = 1
    }

    struct Entry {
        var name: [UInt8]
        var packed: [UInt8]
        var method: Int
        var flags = 0x800
        var checksum: UInt32
        var size: Int
        var compressedSize: Int
        var host = 3
        var attributes = 0o100644 << 16
        var extra: [UInt8] = []
        var comment: [UInt8] = []
        var disk = 0
        var signature = 0x0201_4b50
        var nameLength: Int?
        var extraLength: Int?
        var commentLength: Int?
        var offset: Int?
        var gapBefore: [UInt8] = []
        var local = Local()
        var descriptor: [UInt8] = []

        /// What the entry's own head says, where that differs.
        struct Local {
            var signature = 0x0403_4b50
            var flags: Int?
            var method: Int?
            var checksum: UInt32?
            var compressedSize: Int?
            var size: Int?
            var name: [UInt8]?
            var extra: [UInt8] = []
            var extraLength: Int?
        }

        init(_ name: String, _ content: String = "P900,P5\r\n1,2\r\n", deflated: Bool = false) {
            self.init(name, bytes: Array(content.utf8), deflated: deflated)
        }

        init(_ name: String, bytes: [UInt8], deflated: Bool = false) {
            self.name = Array(name.utf8)
            packed = deflated ? Deflate.literals(bytes) : bytes
            method = deflated ? 8 : 0
            checksum = Checksum.crc32(of: bytes)
            size = bytes.count
            compressedSize = packed.count
        }

        /// Sizes and checksum follow the data, as from a writer that cannot go back.
        mutating func stream(signature: Bool = true, large: Bool = false) {
            flags |= 8
            local.checksum = 0
            local.size = 0
            local.compressedSize = 0
            descriptor = signature ? little(0x0807_4b50, 4) : []
            descriptor += little(Int(checksum), 4)
            descriptor += little(compressedSize, large ? 8 : 4) + little(size, large ? 8 : 4)
        }

        fileprivate var localRecord: [UInt8] {
            let name = local.name ?? name
            var record = little(local.signature, 4) + little(20, 2) + little(local.flags ?? flags, 2)
            record += little(local.method ?? method, 2) + [0, 0, 0x21, 0]
            record += little(Int(local.checksum ?? checksum), 4)
            record += little(local.compressedSize ?? compressedSize, 4) + little(local.size ?? size, 4)
            record += little(name.count, 2) + little(local.extraLength ?? local.extra.count, 2)
            return record + name + local.extra + packed + descriptor
        }

        fileprivate func directoryRecord(offset: Int) -> [UInt8] {
            var record = little(signature, 4) + little(host << 8 | 30, 2) + little(20, 2) + little(flags, 2)
            record += little(method, 2) + [0, 0, 0x21, 0] + little(Int(checksum), 4)
            record += little(compressedSize, 4) + little(size, 4)
            record += little(nameLength ?? name.count, 2) + little(extraLength ?? extra.count, 2)
            record += little(commentLength ?? comment.count, 2) + little(disk, 2) + [0, 0]
            record += little(attributes, 4) + little(offset, 4)
            return record + name + extra + comment
        }
    }

    init(_ entries: Entry...) { self.entries = entries }

    var bytes: [UInt8] {
        var bytes = prefix
        var directory: [UInt8] = []
        for entry in entries {
            bytes += entry.gapBefore
            directory += entry.directoryRecord(offset: entry.offset ?? bytes.count)
            bytes += entry.localRecord
        }
        bytes += beforeDirectory
        directory += directoryTail
        let directoryOffset = bytes.count
        bytes += directory + beforeEnd
        if usesZip64 {
            let record = bytes.count
            let count = end.zip64Count ?? entries.count
            bytes += little(end.zip64Signature, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8)
            bytes += little(count, 8) + little(count, 8) + little(directory.count, 8) + little(directoryOffset, 8)
            bytes += little(0x0706_4b50, 4) + little(0, 4) + little(record + end.locatorShift, 8)
            bytes += little(end.locatorDisks, 4)
        }
        bytes += little(0x0605_4b50, 4) + little(end.disk, 2) + little(end.directoryDisk, 2)
        bytes += little(end.countHere ?? end.count ?? entries.count, 2) + little(end.count ?? entries.count, 2)
        bytes += little(directory.count + end.sizeShift, 4) + little(directoryOffset + end.offsetShift, 4)
        return bytes + little(end.commentLength ?? comment.count, 2) + comment + trailer
    }
}

/// A number's lowest bytes, the lowest first.
func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// An extra field.
func extraField(_ id: Int, _ content: [UInt8]) -> [UInt8] { little(id, 2) + little(content.count, 2) + content }
