/// The extra fields of one record: pairs of a number and bytes.
///
/// Only two are read: zip64 (1) and Info-ZIP's Unicode path (0x7075). The rest (times, owners, NTFS) may differ between
/// an entry's head and the directory and mean nothing here. Source: PKWARE APPNOTE 6.3.10, 4.5 and 4.6.9.
struct ExtraFields {
    private(set) var zip64: [UInt8]?
    private(set) var unicodePath: [UInt8]?

    /// Nil where a field runs over the end, or one of the two stands twice. Fewer than four zero bytes at the end are
    /// padding.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while rest.count >= 4 {
            let head = [UInt8](rest.prefix(4))
            let length = head.uint16(at: 2)
            guard rest.count - 4 >= length else { return nil }
            let content = [UInt8](rest.dropFirst(4).prefix(length))
            switch head.uint16(at: 0) {
            case 0x0001:
                guard zip64 == nil else { return nil }
                zip64 = content
            case 0x7075:
                guard unicodePath == nil else { return nil }
                unicodePath = content
            default: break
            }
            rest = rest.dropFirst(4 + length)
        }
        guard rest.allSatisfy({ $0 == 0 }) else { return nil }
    }
}
