import SurveillanceKit

/// The chunks of a PNG: whole, in order, each with the right check sum, and nothing behind the last.
///
/// Source: PNG (Second Edition), ISO/IEC 15948:2003, sections 5 and 11.
enum PNGStructure {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// - Returns: width and height.
    static func check(_ bytes: [UInt8]) throws(DocumentFault) -> (width: Int, height: Int) {
        var size: (width: Int, height: Int)?
        var place = signature.count
        while true {
            guard place + 12 <= bytes.count else { throw .damaged(truncated) }
            let length = number(bytes, at: place)
            guard length <= Int(Int32.max), place + 12 + length <= bytes.count else { throw .damaged(truncated) }
            let body = bytes[(place + 4)..<(place + 8 + length)]
            guard CRC32.of(body) == UInt32(number(bytes, at: place + 8 + length)) else {
                throw .damaged(BilingualText(zh: "校验和不符", en: "a check sum is wrong"))
            }
            let type = String(decoding: body.prefix(4), as: UTF8.self)
            if size == nil {
                guard type == "IHDR", length == 13 else {
                    throw .damaged(BilingualText(zh: "没有文件头", en: "it has no header"))
                }
                size = (number(bytes, at: place + 8), number(bytes, at: place + 12))
            }
            place += 12 + length
            if type == "IEND" { break }
        }
        guard place == bytes.count else { throw .bytesBehindEnd(bytes.count - place) }
        guard let size, size.width > 0, size.height > 0 else { throw .damaged(truncated) }
        return size
    }

    static let truncated = BilingualText(zh: "内容不完整", en: "its end is missing")

    private static func number(_ bytes: [UInt8], at place: Int) -> Int {
        bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
}

/// CRC-32 of ISO 3309, as PNG has it.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
    }
}
