public import ShangMi
import Synchronization

/// Seals single values of the database that may name a patient: the names hospitals give to files do.
///
/// Its key lies sealed in the key folder, so a change of the master key covers it.
public final class FieldSeal: Sendable {
    private let random: RandomSource
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var cipher: SM4GCM
        var code: HMACSM3
    }

    private static let keyName = "fields"
    private static let codeKeyByteCount = 32

    /// Reads the key from a folder of sealed keys, and makes it where there is none.
    ///
    /// - Parameter mayMake: false takes a key that is not there for a lost one.
    /// - Throws: `IntakeError.noKey`, `.damaged`, `.malformedKey`.
    public init(folder: SealedFolder, random: RandomSource = .strong, mayMake: Bool = true) throws {
        self.random = random
        if !folder.contains(Self.keyName) {
            guard mayMake else { throw IntakeError.noKey(path: folder.path + "/" + Self.keyName) }
            let writer = try folder.begin(Self.keyName)
            try SymmetricKey(byteCount: SM4GCM.keyByteCount + Self.codeKeyByteCount, from: random)
                .withUnsafeBytes { try writer.write($0) }
            try writer.finish()
        }
        let content = try folder.open(Self.keyName)
        var bytes = [UInt8](repeating: 0, count: SM4GCM.keyByteCount + Self.codeKeyByteCount)
        guard content.size == bytes.count,
            try bytes.withUnsafeMutableBytes({ try content.read(at: 0, into: $0) }) == bytes.count
        else { throw IntakeError.malformedKey(path: folder.path + "/" + Self.keyName) }
        state = Mutex(
            State(
                cipher: try SM4GCM(key: SymmetricKey(bytes: Array(bytes[..<SM4GCM.keyByteCount]))),
                code: try HMACSM3(key: SymmetricKey(bytes: Array(bytes[SM4GCM.keyByteCount...])))))
    }

    /// Seals a value for one place, such as `file_name/01J…`: in another place it does not open.
    public func seal(_ plain: [UInt8], place: String) throws -> [UInt8] {
        let nonce = random.bytes(SM4GCM.nonceByteCount)
        return nonce
            + (try state.withLock { try $0.cipher.seal(plain, nonce: nonce, additionalData: Array(place.utf8)) })
    }

    /// - Throws: `IntakeError.damaged` where it is not what was sealed for this place.
    public func open(_ sealed: [UInt8], place: String) throws -> [UInt8] {
        let nonce = Array(sealed.prefix(SM4GCM.nonceByteCount))
        let rest = Array(sealed.dropFirst(SM4GCM.nonceByteCount))
        guard nonce.count == SM4GCM.nonceByteCount,
            let plain = try state.withLock({ try $0.cipher.open(rest, nonce: nonce, additionalData: Array(place.utf8)) }
            )
        else {
            throw IntakeError.damaged(
                path: place, detail: "sealed under another key, or altered; take database and keys from the same backup"
            )
        }
        return plain
    }

    public func seal(_ text: String, place: String) throws -> [UInt8] { try seal(Array(text.utf8), place: place) }

    public func openText(_ sealed: [UInt8], place: String) throws -> String {
        String(decoding: try open(sealed, place: place), as: UTF8.self)
    }

    /// 32 bytes that only the holder of the key can make for a place and a text.
    func proof(_ bytes: [UInt8], place: String) -> [UInt8] {
        state.withLock { $0.code.code(Array("proof/\(place)/".utf8) + bytes).bytes }
    }

    /// A code by which equal texts are found again, and nothing else is.
    public func code(_ text: String) -> String { state.withLock { $0.code.code(Array(text.utf8)).hex } }
}
