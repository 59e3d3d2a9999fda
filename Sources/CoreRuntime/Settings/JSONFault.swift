/// Finds where a text stops being JSON5: the decoder says only that it is none, and an author needs the line.
struct JSONFault {
    private let bytes: [UInt8]
    private var at = 0

    /// The line of the first fault, counted from 1; nil where there is none to be found.
    static func line(in bytes: [UInt8]) -> Int? {
        var scan = JSONFault(bytes: bytes)
        if scan.value(depth: 0), scan.next() == nil { return nil }
        return 1 + bytes.prefix(scan.at).count { $0 == UInt8(ascii: "\n") }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next byte that is neither blank nor comment, not yet taken.
    private mutating func next() -> UInt8? {
        while at < bytes.count {
            let rest = bytes[at...]
            if rest.starts(with: "//".utf8) {
                at = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            } else if rest.starts(with: "/*".utf8) {
                at += 2
                while at < bytes.count, !bytes[at...].starts(with: "*/".utf8) { at += 1 }
                at = min(at + 2, bytes.count)
            } else if bytes[at] <= 0x20 {
                at += 1
            } else if rest.starts(with: [0xEF, 0xBB, 0xBF]) {
                at += 3
            } else {
                return bytes[at]
            }
        }
        return nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next() == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) -> Bool {
        guard depth < 64, let first = next() else { return false }
        switch first {
        case UInt8(ascii: "{"): return members(until: "}") { $0.name() && $0.take(":") && $0.value(depth: depth + 1) }
        case UInt8(ascii: "["): return members(until: "]") { $0.value(depth: depth + 1) }
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return string(first)
        default:
            let start = at
            let word = self.word()
            if ["true", "false", "null", "Infinity", "NaN"].contains(word)
                || word.first.map({ "+-.0123456789".contains($0) }) == true
            {
                return true
            }
            at = start
            return false
        }
    }

    private mutating func members(until end: Unicode.Scalar, _ member: (inout JSONFault) -> Bool) -> Bool {
        at += 1
        while true {
            if take(end) { return true }
            guard member(&self) else { return false }
            if take(",") { continue }
            return take(end)
        }
    }

    private mutating func name() -> Bool {
        guard let first = next() else { return false }
        return first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") ? string(first) : !word().isEmpty
    }

    private mutating func string(_ quote: UInt8) -> Bool {
        let start = at
        at += 1
        while at < bytes.count, bytes[at] != quote, bytes[at] != UInt8(ascii: "\n") {
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at < bytes.count, bytes[at] == quote else {
            at = start
            return false
        }
        at += 1
        return true
    }

    private mutating func word() -> String {
        let start = at
        while at < bytes.count, bytes[at] > 0x20, !"{}[],:\"'/".utf8.contains(bytes[at]) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }
}
