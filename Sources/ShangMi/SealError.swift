/// Why sealed bytes cannot be opened, or no longer be added to.
public enum SealError: Error, Hashable, CustomStringConvertible {
    /// They do not begin as sealed bytes do.
    case notSealed
    /// They were sealed by a later version of the format.
    case unsupportedVersion(Int)
    /// The master key they were sealed under is not in the ring.
    case unknownKey(KeyID, known: [KeyID])
    /// They end before their last chunk.
    case truncated
    /// They are not what was sealed, or not under this context: altered, put in another order, lengthened, or cut amid
    /// a chunk.
    ///
    /// `chunk` counts from 0; nil is the header.
    case tampered(chunk: Int?)
    /// 2³² chunks of 64 KiB are full: 256 TiB.
    case tooLong
    /// The writer has finished, or a sink failed before: what was written is no whole sealed file.
    case writerEnded

    public var description: String {
        switch self {
        case .notSealed: "this is not a sealed file of Vedette"
        case .unsupportedVersion(let version):
            "sealed in format \(version), which this version of Vedette does not read; use a later one"
        case .unknownKey(let id, let known):
            "sealed under master key \(id); the key file has \(known.map(\.description).joined(separator: ", "))"
        case .truncated: "the sealed file ends too early; take it from a backup"
        case .tampered(nil): "the sealed file's header is not what was written; take it from a backup"
        case .tampered(let chunk?):
            "the sealed file is not what was written, from chunk \(chunk) on; take it from a backup"
        case .tooLong: "more than a sealed file can hold (256 TiB)"
        case .writerEnded: "the sealed file has been ended, or writing it failed; begin a new one"
        }
    }
}
