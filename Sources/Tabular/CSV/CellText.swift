/// A cell's own text: without its quotes and without the blanks, TABs and line ends round it.
///
/// Full-width blanks (U+3000), no-break blanks (U+00A0) and zero-width marks (U+FEFF) count as blanks: they come in with copied text.
public enum CellText {
    @inlinable
    @inline(__always)
    public static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return bytes }
        // Nearly all cells have nothing to trim: no blank at either end, nor the first or last byte of one of the wide ones.
        let first = base[0]
        let last = base[bytes.count &- 1]
        if first > 0x20, last > 0x20, first < 0x7F, last < 0x7F { return bytes }
        let mayBegin = first <= 0x20 || first == 0xC2 || first == 0xE3 || first == 0xEF
        let mayEnd = last <= 0x20 || last == 0x80 || last == 0xA0 || last == 0xBF
        return mayBegin || mayEnd ? trimmedSlowly(base, bytes.count) : bytes
    }

    @inline(never)
    @usableFromInline
    static func trimmedSlowly(_ base: UnsafePointer<UInt8>, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = count
        while start < end {
            let width = blankWidth(base + start, end - start)
            guard width > 0 else { break }
            start += width
        }
        while end > start {
            let last = base[end - 1]
            if last <= 0x20 {
                guard isBlank(last) else { break }
                end -= 1
            } else if end - start >= 3, blankWidth(base + end - 3, 3) == 3 {
                end -= 3
            } else if end - start >= 2, blankWidth(base + end - 2, 2) == 2 {
                end -= 2
            } else {
                break
            }
        }
        return UnsafeBufferPointer(start: base + start, count: end - start)
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    private static func blankWidth(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let first = base[0]
        if isBlank(first) { return 1 }
        if first == 0xC2, count >= 2, base[1] == 0xA0 { return 2 }
        if first == 0xE3, count >= 3, base[1] == 0x80, base[2] == 0x80 { return 3 }
        if first == 0xEF, count >= 3, base[1] == 0xBB, base[2] == 0xBF { return 3 }
        return 0
    }

    /// A quoted cell's text with doubled quotes made single, in `scratch` where that needs a copy.
    public static func unquoted(
        _ bytes: UnsafeBufferPointer<UInt8>, scratch: UnsafeMutableBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        let cell = trimmed(bytes)
        guard cell.count >= 2, cell[0] == 0x22, cell[cell.count - 1] == 0x22 else { return cell }
        let inner = UnsafeBufferPointer(rebasing: cell[1..<(cell.count - 1)])
        guard inner.contains(0x22) else { return trimmed(inner) }
        var written = 0
        var index = 0
        while index < inner.count {
            let byte = inner[index]
            scratch[written] = byte
            written += 1
            index += byte == 0x22 && index + 1 < inner.count && inner[index + 1] == 0x22 ? 2 : 1
        }
        return trimmed(UnsafeBufferPointer(start: scratch.baseAddress, count: written))
    }
}
