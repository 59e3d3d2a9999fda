import CheckKit
import Foundation
import PlainTables
import Tabular

/// A table of a sample package, to make others of.
struct SampleTable {
    var header: [String]
    var rows: [[String]]
    /// Columns that hold direct identifiers, by what they are called.
    private(set) var identifying: [(column: Int, title: String)] = []

    init(_ program: String, _ type: String) throws {
        let package = try UploadedPackage(
            name: "package.zip", source: BytesSource(Array(try EndToEndTests.Repository.package(program, "clean"))))
        guard let file = package.files.first(where: { $0.name.hasPrefix(type + "_") }) else {
            throw ServerProcess.Failure("no \(type) in the sample package of \(program)")
        }
        var source = try file.open()
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
        var table = PlainCSV.rows(bytes).map { row in row.cells.map { String(decoding: $0.text, as: UTF8.self) } }
        header = table.removeFirst()
        rows = table.filter { $0.count > 1 }

        struct Schema: Decodable {
            struct Field: Decodable {
                var name: String
                var title: String
                var sensitivity: String?
            }
            var fields: [Field]
        }
        let path = EndToEndTests.Repository.programs.appendingPathComponent("\(program)/files/\(type).json")
        let schema = try JSONDecoder().decode(Schema.self, from: try Data(contentsOf: path))
        for field in schema.fields where field.sensitivity == "direct" {
            if let column = header.firstIndex(of: field.name) { identifying.append((column, field.title)) }
        }
    }

    func column(_ name: String) -> Int? { header.firstIndex(of: name) }

    /// As CSV in UTF-8, every cell in quotes.
    var csv: Data { SampleTable.csv([header] + rows) }

    static func csv(_ rows: [[String]]) -> Data {
        Data(
            rows.map { row in
                row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\r\n"
            }.joined().utf8)
    }
}

/// A zip whose files are stored as they are.
struct StoredZip {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(_ name: [UInt8], _ content: Data, isUTF8: Bool = true) {
        let offset = bytes.count
        var common: [UInt8] = []
        common += Self.number(20, 2) + Self.number(isUTF8 ? 0x800 : 0, 2) + Self.number(0, 2) + Self.number(0, 4)
        common += Self.number(Int(Self.checksum(content)), 4) + Self.number(content.count, 4)
        common += Self.number(content.count, 4) + Self.number(name.count, 2) + Self.number(0, 2)
        bytes += Self.number(0x0403_4b50, 4) + common + name + Array(content)
        directory += Self.number(0x0201_4b50, 4) + Self.number(20, 2) + common
        directory += Self.number(0, 2) + Self.number(0, 2) + Self.number(0, 2) + Self.number(0, 4)
        directory += Self.number(offset, 4) + name
        count += 1
    }

    var data: Data {
        var end = Self.number(0x0605_4b50, 4) + Self.number(0, 2) + Self.number(0, 2)
        end += Self.number(count, 2) + Self.number(count, 2) + Self.number(directory.count, 4)
        end += Self.number(bytes.count, 4) + Self.number(0, 2)
        return Data(bytes + directory + end)
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (place * 8))) }
        return bytes
    }

    /// Source: ISO 3309, as APPNOTE.TXT 4.4.7 names it.
    private static func checksum(_ data: Data) -> UInt32 {
        var crc: UInt32 = ~0
        for byte in data {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
