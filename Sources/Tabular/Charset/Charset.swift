/// The charsets that reports arrive in. GB18030 stands for GBK and GB2312 too, which it contains.
public enum Charset: String, CaseIterable, Sendable {
    case utf8
    case gb18030
    case utf16LittleEndian
    case utf16BigEndian

    /// The name people know it by.
    public var title: String {
        switch self {
        case .utf8: "UTF-8"
        case .gb18030: "GB18030"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        }
    }

    /// The charset that a file's first bytes announce, and the length of the mark.
    static func marked(_ bytes: some Collection<UInt8>) -> (charset: Charset, length: Int)? {
        let marks: [(Charset, [UInt8])] = [
            (.utf8, [0xEF, 0xBB, 0xBF]), (.utf16LittleEndian, [0xFF, 0xFE]), (.utf16BigEndian, [0xFE, 0xFF]),
            (.gb18030, [0x84, 0x31, 0x95, 0x33]),
        ]
        return marks.first { bytes.starts(with: $0.1) }.map { ($0.0, $0.1.count) }
    }

    /// How many first bytes `unmarkedUTF16` should see.
    static let sampleLength = 256

    /// UTF-16 without a mark, as `sqlcmd -u` and `bcp -w` write it: of its ASCII every other byte is zero.
    static func unmarkedUTF16(_ bytes: some Collection<UInt8>) -> Charset? {
        var even = 0
        var odd = 0
        let sample = bytes.prefix(sampleLength)
        for (offset, byte) in sample.enumerated() where byte == 0 {
            if offset.isMultiple(of: 2) { even += 1 } else { odd += 1 }
        }
        guard sample.count >= 8, max(even, odd) * 4 >= sample.count else { return nil }
        return even == 0 ? .utf16LittleEndian : odd == 0 ? .utf16BigEndian : nil
    }
}
