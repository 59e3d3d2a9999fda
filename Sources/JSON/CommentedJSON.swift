/// Makes JSON of a file of settings that holds comments, trailing commas, single quotes or names without quotes (JSON5).
///
/// What stands in a line stays in it, so that a mistake keeps its line. Other liberties of JSON5 stay as they are, and the strict
/// reader refuses them there.
public enum CommentedJSON {
    public static func strict(_ bytes: [UInt8]) -> [UInt8] {
        var rewriter = Rewriter(bytes: bytes)
        return rewriter.run()
    }

    private struct Rewriter {
        let bytes: [UInt8]
        var at = 0
        var output: [UInt8] = []

        mutating func run() -> [UInt8] {
            output.reserveCapacity(bytes.count + 64)
            while at < bytes.count {
                let byte = bytes[at]
                if let end = endOfComment(at) {
                    output += bytes[at..<end].filter { $0 == UInt8(ascii: "\n") }
                    output.append(UInt8(ascii: " "))
                    at = end
                } else if byte == UInt8(ascii: "\"") {
                    copyString()
                } else if byte == UInt8(ascii: "'") {
                    rewriteString()
                } else if byte == UInt8(ascii: ","),
                    [UInt8(ascii: "}"), UInt8(ascii: "]")].contains(next(after: at + 1))
                {
                    at += 1
                } else if isWordStart(byte) {
                    let end = bytes[at...].firstIndex { !isWordStart($0) && !(0x30...0x39).contains($0) } ?? bytes.count
                    let isName = next(after: end) == UInt8(ascii: ":")
                    if isName { output.append(UInt8(ascii: "\"")) }
                    output += bytes[at..<end]
                    if isName { output.append(UInt8(ascii: "\"")) }
                    at = end
                } else {
                    output.append(byte)
                    at += 1
                }
            }
            return output
        }

        private func isWordStart(_ byte: UInt8) -> Bool {
            (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
        }

        /// Where the comment that begins here ends; nil where none does.
        private func endOfComment(_ place: Int) -> Int? {
            guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "/") else { return nil }
            if bytes[place + 1] == UInt8(ascii: "/") {
                return bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            }
            guard bytes[place + 1] == UInt8(ascii: "*") else { return nil }
            var end = place + 2
            while end < bytes.count, !bytes[end...].starts(with: "*/".utf8) { end += 1 }
            return min(end + 2, bytes.count)
        }

        /// The next byte from a place on that is neither blank nor comment.
        private func next(after place: Int) -> UInt8? {
            var place = place
            while place < bytes.count {
                if let end = endOfComment(place) {
                    place = end
                } else if bytes[place] <= 0x20 {
                    place += 1
                } else {
                    return bytes[place]
                }
            }
            return nil
        }

        private mutating func copyString() {
            output.append(bytes[at])
            at += 1
            while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
                let byte = bytes[at]
                output.append(byte)
                at += 1
                if byte == UInt8(ascii: "\"") { return }
                if byte == UInt8(ascii: "\\"), at < bytes.count {
                    output.append(bytes[at])
                    at += 1
                }
            }
        }

        private mutating func rewriteString() {
            output.append(UInt8(ascii: "\""))
            at += 1
            while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
                let byte = bytes[at]
                at += 1
                switch byte {
                case UInt8(ascii: "'"):
                    output.append(UInt8(ascii: "\""))
                    return
                case UInt8(ascii: "\""): output += "\\\"".utf8
                case UInt8(ascii: "\\") where at < bytes.count:
                    if bytes[at] != UInt8(ascii: "'") { output.append(byte) }
                    output.append(bytes[at])
                    at += 1
                default: output.append(byte)
                }
            }
        }
    }
}
