import CheckKit
import Database
import Foundation
import HTTPServer
import IndicatorStore
import Intake
import Reporting
import Seeding
import StoreKit
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

@Suite("Figures by the national codes that hospitals' own codes are mapped to, on every store", .everyStore)
struct MappedFigureTests {
    private static let files = [
        "Flu/program.json": """
        {
          "id": "flu-lab", "version": "1.0.0", "effectiveFrom": "2026-01-01",
          "title": { "zh": "流感检验", "en": "Influenza tests" }, "timeZone": "Asia/Shanghai", "files": ["lab"],
          "concepts": "concepts.csv",
          "dictionaries": [
            { "id": "lab-items", "title": { "zh": "检验项目", "en": "Laboratory items" },
              "uses": [{ "file": "lab", "code": "ITEM", "national": "ITEM_NATIONAL" }] }
          ],
          "indicators": [
            { "id": "tests", "version": 1, "title": { "zh": "检测数", "en": "Tests" },
              "definition": { "zh": "全部检测数", "en": "All tests" },
              "source": { "zh": "示例", "en": "Example" }, "unit": "tests", "over": "lab",
              "numerator": { "count": true } },
            { "id": "flu-a", "version": 1, "title": { "zh": "甲流检测", "en": "Tests for influenza A" },
              "definition": { "zh": "甲型流感病毒的检测数", "en": "Tests for influenza A" },
              "source": { "zh": "示例", "en": "Example" }, "unit": "tests", "over": "lab",
              "numerator": { "count": true, "when": "given(ITEM_NATIONAL) && fluA(ITEM_NATIONAL)" } }
          ]
        }
        """,
        "Flu/concepts.csv": """
        concept,title_zh,title_en,match,text,source
        flu-a,甲型流感病毒,Influenza A virus,is,N1,national list
        flu-a,,,is,N2,national list

        """,
        "Flu/files/lab.json": """
        {
          "name": "lab", "title": "检验", "en": { "title": "Tests" }, "primaryKey": ["NO"], "eventDate": "DAY",
          "fields": [
            { "name": "NO", "title": "编号", "en": { "title": "Number" }, "type": "string",
              "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "DAY", "title": "日期", "en": { "title": "Day" }, "type": "date", "format": "%Y-%m-%d",
              "sensitivity": "none", "deidentify": "keep" },
            { "name": "ITEM", "title": "项目代码", "en": { "title": "Item" }, "type": "string",
              "sensitivity": "none", "deidentify": "keep" }
          ]
        }
        """,
    ]
    private static let items = ["A1", "A2", "B1", "N1", "N3"]
    private static let national = ["N1", "N2", "N3"]
    private static let days = CivilDate("2026-11-01")!...CivilDate("2026-11-10")!

    /// What figures should say, worked out from nothing but the last rows and what the institution has said of its codes.
    private struct Expected {
        var rows: [String: (day: Int, item: String)] = [:]
        /// The table in use: by code the national one that it names, "" for none.
        var table: [String: String]?
        var decided: [String: String] = [:]

        func national(of item: String) -> String? {
            guard let given = table?[item] else { return MappedFigureTests.national.contains(item) ? item : nil }
            return [given, decided[item] ?? "", item].first { MappedFigureTests.national.contains($0) }
        }

        var count: Int { rows.values.count { ["N1", "N2"].contains(national(of: $0.item)) } }
    }

    private static func figure(_ walk: ScopeWalk, _ id: String = "flu-a", asOf: Instant? = nil) async throws -> Int {
        let series = try await walk.test.platform.figures.series(
            FigureRequest(
                program: "flu-lab", indicator: id, by: .day, splits: [], from: days.lowerBound,
                to: days.upperBound, asOf: asOf), in: Scope.nation)
        return series.rows.reduce(0) { $0 + (Int("\($1.figure.value ?? FigureNumber(0))") ?? -1_000) }
    }

    @Test(
        "follow every table and every decision, stay what they were known as, and are the same worked out anew",
        arguments: 1...3 as ClosedRange<UInt64>)
    func histories(seed: UInt64) async throws {
        let programs = try TemporaryPrograms(Self.files)
        let lists = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-lists-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: lists, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: lists) }
        try Data("编码,名称\nN1,甲型流感病毒核酸\nN2,甲型流感病毒抗原\nN3,乙型流感病毒核酸\n".utf8).write(
            to: lists.appendingPathComponent("lab-items.csv"))
        let clock = TickingClock()
        let walk = try await ScopeWalk(now: { clock.next() }) {
            $0.programsFolder = programs.folder
            $0.nationalCodesFolder = lists
        }
        var random = SeededGenerator(seed: seed)
        var expected = Expected()
        var table: String?
        var known: [(at: Instant, count: Int)] = []
        for step in 0..<10 {
            switch step == 0 ? 0 : step == 1 ? 1 : Int.random(in: 0..<4, using: &random) {
            case 0:
                var csv = "NO,DAY,ITEM\n"
                for number in 0..<Int.random(in: 1...8, using: &random) {
                    let (no, day) = ("T\(number)", Int.random(in: 1...9, using: &random))
                    let item = Self.items.randomElement(using: &random) ?? ""
                    expected.rows[no] = (day, item)
                    csv += "\(no),2026-11-0\(day),\(item)\n"
                }
                _ = try await walk.test.send(
                    Array(csv.utf8), named: "lab_\(step).csv", from: ScopeWalk.institutions[0].code)
            case 1:
                if let id = table {
                    let removed = try await walk.ask(
                        .sender, .delete, "/api/v1/dictionaries/{category}/{id}",
                        at: "/api/v1/dictionaries/lab-items/\(id)?reason=x", raw: [])
                    #expect(removed.status == 200)
                    (table, expected.table) = (nil, nil)
                } else {
                    var (rows, own): (String, [String: String]) = ("编码,名称,国家临床版编码\n", [:])
                    for item in Self.items where Bool.random(using: &random) || item == "A1" {
                        let given =
                            Int.random(in: 0..<3, using: &random) == 0
                            ? Self.national.randomElement(using: &random) : nil
                        own[item] = given ?? ""
                        rows += "\(item),项目\(item),\(given ?? "")\n"
                    }
                    let added = try await walk.ask(
                        .sender, .post, "/api/v1/dictionaries/{category}",
                        at: "/api/v1/dictionaries/lab-items?filename=c.csv&from=2020-01-01&to=2099-12-31",
                        raw: Array(rows.utf8))
                    #expect(added.status == 201, "\(added.text)")
                    let json = try JSONSerialization.jsonObject(with: Data(added.text.utf8)) as? [String: Any]
                    (table, expected.table) = (try #require(json?["id"] as? String), own)
                }
            default:
                guard let own = expected.table, let item = own.keys.sorted().randomElement(using: &random),
                    let national = Self.national.randomElement(using: &random)
                else { continue }
                let answer = try await walk.ask(
                    .sender, .post, "/api/v1/dictionaries/{category}/mapping",
                    at: "/api/v1/dictionaries/lab-items/mapping?filename=m.csv",
                    raw: Array("本院编码,本院名称,国家临床版编码\n\(item),项目\(item),\(national)\n".utf8))
                #expect(answer.status == 200)
                expected.decided[item] = national
            }
            try await walk.test.processAll()
            let told = try await Self.figure(walk)
            #expect(told == expected.count, "seed \(seed), step \(step)")
            #expect(try await Self.figure(walk, "tests") == expected.rows.count)
            known.append((clock.next(), expected.count))
            for moment in known {
                #expect(
                    try await Self.figure(walk, asOf: moment.at) == moment.count,
                    "seed \(seed), step \(step), as of before")
            }
        }
        let figures = walk.test.platform.figures
        let rebuilt = try figures.records.writeBlocking { transaction in
            try figures.store.rebuild(
                "flu-lab", institution: ScopeWalk.institutions[0].code, place: nil, in: transaction)
        }
        #expect(rebuilt.records > 0 && rebuilt.changed.isEmpty)
        #expect(try await Self.figure(walk) == expected.count)
    }
}

/// A clock that goes on by a second each time it is asked.
private final class TickingClock: Sendable {
    private let seconds = Mutex<Int64>(1_794_300_000)
    func next() -> Instant {
        seconds.withLock {
            $0 += 1
            return Instant(seconds: $0)
        }
    }
}
