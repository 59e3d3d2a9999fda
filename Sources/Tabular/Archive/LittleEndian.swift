/// Numbers as zip stores them. The caller has made sure that the bytes are there.
extension [UInt8] {
    func uint16(at index: Int) -> Int { Int(self[index]) | Int(self[index + 1]) << 8 }

    func uint32(at index: Int) -> Int { uint16(at: index) | uint16(at: index + 2) << 16 }

    func uint64(at index: Int) -> UInt64 {
        UInt64(uint32(at: index)) | UInt64(uint32(at: index + 4)) << 32
    }
}

/// The signatures of zip's records. Source: PKWARE APPNOTE 6.3.10, 4.3.
enum Signature {
    static let localHead = 0x0403_4b50
    static let dataDescriptor = 0x0807_4b50
    static let directoryHeader = 0x0201_4b50
    static let endRecord = 0x0605_4b50
    static let zip64EndRecord = 0x0606_4b50
    static let zip64Locator = 0x0706_4b50
    /// Stands at the start of a directory that PKWARE's strong encryption hides.
    static let archiveExtraData = 0x0806_4b50
}
