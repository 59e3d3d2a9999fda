public import Intake
public import ShangMi

/// The documents of a deployment, sealed as they came. Nothing is ever changed in place: another version is another document.
public struct DocumentFolder: Sendable {
    private let folder: SealedFolder
    private let random: RandomSource

    public init(_ folder: SealedFolder, random: RandomSource) {
        self.folder = folder
        self.random = random
    }

    /// Seals a document; durable when this returns.
    ///
    /// - Returns: its id, and the SM3 digest of its bytes.
    public func store(_ bytes: [UInt8]) throws -> (id: String, sm3: String) {
        let id = Hex.encode(random.bytes(16))
        let writer = try folder.begin(id)
        do {
            try bytes.withUnsafeBytes { try writer.write($0) }
            try writer.finish()
        } catch {
            writer.abandon()
            throw error
        }
        return (id, SM3.digest(bytes).hex)
    }

    /// The bytes of a document as they came.
    ///
    /// - Throws: `IntakeError.damaged` where they are not what was sealed.
    public func read(_ id: String) throws -> [UInt8] {
        let content = try folder.open(id)
        var bytes = [UInt8](repeating: 0, count: content.size)
        let count = try bytes.withUnsafeMutableBytes { try content.read(at: 0, into: $0) }
        guard count == bytes.count else { throw IntakeError.damaged(path: folder.path + "/" + id, detail: "cut off") }
        return bytes
    }
}
