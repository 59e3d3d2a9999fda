/// One code of a table, as the institution wrote it.
public struct CodeEntry: Hashable, Sendable {
    public var code: String
    public var name: String
    /// The code of the national clinical edition (国家临床版) that it stands for; empty where the table does not say.
    public var nationalCode: String
    public var nationalName: String
    /// The asterisk code of a pair (附加编码).
    public var additionalCode: String

    public init(
        code: String, name: String, nationalCode: String = "", nationalName: String = "", additionalCode: String = ""
    ) {
        self.code = code
        self.name = name
        self.nationalCode = nationalCode
        self.nationalName = nationalName
        self.additionalCode = additionalCode
    }

    var fields: [String] { [code, name, nationalCode, nationalName, additionalCode] }
}

/// The rows of a table as bytes: fields parted by the unit separator, rows by the record separator, neither of which a code may hold.
public enum CodeContent {
    private static let unit: UInt8 = 0x1F
    private static let record: UInt8 = 0x1E

    public static func bytes(_ entries: [CodeEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            for (index, field) in entry.fields.enumerated() {
                if index > 0 { bytes.append(unit) }
                bytes.append(contentsOf: field.utf8.lazy.filter { $0 != unit && $0 != record })
            }
            bytes.append(record)
        }
        return bytes
    }

    public static func entries(_ bytes: [UInt8]) -> [CodeEntry] {
        bytes.split(separator: record).map { row in
            let fields = row.split(separator: unit, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }
            return CodeEntry(
                code: field(0), name: field(1), nationalCode: field(2), nationalName: field(3),
                additionalCode: field(4))
        }
    }
}
