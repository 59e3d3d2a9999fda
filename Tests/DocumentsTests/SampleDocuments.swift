@testable import Documents

/// Documents as small as they can be, made here so that each byte is known.
enum SampleDocuments {
    static let jpeg: [UInt8] =
        (try? DrawnPicture.jpeg(width: 40, height: 30) { x, y in (UInt8(x * 6), UInt8(y * 8), 120) }) ?? []

    /// A JPEG with an Exif segment that tells how the camera was held, behind another tag.
    static func oriented(_ jpeg: [UInt8], _ value: Int, isLittle: Bool) -> [UInt8] {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] {
            let big = (0..<count).map { UInt8(value >> (8 * (count - 1 - $0)) & 0xFF) }
            return isLittle ? big.reversed() : big
        }
        func entry(_ tag: Int, _ value: Int) -> [UInt8] {
            bytes(tag, 2) + bytes(3, 2) + bytes(1, 4) + bytes(value, 2) + [0, 0]
        }
        let tiff =
            (isLittle ? [0x49, 0x49] : [0x4D, 0x4D]) + bytes(42, 2) + bytes(8, 4) + bytes(2, 2) + entry(0x0100, 9)
            + entry(0x0112, value) + bytes(0, 4)
        let body = Array("Exif\0\0".utf8) + tiff
        let length = body.count + 2
        return jpeg[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + body + jpeg[2...]
    }

    /// A PNG of one colour, its rows in stored blocks.
    static func png(width: Int = 3, height: Int = 2, rows: Int? = nil) -> [UInt8] {
        let header = number(width) + number(height) + [8, 2, 0, 0, 0]
        let raw = (0..<(rows ?? height)).flatMap { _ in [UInt8(0)] + [UInt8](repeating: 200, count: width * 3) }
        var (a, b) = (1, 0)
        for byte in raw { (a, b) = ((a + Int(byte)) % 65_521, (b + a + Int(byte)) % 65_521) }
        let length = [UInt8(raw.count & 0xFF), UInt8(raw.count >> 8)]
        let data = [0x78, 0x01, 0x01] + length + length.map { ~$0 } + raw + number(b << 16 | a)
        return PNGStructure.signature + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
    }

    static func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(type.utf8) + body
        return number(body.count) + named + number(Int(CRC32.of(named[...])))
    }

    private static func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) } }

    /// A PDF with the objects given beside catalog and pages, and a right table of them.
    ///
    /// - Parameters:
    ///   - catalog: what else the catalog holds.
    ///   - page: what else each page holds.
    static func pdf(pages: Int = 1, catalog: String = "", page: String = "", objects: [String] = []) -> [UInt8] {
        let kids = (0..<pages).map { "\($0 + 3) 0 R" }.joined(separator: " ")
        let all =
            [
                "<< /Type /Catalog /Pages 2 0 R \(catalog) >>", "<< /Type /Pages /Count \(pages) /Kids [\(kids)] >>",
            ]
            + (0..<pages).map { _ in "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Resources << >> \(page) >>"
            }
            + objects
        var text = "%PDF-1.5\n"
        var offsets: [Int] = []
        for (index, object) in all.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(all.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "trailer\n<< /Size \(all.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }
}
