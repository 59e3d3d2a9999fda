import JSON

/// JSON with comments (`// …`, `/* … */`), as people write settings, read strictly apart from them.
enum CommentedJSON {
    /// The text with its comments blanked, so that every line and column stays where it is. What stands in a string is no comment.
    static func withoutComments(_ text: [UInt8]) -> [UInt8] {
        var bytes = text
        var at = 0
        var isInString = false
        while at < bytes.count {
            let next = at + 1 < bytes.count ? bytes[at + 1] : 0
            switch bytes[at] {
            case UInt8(ascii: "\\") where isInString: at += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\n"): isInString = false
            case UInt8(ascii: "/") where !isInString && next == UInt8(ascii: "/"):
                while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
                    bytes[at] = 0x20
                    at += 1
                }
                continue
            case UInt8(ascii: "/") where !isInString && next == UInt8(ascii: "*"):
                var end = at + 2
                while end + 1 < bytes.count, !(bytes[end] == UInt8(ascii: "*") && bytes[end + 1] == UInt8(ascii: "/")) {
                    end += 1
                }
                // A comment without an end stays, and is told as what JSON does not have.
                guard end + 1 < bytes.count else { return bytes }
                for index in at..<(end + 2) where bytes[index] != UInt8(ascii: "\n") { bytes[index] = 0x20 }
                at = end + 2
                continue
            default: break
            }
            at += 1
        }
        return bytes
    }
}
