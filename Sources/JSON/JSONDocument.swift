import CJansson

/// A JSON text that was read strictly: UTF-8 without a byte order mark, no comments, no trailing commas, no name twice in an object.
///
/// jansson decides what is JSON. A scan of our own reads the accepted bytes once more, because jansson does not keep where a value
/// stands; of refused bytes the scan tells the place and the reason.
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
        let refusal = JSONDocument.refusal(of: bytes)
        do throws(JSONScan.Fault) {
            root = try JSONScan.value(of: bytes, isUTF8: refusal == nil)
        } catch {
            throw JSONError(
                position: JSONPosition(of: error.offset, in: bytes), isRepeatedName: error.isRepeatedName,
                zh: error.zh, en: error.en)
        }
        if let refusal { throw refusal }
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

    /// Nil where jansson takes the text.
    private static func refusal(of bytes: [UInt8]) -> JSONError? {
        var error = json_error_t()
        let flags = Int(JSON_REJECT_DUPLICATES) | Int(JSON_DECODE_ANY)
        let read = bytes.withUnsafeBytes { json_loadb($0.baseAddress, $0.count, flags, &error) }
        guard let read else {
            let reason = withUnsafeBytes(of: error.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return JSONError(
                position: JSONPosition(of: max(0, Int(error.position) - 1), in: bytes), isRepeatedName: false,
                zh: "不是 JSON：\(reason)",
                en: "is no JSON: \(reason)")
        }
        json_decref(read)
        return nil
    }
}
