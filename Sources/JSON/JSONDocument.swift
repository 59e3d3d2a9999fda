/// A JSON text that was read strictly: UTF-8 without a byte order mark, no comments, no trailing commas, no name twice in an object.
///
/// A scan of our own, because no library of Debian's keeps where a value stands; tests hold its verdicts against jansson's.
///
/// Source: RFC 8259.
public struct JSONDocument: Sendable {
    public let root: JSONNode
    private let bytes: [UInt8]

    /// How deep objects and lists may be nested. Files of ours need eight.
    public static let maximumDepth = 64

    /// - Throws: `JSONError` with the first place that is no JSON.
    public init(_ bytes: [UInt8]) throws(JSONError) {
        self.bytes = bytes
        do throws(JSONScan.Fault) {
            root = try JSONScan.value(of: bytes)
        } catch {
            throw JSONError(
                position: JSONPosition(of: error.offset, in: bytes), isRepeatedName: error.isRepeatedName,
                zh: error.zh, en: error.en)
        }
    }

    /// The line and column of a byte of the text.
    public func position(of offset: Int) -> JSONPosition { JSONPosition(of: offset, in: bytes) }

    /// The place of a character of a string's text.
    ///
    /// - Parameters:
    ///   - character: counted from 1; an escape is one character.
    ///   - offset: where the string's value begins, its quote.
    public func position(ofCharacter character: Int, inStringAt offset: Int) -> JSONPosition {
        var at = offset + 1
        var left = character - 1
        while left > 0, at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\") {
                at += at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "u") ? 6 : 2
            } else {
                at += 1
                while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
            }
            left -= 1
        }
        return position(of: min(at, bytes.count))
    }
}
