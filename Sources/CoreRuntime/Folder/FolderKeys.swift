import Foundation
import Intake
import ShangMi

/// Every key of a data folder, read.
struct FolderKeys: Sendable {
    let folders: SealedFolders
    let seal: FieldSeal
    let pseudonyms: SymmetricKey
    let receipts: SM2PrivateKey

    /// - Parameter mayMake: makes what is not there; only for a new data folder.
    /// - Throws: `DataFolderError`, `IntakeError.keyOpenToOthers`.
    init(_ root: URL, random: RandomSource, fileSystem: FileSystem, mayMake: Bool) throws {
        try self.init(
            SealedFolders(root, random: random, fileSystem: fileSystem, mayMake: mayMake), root, random: random,
            mayMake: mayMake)
    }

    init(_ folders: SealedFolders, _ root: URL, random: RandomSource, mayMake: Bool) throws {
        self.folders = folders
        func path(_ name: String) -> String { root.appendingPathComponent(name).path }
        (seal, receipts, pseudonyms) = try DataFolderError.naming {
            let seal = try FieldSeal(folder: folders.smallKeys, random: random, mayMake: mayMake)
            guard mayMake else {
                let number = try KeyFile.read(path("receipt-key/receipt.key"), byteCount: 32)
                guard let key = try SM2PrivateKey(bytes: number.withUnsafeBytes { Array($0) }) else {
                    throw IntakeError.malformedKey(path: path("receipt-key/receipt.key"))
                }
                return (seal, key, try KeyFile.read(path("pseudonyms/pseudonym.key"), byteCount: 32))
            }
            return (
                seal, try ReceiptKey.load(path("receipt-key"), random: random),
                try KeyFile.readOrMake(path("pseudonyms/pseudonym.key"), byteCount: 32, random: random)
            )
        }
    }

    /// By what each key is recognised as this folder's: a keyed code of the identity, or what follows from the key itself.
    ///
    /// - Parameter identity: another data folder's key gives another value.
    func checks(_ identity: FolderIdentity) throws -> [(name: String, value: String)] {
        let place = "data folder \(identity.text)"
        return [
            ("sealed-keys", seal.code(place)),
            ("pseudonyms", try HMACSM3.code(Array(place.utf8), key: pseudonyms).hex),
            ("receipt-key", SignedReceipt.keyID(receipts.publicKey)),
        ] + folders.keys.keyIDs.map { ("keys", $0) }
    }
}

extension DataFolderError {
    /// Runs `body` and says of a key that it is missing or damaged as the data folder's check says it.
    static func naming<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch IntakeError.noKey(let path) {
            throw DataFolderError.missing(path: path)
        } catch IntakeError.malformedKey(let path) {
            throw FileSize.isEmpty(path)
                ? DataFolderError.empty(path: path)
                : .damaged(path: path, detail: "it holds no key")
        } catch IntakeError.damaged(let path, let detail) {
            throw DataFolderError.damaged(path: path, detail: detail)
        }
    }
}

/// Sizes of files.
enum FileSize {
    /// Whether a file is there and holds nothing.
    static func isEmpty(_ path: String) -> Bool {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return size == 0
    }
}
