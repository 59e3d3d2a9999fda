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

    /// An id for a document that is to be stored.
    public func newID() -> String { Hex.encode(random.bytes(16)) }

    /// Seals a document under an id that is not taken; durable when this returns.
    ///
    /// - Returns: the SM3 digest of its bytes.
    public func store(_ bytes: [UInt8], as id: String) throws -> String {
        let writer = try folder.begin(id)
        do {
            try bytes.withUnsafeBytes { try writer.write($0) }
            try writer.finish()
        } catch {
            writer.abandon()
            throw error
        }
        return SM3.digest(bytes).hex
    }

    /// Removes documents, durably; those that are gone already are passed over.
    public func remove(_ ids: [String]) throws {
        for id in ids { try folder.remove(id) }
        if !ids.isEmpty { try folder.makeDurable() }
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
