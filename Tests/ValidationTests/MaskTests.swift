import SurveillanceKit
import Testing

@testable import Validation

@Suite("What is shown of a cell")
struct MaskTests {
    private static let title = BilingualText(zh: "项", en: "item")

    private func shown(
        _ value: String, _ type: FieldType = .string, _ sensitivity: Sensitivity = .none, maximumLength: Int? = nil,
        list: CodeList? = nil, isInstitution: Bool = false
    ) -> String {
        let field = Field(
            name: "F", title: Self.title, type: type, constraints: Constraints(maximumLength: maximumLength),
            codeList: list, sensitivity: sensitivity)
        return Array(value.utf8).withUnsafeBufferPointer { Mask.shown($0, of: field, isInstitution: isInstitution) }
    }

    @Test(
        "dates, ages, costs, measures and short codes, in whatever column and however wrong",
        arguments: [
            "2026-13-40", "2026-11-06 08:01:02", "2026/11/6 8:01", "6/11/2026", "11-6-26", "20260305", "2026年11月6日8时1分",
            "2026-11-06T08:01:02.000Z", "2026-11-06 08:01:02+08:00", "2026/3/5 8:05:00 PM", "1.2.3", "1899-12-30",
            "9999-12-31 00:00:00", "46332",
            "2026-11-06至2026-11-08", "65岁", "65岁3月", "6 5", "65-66", "999", "-5", "39.2℃", "￥12.50", "12.50元",
            "1,234,567.00",
            "12345678.90", "71.060000000000002", "1.234,56", "120/80mmHg", "4.00-10.00", "3.5-9.5", "120/80",
            "J11.101x001",
            "E123456", "A-12", "9", "????", "锟斤拷", "#N/A", "NULL", "(null)", "Invalid date", "男", "阳性", "=1+1",
            "6.22E+18",
            "0000000", "9999999", "10000000", "１２", "1;2;3;4;5;6;7;8;9",
        ], [FieldType.string, .datetime, .number])
    func shown(value: String, type: FieldType) { #expect(shown(value, type) == value) }

    @Test(
        "not a number of seven digits or more, however it is written, nor seven behind a letter",
        arguments: [
            "13800138000", "138 0013 8000", "138-0013-8000", "138.0013.8000", "138,0013,8000", "１３８００１３８０００",
            "1 3 8 0 0 1 3 8",
            "138\u{200B}0013\u{200B}8000", "+86 13800138000", "62345678", "62345678.0", "13800138000.00",
            "010-62345678",
            "(010) 62345678", "0571-8765432", "110105194912310022", "11010519491231002X", "110105 19491231 002X",
            "E1234567", "E12345678", "a1234567", "6222021234567890123", "١٣٨٠٠١٣٨٠٠٠",
            "13800138000元", "T13800138000", "2026-11-06 13800138000", "13,800,138,000", "(138)00138000",
        ], [FieldType.string, .date, .integer])
    func numbers(value: String, type: FieldType) {
        let text = shown(value, type)
        #expect(text.contains("*") && !text.contains { $0.isNumber && !$0.isASCII }, "\(text)")
        #expect(text.filter { $0 == "*" }.count == value.unicodeScalars.count { !VisibleText.isInvisible($0) })
    }

    @Test("a day with a number behind it is a moment in a moment's own column alone: record numbers begin so, too")
    func longMoments() {
        for value in ["20261108000123", "202611080001"] {
            #expect(shown(value, .datetime) == value)
            #expect(shown(value, .string).allSatisfy { $0 == "*" } && shown(value, .integer).allSatisfy { $0 == "*" })
        }
    }

    @Test("six digits behind a letter are a code, seven and eight may be a document's number")
    func behindLetter() {
        #expect(shown("E123456") == "E123456")
        #expect(shown("E1234567") == "********")
        #expect(shown("E12345678") == "*********")
    }

    @Test(
        "not what may be a name",
        arguments: [
            "示例甲", "张三 1", "Li Na", "zhangsan01", "li", "阿依古丽·买买提", "Ｌｉ Ｎａ", "L\u{200B}i", "王女士", "张三岁", "3床张三",
        ],
        [FieldType.string, .date, .number])
    func names(value: String, type: FieldType) {
        let text = shown(value, type)
        #expect(!text.contains { $0.isLetter && $0 != "U" && $0 != "B" }, "\(text)")
    }

    @Test("as many stars as there are characters; beyond sixty their number is said")
    func length() {
        for count in [1, 2, 17, 18, 19, 40, 60] {
            #expect(
                shown(String(repeating: "示", count: count), .string, .direct) == String(repeating: "*", count: count))
        }
        #expect(
            shown(String(repeating: "示", count: 2001), .string, .direct) == String(repeating: "*", count: 60)
                + "…(2001)")
    }

    @Test("what cannot be seen is named, in what is hidden too, and so is what a spreadsheet put round it")
    func invisible() {
        #expect(shown("1\u{200B}") == "1[U+200B]")
        #expect(shown("\u{FEFF}示例", .string, .direct) == "[U+FEFF]**")
        #expect(shown("M001\u{A0}", .string, .direct) == "****[U+00A0]")
        #expect(shown("1\n2") == "1[U+000A]2")
        #expect(shown("=\"M001\"", .string, .direct) == "=\"****\"")
        #expect(shown("'M001", .string, .direct) == "'****")
        #expect(shown("6.22E+18", .string, .direct) == "*.**E+**")
        #expect(shown("O'Neil", .string, .direct) == "******")
    }

    @Test(
        "direct identifiers never, whatever they look like",
        arguments: ["2026-11-06", "65岁", "9", "男", "12.50", "NULL"])
    func direct(value: String) {
        #expect(shown(value, .string, .direct) == String(repeating: "*", count: value.count))
    }

    @Test("an institution's code in its own column alone, and no ID or telephone there")
    func institution() {
        for code in ["12345678901234567890A1", "45561086044010511A1001", "91350100M000100Y43"] {
            #expect(shown(code, isInstitution: true) == code)
            #expect(shown(code) == String(repeating: "*", count: code.count))
        }
        for value in [
            "110105194912310022", "11010519491231002X", "13800138000", "1380013800013800138000", "6222021234567890123",
            "E12345678", "91350100M000100Y44", "示例市第一人民医院张三",
        ] {
            #expect(shown(value, isInstitution: true).allSatisfy { $0 == "*" }, "\(value)")
        }
    }

    @Test("the words of the field's list, also behind their code; what is far too long for the field not")
    func lists() {
        let list = CodeList(
            id: "L", title: Self.title,
            entries: [.init(code: "1", meaning: BilingualText(zh: "头孢唑林", en: "cefazolin"))], severity: .error)
        for word in ["头孢唑林", "cefazolin", "Cefazolin", "1 头孢唑林", "1-Cefazolin"] {
            #expect(shown(word, list: list) == word)
            #expect(shown(word).allSatisfy { $0 == "*" })
        }
        #expect(shown("1.2.3.a.4", maximumLength: 1) == "*********")
        #expect(shown("2026-11-06 08:01:02", maximumLength: 1) == "2026-11-06 08:01:02")
    }
}
