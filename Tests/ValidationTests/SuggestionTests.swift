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

    private func said(_ value: String, in title: String, _ type: FieldType = .number, decimals: Int? = 2) -> String? {
        let field = Field(
            name: "F", title: BilingualText(zh: title, en: ""), type: type,
            constraints: Constraints(minimum: 0, maximum: 100_000, maximumDecimals: type == .number ? decimals : nil))
        return Suggestion.certain(for: value, in: field)
    }

    @Test(
        "where a number has the unit that its field has, or the field's currency",
        arguments: [
            ("65岁", "年龄", "65"), ("65 岁", "年龄", "65"), ("６５岁", "年龄", "65"), ("5月", "年龄不足1周岁的年龄", "5"),
            ("3天", "用药天数", "3"),
            ("2次", "就诊次数", "2"), ("39.2℃", "体温", "39.2"), ("39.2度", "体温", "39.2"), ("￥12.50", "总费用", "12.50"),
            ("¥1,234.5", "总费用", "1234.5"),
            ("12.50元", "药品费", "12.50"), ("12,345.6", "总费用", "12345.6"), ("3500g", "新生儿出生体重1", "3500"),
        ])
    func units(value: String, title: String, number: String) { #expect(said(value, in: title) == number) }

    @Test(
        "and not with another unit, two numbers, a decimal comma, or less than a number",
        arguments: [
            ("6 5", "年龄"), ("65-66", "年龄"), ("65岁3月", "年龄"), ("约65岁", "年龄"), ("65月", "年龄"), ("岁", "年龄"), ("65岁", "总费用"),
            ("3天", "年龄"),
            ("1.234,56", "总费用"), ("12.50元/次", "总费用"), ("$12.50", "总费用"), ("12.505元", "总费用"), ("￥", "总费用"),
            ("-5岁", "年龄"),
            ("100001元", "总费用"), ("39.2℃", "总费用"), ("5岁", "年龄不足1周岁的年龄"), ("六十五岁", "年龄"),
        ])
    func otherUnits(value: String, title: String) { #expect(said(value, in: title) == nil) }

    @Test("where a tool wrote a number as its binary neighbour, and only there")
    func noise() {
        #expect(said("71.060000000000002", in: "总费用") == "71.06")
        #expect(said("71.05999999999999", in: "总费用") == "71.06")
        #expect(said("0.30000000000000004", in: "总费用") == "0.3")
        #expect(said("3.0000000000000004", in: "就诊次数", .integer) == "3")
        for value in ["71.0600001", "71.065", "71.064999999999", "71.060000000002", "71.123456789012345"] {
            #expect(said(value, in: "总费用") == nil, "\(value)")
        }
        #expect(said("71.060000000000002", in: "总费用", decimals: nil) == nil)
    }

    @Test(
        "where the code's meaning stands there in English, whole",
        arguments: ["Male", "male", "MALE", "1 male", "1-Male"])
    func english(value: String) {
        let list = CodeList(
            id: "L", title: Self.title,
            entries: [
                .init(code: "1", meaning: BilingualText(zh: "男性", en: "male")),
                .init(code: "2", meaning: BilingualText(zh: "女性", en: "female")),
            ], severity: .error)
        #expect(said(value, .string, list) == "1")
        for near in ["m", "mal", "males", "2 male", "fe male", "1male"] {
            #expect(said(near, .string, list) == nil, "\(near)")
        }
    }

    @Test("never where the value itself is hidden")
    func hidden() {
        #expect(said("20260305", .date, sensitivity: .direct) == nil)
    }
}
