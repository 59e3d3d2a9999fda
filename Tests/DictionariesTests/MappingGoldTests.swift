import CheckKit
import Dictionaries
import Foundation
import SurveillanceKit
import Tabular
import Testing

@Suite("Candidates for codes that stand for no national one")
struct MappingGoldTests {
    /// The rows of a CSV file in the repository, without its header.
    private static func rows(_ url: URL) throws -> [[String]] {
        var reader = TableReader(BytesSource(Array(try Data(contentsOf: url))))
        let block = TableReader.makeBlock()
        var rows: [[String]] = []
        while try reader.read(into: block) {
            for index in 0..<block.rowCount {
                var cursor = block.cursor(ofRow: index)
                var cells: [String] = []
                while let cell = cursor.next() {
                    let text = String(decoding: cell.bytes, as: UTF8.self)
                    cells.append(cell.isQuoted ? String(text.dropFirst().dropLast()) : text)
                }
                rows.append(cells)
            }
        }
        return Array(rows.dropFirst())
    }

    /// All public code lists as one national list: `RC023.0301`.
    private static func national() throws -> [CodeEntry] {
        var entries: [CodeEntry] = []
        for folder in ["Common", "FeverClinic", "Influenza"] {
            let url = Repository.file("Surveillance/\(folder)/codelists")
            let files = try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "csv" {
                let list = file.deletingPathExtension().lastPathComponent
                entries += try rows(file).map { CodeEntry(code: "\(list).\($0[0])", name: $0[1]) }
            }
        }
        return entries
    }

    @Test(
        "of 1,248 local codes made from the public lists have the right one among the first three in 99 %, first in 94 %"
    )
    func gold() throws {
        let national = NationalCodes(try Self.national())
        let gold = try Self.rows(Repository.file("Tests/DictionariesTests/Gold/gold.csv"))
        #expect(gold.count == 1_248)
        var (first, three) = (0, 0)
        for row in gold {
            let found = national.candidates(for: CodeEntry(code: row[2], name: row[3])).map(\.code)
            #expect(found.count <= 3)
            first += found.first == row[0] ? 1 : 0
            three += found.contains(row[0]) ? 1 : 0
        }
        #expect(Double(three) / Double(gold.count) >= 0.99, "\(three) of \(gold.count)")
        #expect(Double(first) / Double(gold.count) >= 0.94, "\(first) of \(gold.count)")
    }

    private static let list = NationalCodes([
        CodeEntry(code: "J10.100", name: "流行性感冒伴其他呼吸道表现"), CodeEntry(code: "J10.000", name: "流行性感冒伴肺炎"),
        CodeEntry(code: "J11.100", name: "流行性感冒"), CodeEntry(code: "J18.900", name: "肺炎"),
        CodeEntry(code: "B01.900", name: "水痘"), CodeEntry(code: "A37.900", name: "百日咳"),
    ])

    @Test(
        "are ranked by code, by name, by sound",
        arguments: [
            ("J10.100x005", "甲流", "J10.100"), ("j10100", "某病", "J10.100"), ("Y1", "流行性感冒伴肺炎", "J10.000"),
            ("Y2", "水逗", "B01.900"), ("Y3", "肺炎（本院）", "J18.900"), ("Ｂ０１．９００", "x", "B01.900"), ("Y4", "白日咳", "A37.900"),
        ])
    func ranked(code: String, name: String, national: String) {
        #expect(Self.list.candidates(for: CodeEntry(code: code, name: name)).first?.code == national)
    }

    @Test("that others have chosen come before equals, with their number; nothing alike has none")
    func chosen() {
        let local = CodeEntry(code: "Y1", name: "流感")
        let alone = Self.list.candidates(for: local)
        let chosen = Self.list.candidates(for: local, chosen: [Array("J10.000".utf8): 2, Array("X99".utf8): 9])
        #expect(alone.first?.code != "J10.000" && chosen.first?.code == "J10.000" && chosen.first?.chosenBy == 2)
        #expect(Self.list.candidates(for: CodeEntry(code: "Y9", name: "骨折")).isEmpty)
        #expect(NationalCodes([]).candidates(for: local).isEmpty)
    }
}
