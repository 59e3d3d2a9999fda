/// What is said of a row whose parent was rejected: nothing is wrong with the row itself, and it goes with its parent's correction.
///
/// The words are written and recognised here, so that a page can fold such findings into one line.
public struct RejectedParent: Hashable, Sendable {
    /// The parent's file type.
    public var fileType: String
    /// The parent's row in its file.
    public var row: Int

    /// What is said of such a row; `{}` stands for the parent's row.
    public static func message(fileType: String, title: BilingualText) -> BilingualText {
        BilingualText(
            zh: "所属的 \(fileType)（\(title.zh)）记录（第 {} 行）被退回，该行随之暂不接收；改正那一行后一并重报",
            en: "row {} of \(fileType) (\(title.en))\(ending); correct that row and send both again")
    }

    /// Nil for every other finding.
    public init?(_ line: FindingLine) {
        guard line[.code]?.elementsEqual(RejectedParent.code) == true, let message = line.text(.message, .en) else {
            return nil
        }
        self.init(message: message)
    }

    /// Reads it from the English words.
    init?(message: String) {
        guard message.hasPrefix("row "), message.contains(RejectedParent.ending) else { return nil }
        let words = message.split(separator: " ", maxSplits: 4)
        guard words.count == 5, words[2] == "of", let row = Int(words[1]) else { return nil }
        self.row = row
        fileType = String(words[3])
    }

    private static let ending = ", to which this one belongs, was rejected"
    private static let code = Array("\"\(FindingCode.foreignKey.rawValue)\"".utf8)
}
