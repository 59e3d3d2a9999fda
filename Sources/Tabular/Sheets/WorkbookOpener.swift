import SurveillanceKit

/// Opens a workbook by what its bytes are, whatever its name says.
enum WorkbookOpener {
    /// Source: APPNOTE.TXT 4.3.7; [MS-CFB] 2.2.
    private static let compoundFile: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    private static let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
    static let magicLength = 8

    /// The kind of workbook that a file's first bytes show; nil for text and all else.
    static func format(magic: some Collection<UInt8>) -> TableFormat? {
        if magic.starts(with: zip) { return .xlsx }
        return magic.starts(with: compoundFile) ? .xls : nil
    }

    static func open(_ source: any RandomAccessSource, limits: ArchiveLimits) throws(TableError) -> any Workbook {
        let magic: [UInt8]
        do { magic = try source.bytes(at: 0, count: magicLength) } catch { throw .source(error) }
        guard format(magic: magic) == .xls else { return try XLSXWorkbook(source, limits: limits) }
        return try XLSWorkbook(source)
    }
}
