/// How a camera was held when it took a picture, as its metadata says.
///
/// Source: CIPA DC-008 (Exif 2.32), 4.5.4 and 4.6.5; the tag is 0x0112 of the first directory.
enum EXIFOrientation: Int, CaseIterable {
    case upright = 1
    case mirrored, turned, flipped, transposed, turnedLeft, transversed, turnedRight

    /// What a JPEG's first Exif segment says; upright where there is none, or where it cannot be read.
    init(ofJPEG bytes: [UInt8]) {
        self = Self.segment(of: bytes).flatMap(Self.read) ?? .upright
    }

    /// The steps by which `pamflip` sets it upright; empty where there is nothing to do.
    var steps: String {
        switch self {
        case .upright: ""
        case .mirrored: "leftright"
        case .turned: "leftright,topbottom"
        case .flipped: "topbottom"
        case .transposed: "transpose"
        case .turnedLeft: "transpose,leftright"
        case .transversed: "transpose,leftright,topbottom"
        case .turnedRight: "transpose,topbottom"
        }
    }

    /// The TIFF data of the first Exif segment, which stands before the picture.
    private static func segment(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if marker == 0xFF {
                place += 1
                continue
            }
            if marker == 0xDA || marker == 0xD9 { return nil }
            if marker == 0x01 || (0xD0...0xD7).contains(marker) {
                place += 2
                continue
            }
            let end = place + 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
            guard end >= place + 4, end <= bytes.count else { return nil }
            let body = bytes[(place + 4)..<end]
            if marker == 0xE1, body.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) { return body.dropFirst(6) }
            place = end
        }
        return nil
    }

    private static func read(_ tiff: ArraySlice<UInt8>) -> EXIFOrientation? {
        let isLittle: Bool
        switch Array(tiff.prefix(4)) {
        case [0x49, 0x49, 0x2A, 0]: isLittle = true
        case [0x4D, 0x4D, 0, 0x2A]: isLittle = false
        default: return nil
        }
        func number(at offset: Int, bytes count: Int) -> Int? {
            guard offset >= 0, offset + count <= tiff.count else { return nil }
            let start = tiff.startIndex + offset
            let read = tiff[start..<(start + count)]
            return (isLittle ? Array(read.reversed()) : Array(read)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(at: 4, bytes: 4), let entries = number(at: directory, bytes: 2) else { return nil }
        for entry in 0..<entries {
            let place = directory + 2 + entry * 12
            guard let tag = number(at: place, bytes: 2) else { return nil }
            // A SHORT, one of it; it stands in the first two bytes of the value.
            guard tag == 0x0112 else { continue }
            guard number(at: place + 2, bytes: 2) == 3, number(at: place + 4, bytes: 4) == 1 else { return nil }
            return number(at: place + 8, bytes: 2).flatMap(EXIFOrientation.init(rawValue:))
        }
        return nil
    }
}
