import CQREncode

/// A text as a QR code, of which every module is light or dark.
public struct QRCode: Hashable, Sendable {
    /// Modules a side, without the quiet zone round it.
    public let width: Int
    private let dark: [Bool]

    /// With error correction M: a code of which 15 % cannot be read still says it all.
    ///
    /// - Returns: nil for an empty text, one with a zero byte, and one too long for any code (2,331 bytes).
    public init?(_ text: String) {
        guard !text.isEmpty, !text.utf8.contains(0), let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else {
            return nil
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard width > 0, let modules = code.pointee.data else { return nil }
        self.width = width
        // The lowest bit says whether a module is dark; the others say what it is for.
        dark = (0..<(width * width)).map { modules[$0] & 1 == 1 }
    }

    public func isDark(column: Int, row: Int) -> Bool { dark[row * width + column] }

    /// The dark modules as the path of an SVG whose unit is a module, each run of a row as one rectangle.
    public var path: String {
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                guard isDark(column: column, row: row) else {
                    column += 1
                    continue
                }
                let start = column
                while column < width, isDark(column: column, row: row) { column += 1 }
                path += "M\(start) \(row)h\(column - start)v1h-\(column - start)z"
            }
        }
        return path
    }
}
