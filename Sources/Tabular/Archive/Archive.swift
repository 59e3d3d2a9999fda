/// A zip archive, read strictly: what it says twice must agree, and every byte of it has an owner.
///
/// The directory is read and checked when the archive is opened, the content of an entry only while somebody pulls at
/// it. What is wrong with one entry is told there and stops no other; what makes the whole doubtful is thrown.
///
/// - Complexity: opening reads the directory and each entry's head, in memory that `ArchiveLimits` bounds.
public struct Archive: Sendable {
    /// The files in the directory's order, without folders and without `SideFile`s.
    public let entries: [ArchiveEntry]

    /// - Throws: `SourceError.archive` where the archive cannot be trusted, `.unreadable` where the source failed.
    public init(_ source: any RandomAccessSource, limits: ArchiveLimits = ArchiveLimits()) throws(SourceError) {
        let end = try EndRecord(of: source)
        guard end.count <= limits.maximumEntries else {
            throw .archive(.tooManyEntries(end.count, limit: limits.maximumEntries))
        }
        guard end.directory.count <= limits.maximumDirectorySize else {
            throw .archive(.directoryTooLarge(end.directory.count, limit: limits.maximumDirectorySize))
        }
        let bytes = try source.bytes(at: end.directory.lowerBound, count: end.directory.count)
        guard bytes.count == end.directory.count else { throw .archive(.cutOff) }

        let headers: [DirectoryHeader]
        do throws(ArchiveError) {
            headers = try DirectoryHeader.all(
                in: bytes, count: end.count, archiveSize: source.size, limits: limits)
            try Archive.checkTotal(of: headers, limits: limits)
        } catch {
            throw .archive(error)
        }
        let heads = try Archive.heads(
            of: headers, in: source, directoryStart: end.directory.lowerBound, limits: limits)
        let names = Dictionary(grouping: headers.filter { $0.name.fault == nil }, by: \.name.text)
        entries = zip(headers, heads).compactMap { header, head in
            let fault = header.fault ?? head.fault
            if header.isSkipped, fault == nil { return nil }
            let isDuplicate = (names[header.name.text]?.count ?? 0) > 1
            return ArchiveEntry(
                header, data: head.data, fault: fault ?? (isDuplicate ? .duplicateName : nil), source: source)
        }
    }

    private static func checkTotal(of headers: [DirectoryHeader], limits: ArchiveLimits) throws(ArchiveError) {
        var total = 0
        for header in headers where header.fault == nil {
            let (sum, overflow) = total.addingReportingOverflow(header.size)
            guard !overflow, sum <= limits.maximumTotalSize else {
                throw .totalTooLarge(overflow ? .max : sum, limit: limits.maximumTotalSize)
            }
            total = sum
        }
    }

    /// Reads each entry's own head, and makes sure that head, data and descriptor reach from one entry to the next
    /// without overlap or gap.
    private static func heads(
        of headers: [DirectoryHeader], in source: any RandomAccessSource, directoryStart: Int,
        limits: ArchiveLimits
    ) throws(SourceError) -> [LocalHead] {
        var heads = [LocalHead?](repeating: nil, count: headers.count)
        let order = headers.indices.sorted { headers[$0].offset < headers[$1].offset }
        let first = order.first.map { headers[$0].offset } ?? directoryStart
        guard first == 0 else { throw .archive(.strayBytes(offset: 0, count: first)) }

        for (rank, index) in order.enumerated() {
            let header = headers[index]
            let next = rank + 1 < order.count ? headers[order[rank + 1]] : nil
            let limit = next?.offset ?? directoryStart
            guard header.offset < limit, limit <= directoryStart else {
                throw .archive(.overlap(name: header.name.text, other: next?.name.text))
            }
            heads[index] = try LocalHead(
                of: header, in: source, limit: limit, next: next?.name.text, limits: limits)
        }
        return heads.compactMap { $0 }
    }
}
