import Dispatch
import Synchronization

/// The uploads as they arrived, each in a sealed file named by its submission.
///
/// What `SpoolFile.finish` has returned for outlasts a power cut. Whether it counts is the submission log's word. A file that the
/// log does not know is set apart and kept: it was not acknowledged, or the log is not the one that knew it.
public final class Spool: Sendable {
    public let folder: SealedFolder
    /// The plain bytes that one upload may have.
    public let maximumBytes: Int
    /// What must be left on the disk, so that everything already received can still be processed.
    public let reserveBytes: Int
    /// What the uploads under way may still write.
    private let promised = Mutex<Int>(0)
    private let origins: OriginBlock
    private let syncing = Queues("spool.sync", count: 8)
    private let digesting = Queues("spool.digest", count: 4)

    /// - Parameter seal: proves what stands behind an upload's bytes.
    public init(folder: SealedFolder, maximumBytes: Int, reserveBytes: Int, seal: FieldSeal) {
        origins = OriginBlock(seal: seal)
        self.folder = folder
        self.maximumBytes = maximumBytes
        self.reserveBytes = reserveBytes
    }

    /// Begins an upload.
    ///
    /// - Parameters:
    ///   - expectedBytes: The length that the client has announced, nil where it has not.
    ///   - maximumBytes: Another limit than the spool's, for a package of several files.
    /// - Throws: `IntakeError.tooLarge` at once for an announced length beyond the limit, `.belowReserve`, `.poisoned`.
    public func begin(_ id: SubmissionID, expectedBytes: Int? = nil, maximumBytes: Int? = nil) throws -> SpoolFile {
        let maximumBytes = maximumBytes ?? self.maximumBytes
        let promise = expectedBytes ?? maximumBytes
        guard promise <= maximumBytes else { throw IntakeError.tooLarge(maximumBytes: maximumBytes) }
        try folder.checkPoison()
        let available = try IntakeError.at(folder.path) { try folder.fileSystem.availableBytes(folder.path) }
        try promised.withLock { promised in
            guard available - promised - promise >= reserveBytes else {
                throw IntakeError.belowReserve(availableBytes: available - promised, reserveBytes: reserveBytes)
            }
            promised += promise
        }
        do {
            return SpoolFile(
                id, writer: try folder.begin(id.description), digest: try UploadDigest(queue: digesting.next()),
                maximumBytes: maximumBytes, queue: syncing.next(), promise: promise,
                originBytes: { [origins] in try origins.bytes($0, of: id) }
            ) { [self] bytes in promised.withLock { $0 -= bytes } }
        } catch {
            promised.withLock { $0 -= promise }
            throw error
        }
    }

    /// The plain bytes of an upload, readable anywhere.
    ///
    /// - Throws: `IntakeError.notKept` where they are not in the spool.
    public func open(_ id: SubmissionID) throws -> SealedContent {
        guard contains(id) else { throw IntakeError.notKept(id) }
        return try origins.split(folder.open(id.description), of: id).upload
    }

    /// The plain bytes of an upload that was set apart, and where it came from; nil where that is not known.
    public func openApart(_ id: SubmissionID) throws -> (upload: SealedContent, origin: UploadOrigin?) {
        try origins.split(folder.openApart(id.description), of: id)
    }

    /// All uploads that were set apart.
    public func idsApart() throws -> [SubmissionID] { try folder.namesApart().compactMap { SubmissionID($0) } }

    public func contains(_ id: SubmissionID) -> Bool { folder.contains(id.description) }

    public func remove(_ id: SubmissionID) throws { try folder.remove(id.description) }

    /// All uploads that are whole.
    public func ids() throws -> [SubmissionID] { try folder.names().compactMap { SubmissionID($0) } }
}

/// Serial queues that take turns. Each has a thread of the system to itself, so that what waits for the disk or digests holds none of
/// Swift's cooperative pool.
///
/// Several, because a file system makes syncs durable together that come at the same time, and a machine has several cores.
private final class Queues: Sendable {
    private let queues: [DispatchQueue]
    private let turn = Atomic<Int>(0)

    init(_ label: String, count: Int) { queues = (0..<count).map { DispatchQueue(label: "\(label).\($0)") } }

    func next() -> DispatchQueue {
        queues[(turn.wrappingAdd(1, ordering: .relaxed).oldValue & Int.max) % queues.count]
    }
}
