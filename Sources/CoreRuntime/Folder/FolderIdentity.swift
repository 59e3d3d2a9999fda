import Foundation
import Intake
import ShangMi

/// Which data folder something belongs to: a random number made at the first start.
///
/// It stands in the file `identity` of the data folder and of each folder in it, in every database, and is bound into a check
/// value of every key. What does not bear it was not here before.
struct FolderIdentity: Hashable, Sendable {
    static let file = SealedFolder.mark
    /// Stands in place of the data folder's `identity` until everything in it bears the identity.
    static let pendingFile = SealedFolder.mark + ".pending"

    /// The folders that a data folder holds.
    static let folders = ["spool", "findings", "keys", "sealed-keys", "pseudonyms", "receipt-key"]

    /// 32 hexadecimal digits.
    let text: String

    init(random: RandomSource) { text = Hex.encode(random.bytes(16)) }

    init?(_ text: String) {
        guard text.utf8.count == 32, text.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return nil }
        self.text = text
    }

    // MARK: Files

    private static let title = "Vedette data folder"

    /// - Parameter folder: the name of the folder in which the file stands, empty for the data folder itself.
    func write(to path: String, folder: String) throws {
        let place = folder.isEmpty ? "." : folder
        try DurableText.write("\(Self.title)\nidentity \(text)\nfolder \(place)\n", to: path)
    }

    /// Reads the file `identity` of a folder; nil where there is none.
    ///
    /// - Throws: `DataFolderError.damaged`, and `.foreign` where it was written for a folder of another name.
    static func read(_ path: String, folder: String) throws -> FolderIdentity? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0] == title, lines[1].hasPrefix("identity "), lines[2].hasPrefix("folder "),
            let identity = FolderIdentity(String(lines[1].dropFirst(9)))
        else { throw DataFolderError.damaged(path: path, detail: "it is not what was written here") }
        guard lines[2].dropFirst(7) == (folder.isEmpty ? "." : folder) else {
            throw DataFolderError.foreign(path: path)
        }
        return identity
    }
}
