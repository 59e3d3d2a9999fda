/// Where an archive's directory lies and how many entries it has, as the record at the file's very end says.
///
/// Source: PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16. The record must end the file, with a comment that fits to the byte:
/// bytes behind it, or a second record that fits as well, would let two readers see two archives. Zeros alone may follow: writers of
/// tapes (`bsdtar … | cat`) fill their last block with them.
struct EndRecord {
    let directory: Range<Int>
    let count: Int

    private static let length = 22
    private static let locatorLength = 20
    private static let zip64Length = 56
    private static let longestComment = 0xFFFF

    init(of source: some RandomAccessSource) throws(SourceError) {
        let size = try EndRecord.sizeWithoutPadding(of: source)
        let longestTail = EndRecord.zip64Length + EndRecord.locatorLength + EndRecord.length + EndRecord.longestComment
        let tailStart = max(0, size - longestTail)
        let tail = try source.bytes(at: tailStart, count: size - tailStart)
        guard tail.count == size - tailStart else { throw .archive(.cutOff) }

        guard let end = try EndRecord.position(in: tail) else {
            throw .archive(EndRecord.missing(head: try source.bytes(at: 0, count: 8)))
        }
        let thisDisk = tail.uint16(at: end + 4)
        let directoryDisk = tail.uint16(at: end + 6)
        let countHere = tail.uint16(at: end + 8)
        let count = tail.uint16(at: end + 10)
        let directorySize = tail.uint32(at: end + 12)
        let directoryOffset = tail.uint32(at: end + 16)
        guard [0, 0xFFFF].contains(thisDisk), [0, 0xFFFF].contains(directoryDisk), countHere == count else {
            throw .archive(.split)
        }

        let locator = end - EndRecord.locatorLength
        if locator >= 0, tail.uint32(at: locator) == Signature.zip64Locator {
            let record = try EndRecord.zip64(tail: tail, tailStart: tailStart, locator: locator)
            // What the short record can say, it says too.
            guard count == 0xFFFF || count == record.count,
                directorySize == 0xFFFF_FFFF || directorySize == record.directory.count,
                directoryOffset == 0xFFFF_FFFF || directoryOffset == record.directory.lowerBound
            else { throw .archive(.damagedDirectory(.zip64)) }
            self = record
        } else {
            guard thisDisk == 0, directoryDisk == 0 else { throw .archive(.split) }
            guard directoryOffset + directorySize == tailStart + end else {
                throw .archive(.damagedDirectory(.endRecord))
            }
            self.init(directory: directoryOffset..<directoryOffset + directorySize, count: count)
        }
    }

    private init(directory: Range<Int>, count: Int) {
        self.directory = directory
        self.count = count
    }

    /// Where the source ends but for zeros, of which as many are left as an end record may end with.
    private static func sizeWithoutPadding(of source: some RandomAccessSource) throws(SourceError) -> Int {
        let piece = 64 << 10
        var end = source.size
        while end > 0 {
            let start = max(0, end - piece)
            let bytes = try source.bytes(at: start, count: end - start)
            guard bytes.count == end - start else { throw .archive(.cutOff) }
            if let last = bytes.lastIndex(where: { $0 != 0 }) { return min(source.size, start + last + 1 + length) }
            end = start
        }
        return source.size
    }

    /// The one place in the tail where an end record fits.
    private static func position(in tail: [UInt8]) throws(SourceError) -> Int? {
        var found: Int?
        var loose: Int?
        var position = tail.count - length
        while position >= 0, position >= tail.count - length - longestComment {
            if tail[position] == 0x50, tail.uint32(at: position) == Signature.endRecord {
                let end = position + length + tail.uint16(at: position + 20)
                if end == tail.count || (end < tail.count && tail[end...].allSatisfy { $0 == 0 }) {
                    guard found == nil else { throw .archive(.ambiguousEnd) }
                    found = position
                } else if end < tail.count {
                    loose = end
                }
            }
            position -= 1
        }
        if found == nil, let loose { throw .archive(.bytesAfterEnd(tail.count - loose)) }
        return found
    }

    private static func zip64(tail: [UInt8], tailStart: Int, locator: Int) throws(SourceError) -> EndRecord {
        let start = locator - zip64Length
        guard tail.uint32(at: locator + 4) == 0, tail.uint32(at: locator + 16) <= 1 else { throw .archive(.split) }
        guard start >= 0, tail.uint64(at: locator + 8) == UInt64(tailStart + start),
            tail.uint32(at: start) == Signature.zip64EndRecord, tail.uint64(at: start + 4) == UInt64(zip64Length - 12)
        else { throw .archive(.damagedDirectory(.zip64)) }
        guard tail.uint32(at: start + 16) == 0, tail.uint32(at: start + 20) == 0,
            tail.uint64(at: start + 24) == tail.uint64(at: start + 32)
        else { throw .archive(.split) }
        guard let count = Int(exactly: tail.uint64(at: start + 32)),
            let size = Int(exactly: tail.uint64(at: start + 40)), size <= tailStart + start,
            tail.uint64(at: start + 48) == UInt64(tailStart + start - size)
        else { throw .archive(.damagedDirectory(.zip64)) }
        return EndRecord(directory: tailStart + start - size..<tailStart + start, count: count)
    }

    /// What a file without an end record is.
    private static func missing(head: [UInt8]) -> ArchiveError {
        let format = ArchiveFormat(magic: head)
        return format == .zip ? .cutOff : .notZip(format: format?.title)
    }
}
