import FoundationEssentials

/// Blocks of PEM: what stands between `-----BEGIN …-----` and `-----END …-----`, whatever stands around them.
///
/// Source: RFC 7468, read with any line ends and blanks.
enum PEMText {
    /// The blocks of a label, in their order; nil where one has no end or is no base64.
    static func blocks(_ label: String, in text: String) -> [[UInt8]]? {
        var (blocks, inner): ([[UInt8]], String?) = ([], nil)
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.filter { $0 != " " && $0 != "\t" }
            let plain = label.filter { $0 != " " }
            if line == "-----BEGIN\(plain)-----" {
                guard inner == nil else { return nil }
                inner = ""
            } else if line == "-----END\(plain)-----" {
                guard let base64 = inner, let data = Data(base64Encoded: base64), !data.isEmpty else { return nil }
                blocks.append(Array(data))
                inner = nil
            } else {
                inner?.append(contentsOf: line)
            }
        }
        return inner == nil ? blocks : nil
    }
}
