public import SurveillanceKit

/// Writes a document for print as a file of one format.
public protocol DocumentPrinter: Plugin {
    /// Without the dot.
    static var fileExtension: String { get }
    static var mediaType: String { get }

    /// - Throws: `UnprintableText` where no font has a character; nothing is left out silently.
    func file(of document: PrintedDocument) throws -> [UInt8]
}

/// A text holds characters that no installed font has.
public struct UnprintableText: Error, Hashable, Sendable, CustomStringConvertible {
    /// The characters, each once.
    public var characters: String

    public init(characters: String) { self.characters = characters }

    public var message: BilingualText {
        BilingualText(
            zh: "服务器上没有字体含有这些字符：\(characters)；请安装 fonts-wqy-microhei 或 fonts-noto-cjk",
            en:
                "no font on the server has these characters: \(characters); install fonts-wqy-microhei or fonts-noto-cjk"
        )
    }

    public var description: String { message.en }
}
