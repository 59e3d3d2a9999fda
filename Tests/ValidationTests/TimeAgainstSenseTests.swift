import CheckKit
import SurveillanceKit
import Testing

@testable import Validation

@Suite("Times against today and against sense")
struct TimeAgainstSenseTests {
    /// Noon of 2026-11-16 in UTC, evening in Shanghai.
    static let receivedAt = Instant(milliseconds: 1_794_830_400_000)

    private func findings(_ cells: [String: String]) throws -> [Finding] {
        let header = Clinic.visit.map(\.field).joined(separator: ",")
        let row = Clinic.visit.map { cells[$0.field] ?? $0.text }.joined(separator: ",")
        return try Clinic.examine(
            [("visit_1.csv", Array((header + "\n" + row).utf8))], receivedAt: TimeAgainstSenseTests.receivedAt
        ).findings
    }

    private func places(_ cells: [String: String]) throws -> [String] { try findings(cells).map(Place.text) }

    @Test("a visit after the day of receipt is an error, with one day's grace")
    func future() throws {
        for time in ["2026-11-17 23:59:59", "2026-11-16 20:00:00", "2026/11/17 0:00:00"] {
            #expect(try places(["TIME": time]) == [], "\(time)")
        }
        for time in ["2026-11-18 00:00:00", "2062-11-01 08:00:00", "2027-11-01 08:00:00", "2026/12/31 8:00:00"] {
            #expect(try places(["TIME": time]) == ["row 2 C TIME: constraint-error"], "\(time)")
        }
    }

    @Test("one cause is told once: a rule about the same time is not tried on it")
    func once() throws {
        #expect(try places(["ONSET": "2027-03-01"]) == ["row 2 L ONSET: constraint-error"])
        #expect(try places(["BORN": "2062-05-06"]) == ["row 2 G BORN: constraint-error"])
    }

    static let placeholders = [
        "1899-12-30", "1899-12-31", "1900-01-00", "1900/1/0", "1900-01-01", "0000-00-00", "0001-01-01", "1753-01-01",
        "1601-01-01",
        "2099-12-31", "9999-12-31", "1970-01-01",
    ]

    @Test(
        "a placeholder date is told as one; an optional cell is empty then", arguments: placeholders,
        ["", " 00:00:00", " 0:00", " 00:00:00.000", "T00:00:00"])
    func placeholder(day: String, time: String) throws {
        let found = try findings(["ONSET": day + time])
        #expect(found.map(Place.text) == ["row 2 L ONSET: constraint-error warning"])
        #expect(
            found.first?.message.zh.contains("留空") == true && found.first?.message.en.contains("leave it empty") == true
        )
    }

    @Test(
        "with any time of day",
        arguments: [
            "1970-01-01 08:00:00", "1899-12-30 08:15:00", "9999-12-31 23:59:59", "1/1/0001 12:00:00 AM",
            "1/1/1900 0:00",
        ])
    func timeOfDay(text: String) throws {
        #expect(try places(["ONSET": text]) == ["row 2 L ONSET: constraint-error warning"])
    }

    @Test(
        "where a date is required, it is missing",
        arguments: ["1900-01-01 00:00:00", "0001-01-01 00:00:00", "0000-00-00 00:00:00", "9999-12-31 23:59:59"])
    func required(text: String) throws {
        let found = try findings(["TIME": text])
        #expect(found.map(Place.text) == ["row 2 C TIME: constraint-error"])
        #expect(found.first?.message.en.contains("missing") == true)
    }

    @Test("somebody may have been born in 1970 or before 1900's first day has long been over")
    func births() throws {
        for day in ["1970-01-01", "1970-01-01 00:00:00", "1904-01-01", "1900-01-02", "1931-01-01", "1900-12-31"] {
            #expect(try places(["BORN": day]) == [], "\(day)")
        }
        #expect(try places(["BORN": "1900-01-01"]) == ["row 2 G BORN: constraint-error warning"])
        #expect(try places(["BORN": "1899-12-30"]) == ["row 2 G BORN: constraint-error warning"])
    }

    @Test(
        "other days of events stay as they are",
        arguments: [
            "1970-01-02", "1969-12-31", "1999-12-31", "2000-01-01", "2025-12-31 23:59:59", "2026-01-01", "1900-01-02",
        ])
    func nearMisses(text: String) throws {
        #expect(try places(["ONSET": text]) == [])
    }

    // MARK: Seconds

    @Test("a time without seconds in a key is one error that says so")
    func secondsInKey() throws {
        for time in ["2026-03-05 19:05", "2026/3/5 0:00", "2026-03-05T19:05", "2026/3/5 7:05 PM"] {
            let found = try findings(["TIME": time]).filter { $0.code != .rewrittenFile && $0.row != nil }
            #expect(found.map(Place.text) == ["row 2 C TIME: type-error"], "\(time)")
            #expect(
                found.first?.message.zh.contains("没有秒") == true && found.first?.message.en.contains("seconds") == true)
        }
    }

    @Test("elsewhere it is read, with one warning for the file")
    func secondsElsewhere() throws {
        #expect(try places(["ONSET": "2026-03-01 19:05"]) == ["file: rewritten-cell warning"])
        #expect(try places(["ONSET": "2026-03-01 25:05"]) == ["row 2 L ONSET: type-error"])
        // Read to the minute, it takes part in rules.
        #expect(
            try places(["ONSET": "2026-03-05 08:02"]) == ["row 2 L ONSET: onset-first", "file: rewritten-cell warning"])
    }

    @Test("a day where a time is required says so")
    func dayAlone() throws {
        let found = try findings(["TIME": "2026-03-05"])
        #expect(found.map(Place.text) == ["row 2 C TIME: type-error"])
        #expect(found.first?.message.zh.contains("只有日期") == true)
    }

    @Test(
        "AM and PM are read, as 上午 and 下午 are, with one warning for the file",
        arguments: [
            ("2026/3/5 8:01:02 AM", "2026-03-05 08:01:02"), ("2026/3/5 8:01:02 PM", "2026-03-05 20:01:02"),
            ("2026/3/5 上午 8:01:02", "2026-03-05 08:01:02"), ("2026/3/5 下午 12:01:02", "2026-03-05 12:01:02"),
            ("2026/3/5 12:01:02 AM", "2026-03-05 00:01:02"), ("2026/3/5 8:01:02\u{202F}PM", "2026-03-05 20:01:02"),
        ])
    func twelveHours(text: String, moment: String) throws {
        let csv = "NO,TIME,X\nA,\(moment),1\nA,\(text),2\n"
        let places = try Clinic.examine([("parent_1.csv", Array(csv.utf8))]).places
        #expect(places == ["file: rewritten-cell warning", "row 3 A NO: primary-key"])
    }

    @Test(
        "but no time that contradicts itself",
        arguments: ["2026/3/5 13:01:02 AM", "2026/3/5 下午 14:01:02", "2026/3/5 8:01:02 XM"])
    func noTwelveHours(text: String) throws {
        #expect(try places(["TIME": text]) == ["row 2 C TIME: type-error"])
    }

    @Test("another zone is told, with what to do")
    func zones() throws {
        let found = try findings(["TIME": "2026-03-05T08:01:02Z"])
        #expect(found.first?.message.zh.contains("时区") == true)
    }

    // MARK: Rewritten files

    @Test("several marks of a spreadsheet together are said first, with the way out")
    func rewritten() throws {
        var csv = "NO,TIME,X\n"
        for row in 1...300 { csv += "A\(row),2026/3/5 \(row % 24):\(10 + row % 50),\(row)\n" }
        let found = try Clinic.examine([("parent_1.csv", Array(csv.utf8))]).findings
        let first = try #require(found.first)
        #expect(first.code == .rewrittenFile && first.row == nil && first.severity == .warning)
        #expect(first.message.zh.contains("300 个时间没有秒") && first.message.zh.contains("从文本/CSV"), "\(first.message.zh)")
        #expect(found.dropFirst().allSatisfy { $0.code == .typeError && $0.field == "TIME" } && found.count == 301)
    }

    @Test("one mark alone is not: an exporter may have it from the start")
    func oneMark() throws {
        for (file, csv) in [
            ("parent_1.csv", "NO,TIME,X\nA,2026-03-05 08:01,1\nB,2026-03-05 08:02,2\n"),
            ("parent_1.csv", "NO,TIME,X\nA,2026/3/5 8:01:02,1\nB,2026/3/5 8:02:02,2\n"),
            ("number_1.csv", "CODE,K,N\n6.22E+18,1,5\n"),
        ] {
            #expect(
                try !Clinic.examine([(file, Array(csv.utf8))]).findings.contains { $0.code == .rewrittenFile }, "\(csv)"
            )
        }
    }
}
