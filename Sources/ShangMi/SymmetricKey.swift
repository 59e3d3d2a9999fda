import Glibc

/// A secret key. Its bytes are wiped when the last copy goes, and it never prints itself.
public struct SymmetricKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let storage: Storage

    public init(bytes: [UInt8]) {
        storage = Storage(count: bytes.count)
        storage.bytes.copyBytes(from: bytes)
    }

    /// A new key from a source of randomness.
    public init(byteCount: Int, from random: RandomSource) {
        storage = Storage(count: byteCount)
        random.fill(storage.bytes)
    }

    /// - Parameter hex: As a key file holds it, two digits a byte; otherwise nil.
    public init?(hex: String) {
        guard var bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
        wipe(&bytes)
    }

    public var byteCount: Int { storage.bytes.count }

    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(storage.bytes)) }
    }

    /// The key in clear, for the key file alone.
    public var exposedHex: String { withUnsafeBytes { Hex.encode($0) } }

    public static func == (left: Self, right: Self) -> Bool {
        left.withUnsafeBytes { left in right.withUnsafeBytes { right in constantTimeEqual(left, right) } }
    }

    public var description: String { "SymmetricKey(\(byteCount) bytes)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Never written after the initialiser that made it, hence safe to share.
    private final class Storage: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer

        init(count: Int) { bytes = .allocate(byteCount: count, alignment: 16) }

        deinit {
            if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
            bytes.deallocate()
        }
    }
}

/// Overwrites secret bytes in a way the compiler may not leave out.
func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } }
}

/// Whether two secrets are equal, in a time that tells nothing about where they differ; their lengths are no secret.
public func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in 0..<left.count { difference |= left[index] ^ right[index] }
    return difference == 0
}

public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { right in constantTimeEqual(left, right) } }
}
