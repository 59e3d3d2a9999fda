/// Markup of a picture as it grows. Text and attributes are escaped, so that no name becomes markup.
struct SVGText {
    private(set) var markup = ""

    mutating func open(_ tag: StaticString, _ attributes: [(String, String)] = []) {
        begin(tag, attributes)
        markup += ">"
    }

    mutating func close(_ tag: StaticString) { markup += "</\(tag)>" }

    mutating func empty(_ tag: StaticString, _ attributes: [(String, String)]) {
        begin(tag, attributes)
        markup += "/>"
    }

    mutating func text(_ tag: StaticString, _ attributes: [(String, String)], _ text: String) {
        open(tag, attributes)
        markup += Self.escape(text)
        close(tag)
    }

    /// The lines that lie over what is provisional.
    mutating func hatching(id: String) {
        open("defs")
        open(
            "pattern",
            [
                ("id", "\(id)-hatch"), ("width", "6"), ("height", "6"), ("patternUnits", "userSpaceOnUse"),
                ("patternTransform", "rotate(45)"),
            ])
        empty("path", [("d", "M0 0V6"), ("class", "hatch"), ("stroke", "currentColor"), ("stroke-opacity", ".28")])
        close("pattern")
        close("defs")
    }

    private mutating func begin(_ tag: StaticString, _ attributes: [(String, String)]) {
        markup += "<\(tag)"
        for (name, value) in attributes { markup += " \(name)=\"\(Self.escape(value))\"" }
    }

    /// Control characters, which XML does not allow, become blanks.
    static func escape(_ text: String) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): escaped += "&amp;".utf8
            case UInt8(ascii: "<"): escaped += "&lt;".utf8
            case UInt8(ascii: ">"): escaped += "&gt;".utf8
            case UInt8(ascii: "\""): escaped += "&quot;".utf8
            case 0..<0x20, 0x7F: escaped.append(0x20)
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// A coordinate with one decimal at most, the same on every machine.
    static func coordinate(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }
}
