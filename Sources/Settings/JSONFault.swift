/// Finds where a text stops being JSON5: the decoder says only that it is none, and an author needs the line.
struct JSONFault {
    private let bytes: [UInt8]
    private var at = 0
    private var path: [String] = []
    private var lines: [String: Int] = [:]

    /// The line of each property, counted from 1, by its place: `plugins.store`, `fields[3].name`; as far as the text can be read.
    static func lines(in bytes: [UInt8]) -> [String: Int] {
        var scan = JSONFault(bytes: bytes)
        _ = scan.value(depth: 0)
        return scan.lines
    }

    /// The line of the first fault, counted from 1; nil where there is none to be found.
    static func line(in bytes: [UInt8]) -> Int? {
        var scan = JSONFault(bytes: bytes)
        if scan.value(depth: 0), scan.next() == nil { return nil }
        return scan.line
    }

    private var line: Int { 1 + bytes.prefix(at).count { $0 == UInt8(ascii: "\n") } }

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
        case UInt8(ascii: "{"):
            return members(until: "}") { scan, _ in
                guard scan.next() != nil else { return false }
                let (start, line) = (scan.at, scan.line)
                guard scan.name() else { return false }
                let name = String(decoding: scan.bytes[start..<scan.at], as: UTF8.self).filter { !"\"'".contains($0) }
                return scan.within(scan.path.isEmpty ? name : ".\(name)", line) {
                    $0.take(":") && $0.value(depth: depth + 1)
                }
            }
        case UInt8(ascii: "["):
            return members(until: "]") { scan, index in
                guard scan.next() != nil else { return false }
                return scan.within("[\(index)]", scan.line) { $0.value(depth: depth + 1) }
            }
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

    private mutating func within(_ step: String, _ line: Int, _ body: (inout JSONFault) -> Bool) -> Bool {
        path.append(step)
        lines[path.joined()] = line
        defer { path.removeLast() }
        return body(&self)
    }

    private mutating func members(until end: Unicode.Scalar, _ member: (inout JSONFault, Int) -> Bool) -> Bool {
        at += 1
        var index = 0
        while true {
            if take(end) { return true }
            guard member(&self, index) else { return false }
            index += 1
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
