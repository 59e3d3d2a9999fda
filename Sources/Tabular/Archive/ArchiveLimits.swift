/// How much an archive may hold. Whoever opens it may set each; each has an answer of its own when it is passed.
public struct ArchiveLimits: Hashable, Sendable {
    /// Files and folders together.
    public var maximumEntries = 1_000
    /// Bytes of one file, unpacked.
    public var maximumEntrySize = 1 << 30
    /// Bytes of all files together, unpacked.
    public var maximumTotalSize = 2 << 30
    /// Unpacked bytes for a packed one. Reports pack 5 to 60 times; deflate can reach 1,032.
    public var maximumRatio = 200
    /// The unpacked size up to which any ratio is harmless.
    public var ratioAppliesAboveSize = 16 << 20
    /// Characters of a name with its folders.
    public var maximumNameLength = 255
    /// Bytes of the archive's directory, which is held in memory while it is read.
    public var maximumDirectorySize = 4 << 20

    public init() {}
}
