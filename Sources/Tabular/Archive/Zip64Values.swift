/// The 8-byte values of a zip64 field, taken in order by those 4-byte fields that say they overflow.
///
/// Source: PKWARE APPNOTE 6.3.10, 4.5.3. Writers also add the field to small files: values that nothing asked for must
/// then agree with the short ones.
struct Zip64Values {
    private let bytes: [UInt8]
    private var position = 0
    private var asked = false

    init(_ bytes: [UInt8]?) { self.bytes = bytes ?? [] }

    /// A size or offset, or nil where it overflows and the field does not hold it.
    mutating func resolve(_ short: Int) -> Int? {
        guard short == 0xFFFF_FFFF else { return short }
        guard bytes.count >= position + 8 else { return nil }
        defer { position += 8 }
        asked = true
        return Int(exactly: bytes.uint64(at: position))
    }

    /// The volume's number, which has 4 bytes.
    mutating func resolveDisk(_ short: Int) -> Int? {
        guard short == 0xFFFF else { return short }
        guard bytes.count >= position + 4 else { return nil }
        defer { position += 4 }
        asked = true
        return bytes.uint32(at: position)
    }

    /// Whether values that no short field asked for say the same as the entry does.
    ///
    /// They stand where they would if all were asked for; a writer that did not yet know them has left zeros.
    func agrees(size: Int, compressedSize: Int, offset: Int?) -> Bool {
        if asked {
            return position == bytes.count || bytes.count >= 24 && fullValuesAgree(size, compressedSize, offset)
        }
        return fullValuesAgree(size, compressedSize, offset)
    }

    private func fullValuesAgree(_ size: Int, _ compressedSize: Int, _ offset: Int?) -> Bool {
        let expected = [size, compressedSize, offset]
        for (index, value) in expected.enumerated() where bytes.count >= index * 8 + 8 {
            let found = bytes.uint64(at: index * 8)
            if let value, found != 0, found != UInt64(value) { return false }
        }
        return true
    }
}
