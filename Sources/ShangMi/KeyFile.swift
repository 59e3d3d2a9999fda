/// Master keys as a file holds them: 32 hexadecimal digits a line, the current key first; `#` begins a comment.
///
/// The file is the embedded default. Whoever reads and writes it keeps it readable by its owner alone.
public struct KeyFile: Sendable {
    /// The newest first.
    public private(set) var keys: [SymmetricKey]

    /// A new file with one key.
    public init(from random: RandomSource) {
        keys = [SymmetricKey(byteCount: SM4GCM.keyByteCount, from: random)]
    }

    /// - Throws: `ShangMiError.malformed`, naming the line and never what stands there.
    public init(text: String) throws(ShangMiError) {
        keys = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let digits = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
            if digits.isEmpty { continue }
            guard let key = SymmetricKey(hex: digits), key.byteCount == SM4GCM.keyByteCount else {
                throw .malformed("a key file: line \(index + 1) should hold 32 hexadecimal digits")
            }
            keys.append(key)
        }
        if keys.isEmpty { throw .malformed("a key file: it holds no key") }
    }

    /// The keys in clear, for the file alone.
    public var exposedText: String {
        "# Master keys of this platform, the current one first. Whoever has them can read every upload that is kept.\n"
            + keys.map { $0.exposedHex + "\n" }.joined()
    }

    /// Puts a new key first. The earlier ones stay until everything under them has been rewrapped.
    public mutating func rotate(from random: RandomSource) {
        keys.insert(SymmetricKey(byteCount: SM4GCM.keyByteCount, from: random), at: 0)
    }

    /// Keeps the current key alone: once nothing is sealed under the others.
    public mutating func dropEarlier() { keys.removeLast(keys.count - 1) }

    public func ring() throws(ShangMiError) -> KeyRing {
        guard let current = keys.first else { throw .malformed("a key file: it holds no key") }
        return try KeyRing(current: current, earlier: Array(keys.dropFirst()))
    }
}
