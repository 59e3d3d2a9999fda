import Tabular

/// The archive reader: what it accepts gives as many bytes as it declares, within the limits, and the same again.
enum ArchiveFuzzing {
    private static let limits: ArchiveLimits = {
        var limits = ArchiveLimits()
        limits.maximumEntries = 64
        limits.maximumEntrySize = 1 << 20
        limits.maximumTotalSize = 2 << 20
        return limits
    }()

    static func run(_ bytes: [UInt8]) {
        guard let archive = try? Archive(BytesSource(bytes), limits: limits) else { return }
        precondition(archive.entries.count <= limits.maximumEntries)
        var total = 0
        for entry in archive.entries {
            guard let read = content(of: entry, chunk: 4096) else { continue }
            precondition(!entry.name.isEmpty && !entry.name.contains("\0"))
            precondition(read.count == entry.size && read.count <= limits.maximumEntrySize)
            precondition(content(of: entry, chunk: 61) == read, "in other pieces the content is another")
            total += read.count
        }
        precondition(total <= limits.maximumTotalSize)
    }

    private static func content(of entry: ArchiveEntry, chunk: Int) -> [UInt8]? {
        guard var source: any ByteSource = try? entry.open() else { return nil }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            guard let count = try? buffer.withUnsafeMutableBytes({ try source.read(into: $0) }) else { return nil }
            if count == 0 { return all }
            all += buffer[..<count]
        }
    }
}
