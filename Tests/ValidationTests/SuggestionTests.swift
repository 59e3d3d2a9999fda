import SurveillanceKit
import Testing

@testable import Validation

@Suite("What a value was meant to be is said")
struct SuggestionTests {
    private static let title = BilingualText(zh: "项", en: "item")
    private static let sexes = list([("1", "男性"), ("2", "女性"), ("9", "未说明的性别")])

    private static func list(_ codes: [(String, String)]) -> CodeList {
        let entries = codes.map { CodeList.Entry(code: $0.0, meaning: BilingualText(zh: $0.1, en: "")) }
        return CodeList(id: "L", title: title, entries: entries, severity: .error)
    }

    private func said(
        _ value: String, _ type: FieldType = .string, _ list: CodeList? = nil,
        _ constraints: Constraints = Constraints(),
        sensitivity: Sensitivity = .none
    ) -> String? {
        let field = Field(
            name: "F", title: Self.title, type: type, constraints: constraints, codeList: list, sensitivity: sensitivity
        )
        return Suggestion.certain(for: value, in: field)
    }

    @Test(
        "where a code is only written another way",
        arguments: [
            ("男", "1"), ("男性", "1"), ("1 男性", "1"), ("1-男", "1"), ("2.女性", "2"), ("01", "1"), ("1.0", "1"), ("１", "1"),
            ("未说明的性别", "9"),
        ])
    func codes(value: String, code: String) {
        #expect(said(value, .string, Self.sexes) == code)
    }

    @Test("and not for a code that is merely near", arguments: ["3", "11", "0", "19", "1.5", "2 男性", "M", "", "其他"])
    func noCodes(value: String) {
        #expect(said(value, .string, Self.sexes) == nil)
    }

    @Test("and not where two codes would fit")
    func twoCodes() {
        let list = Self.list([("1", "其他"), ("01", "有"), ("A1", "甲"), ("a1", "乙"), ("B2", "丙"), ("3", "其他")])
        #expect(said("001", .string, list) == nil)
        #expect(said("其他", .string, list) == nil)
        #expect(said("b2", .string, list) == "B2")
        #expect(said("有", .string, list) == "01")
    }

    @Test(
        "where a day's parts stand from the year down",
        arguments: [
            ("20260305", "2026-03-05"), ("2026.3.5", "2026-03-05"), ("2026年11月6日", "2026-11-06"),
            ("2026-11-6T08:01:02", "2026-11-06"), ("２０２６-03-05", "2026-03-05"), ("2026-03-05 08:01:02.0", "2026-03-05"),
        ])
    func days(value: String, day: String) {
        #expect(said(value, .date) == day)
    }

    @Test(
        "where a moment's parts do, to the second",
        arguments: [
            ("2026-11-6T08:01:02", "2026-11-06 08:01:02"), ("20261106080102", "2026-11-06 08:01:02"),
            ("20261106 08:01:02", "2026-11-06 08:01:02"), ("2026年11月6日8时1分2秒", "2026-11-06 08:01:02"),
            ("2026-11-06 08:01:02.000", "2026-11-06 08:01:02"),
        ])
    func moments(value: String, moment: String) {
        #expect(said(value, .datetime) == moment)
    }

    @Test(
        "and not where day and month could change places, a spreadsheet counted days, or there is no such day",
        arguments: [
            "6/11/2026", "11-6-26", "26-11-06", "46332", "46332.5", "1990-02-30", "20261306", "2026-11", "2026", "今天",
            "2026-11-06T08:01:02Z", "2026-11-06 08:01:02+08:00", "2026/11/6", "2026-11-06",
        ])
    func noDays(value: String) {
        #expect(said(value, .date) == nil || value.hasPrefix("2026-11-06T"), "\(said(value, .date) ?? "")")
        if value.hasPrefix("2026-11-06T") { #expect(said(value, .datetime) == nil) }
    }

    @Test("and not for a moment without its seconds", arguments: ["2026-11-06T08:01", "20261106", "2026年11月6日"])
    func noMoments(value: String) {
        #expect(said(value, .datetime) == nil)
    }

    @Test("where a number is only written another way")
    func numbers() {
        #expect(said("1,234.50", .number) == "1234.50")
        #expect(said("１２", .integer) == "12")
        #expect(said("3.0", .integer) == "3")
        for value in ["1,23", "1,2345", "12a", "1.5.2", "-", "3.5", "1,234,5"] {
            #expect(said(value, .integer) == nil, "\(value)")
        }
        #expect(said("1,234", .integer, nil, Constraints(maximum: 999)) == nil)
        #expect(said("12.345", .number, nil, Constraints(maximumDecimals: 2)) == nil)
    }

    @Test("never where the value itself is hidden")
    func hidden() {
        #expect(said("20260305", .date, sensitivity: .direct) == nil)
    }
}
