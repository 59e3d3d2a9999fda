/// The form in which codes and names are compared: what is stored stays as it was written.
public enum CodeText {
    /// Without blanks, full width as usual width, in upper case; a dagger and an asterisk of full width as the usual ones.
    public static func plain(_ text: some Collection<UInt8>) -> [UInt8] {
        // Most codes are plain already.
        if text.allSatisfy({ $0 > 0x20 && $0 < 0x61 }) { return Array(text) }
        var plain: [UInt8] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x61...0x7A: plain.append(UInt8(scalar.value) - 0x20)
            case 0x2020: plain.append(UInt8(ascii: "+"))
            case 0xFF41...0xFF5A: plain.append(UInt8(scalar.value - 0xFF41) + 0x41)
            case 0xFF01...0xFF5E: plain.append(UInt8(scalar.value - 0xFEE0))
            default:
                if !scalar.properties.isWhitespace { plain.append(contentsOf: String(scalar).utf8) }
            }
        }
        return plain
    }
}
