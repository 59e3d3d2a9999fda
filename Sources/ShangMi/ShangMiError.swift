/// Cryptography that could not be done at all. What is wrong with sealed bytes is a `SealError`, a false signature or
/// password is `false`.
public enum ShangMiError: Error, Hashable, CustomStringConvertible {
    /// libgcrypt is missing something this room rests on.
    case library(found: String, needed: String)
    /// libgcrypt refused an operation, in its own words.
    case refused(operation: String, reason: String)
    /// A key, nonce or digest of the wrong size, in bytes.
    case wrongLength(of: String, is: Int, expected: Int)
    /// Text that should have been a key.
    case malformed(String)

    public var description: String {
        switch self {
        case .library(let found, let needed):
            "libgcrypt \(found) is installed; \(needed) is needed: apt-get install libgcrypt20"
        case .refused(let operation, let reason):
            "libgcrypt could not \(operation): \(reason)"
        case .wrongLength(let what, let count, let expected):
            "\(what) has \(count) bytes; \(expected) are needed"
        case .malformed(let what):
            "this is not \(what)"
        }
    }
}
