import SurveillanceKit

/// The segments of a JPEG up to its end, and nothing behind that.
///
/// Source: ITU-T T.81, annex B.
enum JPEGStructure {
    /// - Returns: width and height as the frame's header has them.
    static func check(_ bytes: [UInt8]) throws(DocumentFault) -> (width: Int, height: Int) {
        var size: (width: Int, height: Int)?
        var place = 2
        while true {
            guard place + 2 <= bytes.count else { throw .damaged(PNGStructure.truncated) }
            guard bytes[place] == 0xFF else {
                throw .damaged(BilingualText(zh: "段标记错误", en: "a marker is missing"))
            }
            let marker = bytes[place + 1]
            // A marker may be filled up with more of 0xFF.
            if marker == 0xFF {
                place += 1
                continue
            }
            place += 2
            if marker == 0xD9 { break }
            if marker == 0x01 || (0xD0...0xD7).contains(marker) { continue }
            guard place + 2 <= bytes.count else { throw .damaged(PNGStructure.truncated) }
            let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
            guard length >= 2, place + length <= bytes.count else { throw .damaged(PNGStructure.truncated) }
            let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
            if isFrame, length >= 7 {
                guard size == nil else { throw .damaged(BilingualText(zh: "有多个图像", en: "it has several pictures")) }
                let header = bytes[(place + 3)..<(place + 7)].map(Int.init)
                size = (header[2] << 8 | header[3], header[0] << 8 | header[1])
            }
            place += length
            if marker == 0xDA { place = endOfScan(bytes, from: place) }
        }
        guard place == bytes.count else { throw .bytesBehindEnd(bytes.count - place) }
        guard let size, size.width > 0, size.height > 0 else {
            throw .damaged(BilingualText(zh: "没有图像", en: "it has no picture"))
        }
        return size
    }

    /// Where the next marker stands that is no restart and no stuffed byte.
    private static func endOfScan(_ bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while place + 1 < bytes.count {
            if bytes[place] == 0xFF, bytes[place + 1] != 0, !(0xD0...0xD7).contains(bytes[place + 1]) { return place }
            place += 1
        }
        return bytes.count
    }
}
