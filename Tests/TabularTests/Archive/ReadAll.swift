import Testing

@testable import Tabular

/// Everything a source gives, read by so many bytes at a time.
func readAll(_ source: some ByteSource, chunk: Int = 64 << 10) throws -> [UInt8] {
    var source = source
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunk)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        try #require(count <= chunk)
        if count == 0 { return all }
        all += buffer[..<count]
    }
}

/// The fault of an archive, or else the first one among its entries as they are read.
func firstFault(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws -> ArchiveError? {
    do {
        let archive = try Archive(BytesSource(bytes), limits: limits)
        for entry in archive.entries { _ = try readAll(entry.open()) }
        return nil
    } catch SourceError.archive(let error) {
        return error
    }
}

/// Names and contents of all entries.
func contents(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits(), chunk: Int = 64 << 10) throws -> [String] {
    try Archive(BytesSource(bytes), limits: limits).entries.map { entry in
        "\(entry.name): \(String(decoding: try readAll(entry.open(), chunk: chunk), as: UTF8.self))"
    }
}
