import Foundation
import Intake
import SelfTest
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("Keys are stored without what a spreadsheet has put into them")
struct StoredIdentifierTests {
    private static let institution = TestPlatform.institution.code
    private static let header =
        "P900,P6891,P7501,P7502,P7000,P4,P5,P6,P7,P12,P11,P8,P7503,P13,P801,P802,P803,P7505,P7506,P7507,P7526,P7528,P7529,P28,P281,P1,P7508,P7509,P7510,P7511,P7512"

    /// Six visits, each card number written in some way.
    private func visits(_ card: (Int) -> String, _ serial: (Int) -> String = { "S20261103\($0)" }) -> [UInt8] {
        let rows = (1...6).map { row in
            "\(Self.institution),示例市第一人民医院,01,\(card(row)),\(serial(row)),示例甲,1,1980-05-06,46,中国,1,2,01,110105198005060010,"
                + "某市某区某路1号,13800000000,100000,1,2026-11-03 09:1\(row):00,发热、咳嗽3天,发热,2026-10-31,2,J10.100,流行性感冒,1,"
                + "100.00,10.00,50.00,40.00,60.00"
        }
        return Array(([Self.header] + rows).joined(separator: "\n").utf8)
    }

    static let writings: [@Sendable (Int) -> String] = [
        { "'M00\($0)" }, { "’M00\($0)" }, { "Ｍ００\($0)" }, { "M00\u{200B}\($0)" }, { "\"=\"\"M00\($0)\"\"\"" },
    ]

    @Test("the same six visits, written otherwise and then clean, are six records", arguments: 0..<writings.count)
    func sixVisits(writing: Int) async throws {
        let test = try TestPlatform()
        let first = try await test.send(visits(Self.writings[writing]), named: "fever_1.csv").submission.id
        try await test.processAll()
        #expect(try await test.find(first)?.files.map(\.accepted) == [6])
        #expect(try await test.lineList().count == 6)
        let second = try await test.send(visits { "M00\($0)" }, named: "fever_2.csv").submission.id
        try await test.processAll()
        #expect(try await test.find(second)?.files.map(\.accepted) == [6])
        #expect(try await test.lineList().count == 6)
    }

    @Test("a child finds its stored parent, whichever of the two was written otherwise")
    func storedParents() async throws {
        for (parent, child) in [("'M001", "M001"), ("M001", "'M001"), ("Ｍ００１", "=\"M001\"")] {
            let test = try TestPlatform()
            _ = try await test.send(visits({ $0 == 1 ? parent : "M00\($0)" }), named: "fever_1.csv")
            try await test.processAll()
            let cases = try RuleCases.all(of: "fever-clinic", in: TestPlatform.programs)
            var cells = try #require(cases["examine"]).base
            cells["P7502"] = child
            cells["P7000"] = "S202611031"
            cells["P7506"] = "2026-11-03 09:11:00"
            let names = cells.keys.sorted()
            func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
            let csv = names.joined(separator: ",") + "\n" + names.map { quoted(cells[$0] ?? "") }.joined(separator: ",")
            let id = try await test.send(Array(csv.utf8), named: "examine_1.csv").submission.id
            try await test.processAll()
            #expect(try await test.find(id)?.files.map(\.accepted) == [1], "\(parent) \(child)")
        }
    }

    @Test("what was read as empty is stored as nothing")
    func nothingStored() async throws {
        let test = try TestPlatform()
        let csv = String(decoding: visits { "M00\($0)" }, as: UTF8.self)
            .replacing("中国", with: "NULL").replacing("2026-10-31", with: "1900-01-01")
        _ = try await test.send(Array(csv.utf8), named: "fever_1.csv")
        try await test.processAll()
        let lines = try await test.lineList()
        #expect(lines.count == 6)
        #expect(lines.allSatisfy { !$0.contains("NULL,") && !$0.contains("\"NULL\"") && !$0.contains("1900-01-01") })
    }
}
