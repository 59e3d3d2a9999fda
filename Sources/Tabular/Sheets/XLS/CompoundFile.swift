/// A compound file, the container of Office before 2007: streams of sectors that a table chains together.
///
/// Every number of it is a claim: each is checked before it is used, chains are followed at most as often as there are sectors, and no
/// stream is longer than the file. Source: [MS-CFB] 2.
struct CompoundFile {
    private let source: any RandomAccessSource
    private let sectorBytes: Int
    /// The next sector of each sector.
    private let table: [Int]
    private let smallTable: [Int]
    private let smallSectors: [Int]
    private let smallLimit: Int
    private let entries: [Entry]

    private struct Entry {
        var name: String
        var kind: UInt8
        var start: Int
        var size: Int
    }

    private static let lastSector = 0xFFFF_FFFA
    private static let smallBytes = 64
    static let maximumBytes = 256 << 20

    init(_ source: any RandomAccessSource) throws(TableError) {
        self.source = source
        let header = try CompoundFile.read(source, at: 0, count: 512)
        guard header.count == 512 else { throw CompoundFile.damaged }
        let shift = header.uint16(at: 30)
        guard shift == 9 || shift == 12, header.uint16(at: 32) == 6 else { throw CompoundFile.damaged }
        sectorBytes = 1 << shift
        guard source.size <= CompoundFile.maximumBytes else {
            throw .workbook(.tooLarge(maximumBytes: CompoundFile.maximumBytes))
        }
        let sectorCount = source.size / sectorBytes
        smallLimit = header.uint32(at: 56)

        // The sectors of the table itself: 109 in the header, the others in a chain of their own.
        var tableSectors = (0..<109).map { header.uint32(at: 76 + $0 * 4) }.filter { $0 < CompoundFile.lastSector }
        var next = header.uint32(at: 68)
        var steps = 0
        while next < CompoundFile.lastSector {
            steps += 1
            guard steps <= sectorCount else { throw CompoundFile.damaged }
            let bytes = try CompoundFile.sector(next, of: source, size: sectorBytes)
            let count = sectorBytes / 4 - 1
            tableSectors += (0..<count).map { bytes.uint32(at: $0 * 4) }.filter { $0 < CompoundFile.lastSector }
            next = bytes.uint32(at: count * 4)
        }
        // The table has an entry for each sector, and its last sector's are not all used.
        guard tableSectors.count <= sectorCount / (sectorBytes / 4) + 128 else { throw CompoundFile.damaged }
        var table: [Int] = []
        for sector in tableSectors {
            let bytes = try CompoundFile.sector(sector, of: source, size: sectorBytes)
            for index in 0..<sectorBytes / 4 { table.append(bytes.uint32(at: index * 4)) }
        }
        self.table = table
        let directory = try CompoundFile.chain(header.uint32(at: 48), in: table, limit: min(sectorCount, 1024))
        var entries: [Entry] = []
        for sector in directory {
            let bytes = try CompoundFile.sector(sector, of: source, size: sectorBytes)
            for start in stride(from: 0, to: sectorBytes, by: 128) {
                entries.append(CompoundFile.entry(bytes, at: start, hasLongSizes: shift == 12))
            }
        }
        self.entries = entries
        var smallTable: [Int] = []
        for sector in try CompoundFile.chain(header.uint32(at: 60), in: table, limit: sectorCount) {
            let bytes = try CompoundFile.sector(sector, of: source, size: sectorBytes)
            for index in 0..<sectorBytes / 4 { smallTable.append(bytes.uint32(at: index * 4)) }
        }
        self.smallTable = smallTable
        let root = entries.first { $0.kind == 5 }
        smallSectors =
            try root.map { root throws(TableError) in
                try CompoundFile.chain(root.start, in: table, limit: sectorCount)
            } ?? []
    }

    private static func entry(_ bytes: [UInt8], at start: Int, hasLongSizes: Bool) -> Entry {
        let nameBytes = min(64, bytes.uint16(at: start + 64))
        let units = (0..<max(0, nameBytes / 2 - 1)).map { UInt16(bytes.uint16(at: start + $0 * 2)) }
        let high = hasLongSizes ? bytes.uint32(at: start + 124) : 0
        return Entry(
            name: String(decoding: units, as: UTF16.self), kind: bytes[start + 66],
            start: bytes.uint32(at: start + 116), size: high > 0 ? .max : bytes.uint32(at: start + 120))
    }

    /// Whether there is a stream of a name, in upper or lower case.
    func has(_ name: String) -> Bool { entry(name) != nil }

    /// Whether there is a storage of a name, which holds streams.
    func hasStorage(_ name: String) -> Bool { entries.contains { $0.kind == 1 && $0.name == name } }

    private func entry(_ name: String) -> Entry? {
        entries.first { $0.kind == 2 && $0.name.lowercased() == name.lowercased() }
    }

    /// The whole stream.
    func stream(_ name: String) throws(TableError) -> [UInt8]? {
        guard let entry = entry(name) else { return nil }
        guard entry.size <= source.size else { throw CompoundFile.damaged }
        return entry.size < smallLimit ? try smallStream(entry) : try largeStream(entry)
    }

    private func largeStream(_ entry: Entry) throws(TableError) -> [UInt8] {
        let count = (entry.size + sectorBytes - 1) / sectorBytes
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * sectorBytes)
        var sector = entry.start
        for _ in 0..<count {
            guard sector < table.count else { throw CompoundFile.damaged }
            bytes += try CompoundFile.sector(sector, of: source, size: sectorBytes, mayBeCut: true)
            sector = table[sector]
        }
        guard bytes.count >= entry.size else { throw CompoundFile.damaged }
        bytes.removeLast(bytes.count - entry.size)
        return bytes
    }

    private func smallStream(_ entry: Entry) throws(TableError) -> [UInt8] {
        let perSector = sectorBytes / CompoundFile.smallBytes
        var bytes: [UInt8] = []
        var sector = entry.start
        for _ in 0..<(entry.size + CompoundFile.smallBytes - 1) / CompoundFile.smallBytes {
            guard sector < smallTable.count, sector / perSector < smallSectors.count else {
                throw CompoundFile.damaged
            }
            let home = try CompoundFile.sector(smallSectors[sector / perSector], of: source, size: sectorBytes)
            let start = sector % perSector * CompoundFile.smallBytes
            bytes += home[start..<start + CompoundFile.smallBytes]
            sector = smallTable[sector]
        }
        bytes.removeLast(bytes.count - entry.size)
        return bytes
    }

    private static func chain(_ first: Int, in table: [Int], limit: Int) throws(TableError) -> [Int] {
        var sectors: [Int] = []
        var sector = first
        while sector < lastSector {
            guard sector < table.count, sectors.count <= limit else { throw damaged }
            sectors.append(sector)
            sector = table[sector]
        }
        return sectors
    }

    /// - Parameter mayBeCut: the file's last sector may lack its end.
    private static func sector(
        _ number: Int, of source: any RandomAccessSource, size: Int, mayBeCut: Bool = false
    ) throws(TableError) -> [UInt8] {
        let bytes = try read(source, at: (number + 1) * size, count: size)
        guard bytes.count == size || mayBeCut else { throw damaged }
        return bytes
    }

    private static func read(_ source: any RandomAccessSource, at offset: Int, count: Int) throws(TableError) -> [UInt8]
    {
        do { return try source.bytes(at: offset, count: count) } catch { throw .source(error) }
    }

    static let damaged = TableError.workbook(.damaged(part: "OLE2"))
}
