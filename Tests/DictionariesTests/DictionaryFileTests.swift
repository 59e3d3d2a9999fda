import CheckKit
import Foundation
import SurveillanceKit
import Tabular
import Testing

@testable import Dictionaries

@Suite("A code file")
struct DictionaryFileTests {
    private static let diagnosis = CodeDictionary(
        id: "icd-diagnosis", title: BilingualText(zh: "疾病诊断", en: "Diagnoses"))
    private static let drug = CodeDictionary(
        id: "fever-clinic-drug", title: BilingualText(zh: "药品", en: "Drugs"), codeLabels: ["药品编码"], nameLabels: ["通用名"])

    private func read(
        _ text: String, named name: String = "codes.csv", as dictionary: CodeDictionary = diagnosis
    ) throws -> DictionaryFile { try read(Array(text.utf8), named: name, as: dictionary) }

    private func read(
        _ bytes: [UInt8], named name: String, as dictionary: CodeDictionary = diagnosis
    ) throws -> DictionaryFile {
        try DictionaryFile(name: name, source: BytesSource(bytes), of: dictionary)
    }

    private func refusal(_ text: String, named name: String = "codes.csv") throws -> DictionaryRefusal {
        try #require(throws: DictionaryRefusal.self) { try read(text, named: name) }
    }

    private func workbook(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Repository.file("Tests/Workbooks/\(name)")))
    }

    @Test(
        "is recognised by its labels, whoever made it",
        arguments: [
            // The national tables as they are.
            ("主要编码,附加编码,疾病名称\nA17.000+,G01*,结核性脑膜炎\n", "A17.000+ 结核性脑膜炎 / G01*"),
            ("主要编码,附加编码,手术名称,类别,录入选项\n00.0100,,头和颈部血管治疗性超声,治疗性操作,必选\n", "00.0100 头和颈部血管治疗性超声"),
            ("主要编码,名称,类别,录入选项\n00.0100,,头,必选\n00.0100x001,头部血管超声,治疗性操作,必选\n", nil),
            ("编码,名称\nM80000/0,良性肿瘤\n", "M80000/0 良性肿瘤"),
            (
                "章,章代码范围,章的名称,节代码范围,节名称,类目代码,类目名称,亚目代码,亚目名称,诊断代码,诊断名称\n1,A00-B99,传染病,A00-A09,肠道,A00,霍乱,A00.0,古典,A00.000,古典生物型霍乱\n",
                "A00.000 古典生物型霍乱"
            ),
            // Our template, a hospital's own with what it stands for, and labels in full width with marks behind them.
            (
                "本院编码,本院名称,国家临床版编码,国家临床版名称,附加编码,备注\nJ10.1,甲流,J10.100x001,流行性感冒伴其他呼吸道表现,,\n",
                "J10.1 甲流 = J10.100x001 流行性感冒伴其他呼吸道表现"
            ),
            ("院内编码,院内名称,国临编码,国临名称,医保编码\n1,感冒,J00.x00,急性鼻咽炎,J00.x00\n", "1 感冒 = J00.x00 急性鼻咽炎"),
            ("医院诊断编码表,\n制表：信息科,\nＩＣＤ编码（必填）, 诊断名称* \nJ00.x00,感冒\n", "J00.x00 感冒"),
        ])
    func layouts(_ text: String, _ first: String?) throws {
        guard let first else {
            // A row without a name is told, and nothing is taken.
            #expect(
                try refusal(text)
                    == .wrongRows(
                        [.init(row: 2, message: BilingualText(zh: "编码 00.0100 没有名称", en: "code 00.0100 has no name"))],
                        count: 1))
            return
        }
        let entry = try #require(try read(text).entries.first)
        var shown = "\(entry.code) \(entry.name)"
        if !entry.nationalCode.isEmpty { shown += " = \(entry.nationalCode) \(entry.nationalName)" }
        if !entry.additionalCode.isEmpty { shown += " / \(entry.additionalCode)" }
        #expect(shown == first)
    }

    @Test("of another dictionary has the labels that its program declares")
    func declared() throws {
        let file = try read("药品编码,通用名,规格\nD1,奥司他韦,75mg\n", as: Self.drug)
        #expect(file.entries == [CodeEntry(code: "D1", name: "奥司他韦")])
        #expect(throws: DictionaryRefusal.self) { try read("药品编码,通用名\nD1,奥司他韦\n") }
    }

    @Test("may be GBK, a workbook of several sheets, an XLS, or one of these in a zip")
    func formats() throws {
        let national = try workbook("codes.xlsx")
        let file = try read(national, named: "疾病分类与代码国家临床版2.0.xlsx")
        #expect(file.entries.map(\.code) == ["A00.000", "A00.100x001", "A17.000+"])
        #expect(file.entries.last?.additionalCode == "G01*")
        #expect(file.warnings.map(\.en).joined().contains("sheet 2 was read"))
        #expect(try read(workbook("codes.xls"), named: "codes.xls").entries == file.entries)
        #expect(try read(StoredZip.bytes([("codes.xlsx", national)]), named: "codes.zip").entries == file.entries)
        let gbk: [UInt8] = Array("A00,".utf8) + [0xBB, 0xF4, 0xC2, 0xD2, 0x0A]
        let head: [UInt8] = [0xB1, 0xE0, 0xC2, 0xEB, 0x2C, 0xC3, 0xFB, 0xB3, 0xC6, 0x0A]
        #expect(try read(head + gbk, named: "codes.csv").entries == [CodeEntry(code: "A00", name: "霍乱")])
    }

    @Test(
        "of another header says which columns are missing and which are too many, after the sentence that hospitals know"
    )
    func wrongHeader() throws {
        let refusal = try refusal("院内代码,诊断,部门\n1,感冒,内科\n")
        #expect(refusal.message.zh.hasPrefix("请按照模板格式上传编码。缺少“名称”列（列名可为 本院名称、"))
        #expect(refusal.message.zh.hasSuffix("无法识别的列：诊断、部门。"))
        #expect(refusal.message.en.contains("(请按照模板格式上传编码): there is not a column with the name"))
        let empty = try self.refusal("")
        #expect(empty.message.zh.hasPrefix("请按照模板格式上传编码"))
        #expect(try self.refusal("编码,名称\n") == .noRows)
    }

    @Test(
        "that is no table is told so, with the sentence that hospitals know",
        arguments: [
            ("codes.zip", "x"), ("letter.zip", ""),
        ])
    func unreadable(_ name: String, _ text: String) throws {
        let refusal: DictionaryRefusal
        if text.isEmpty {
            let zip = StoredZip.bytes([("说明.docx", [1, 2, 3])])
            refusal = try #require(throws: DictionaryRefusal.self) { try read(zip, named: name) }
        } else {
            refusal = try self.refusal(text, named: name)
        }
        #expect(refusal.message.zh.hasPrefix("请上传csv、xls、xlsx格式的文件zip压缩包。"))
        #expect(refusal.kind == "code-file-unreadable")
    }

    @Test("with two tables in a zip, or behind a password, is told what it is")
    func ambiguous() throws {
        let table = Array("编码,名称\nA00,霍乱\n".utf8)
        let two = try #require(throws: DictionaryRefusal.self) {
            try read(StoredZip.bytes([("a.csv", table), ("b.csv", table)]), named: "codes.zip")
        }
        #expect(two.message.zh.contains("有 2 个这样的文件"))
        let encrypted = try #require(throws: DictionaryRefusal.self) {
            try read(workbook("encrypted.xlsx"), named: "codes.xlsx")
        }
        #expect(encrypted.message.zh.contains("打开密码"))
    }

    @Test("names every row that a spreadsheet has damaged")
    func damage() throws {
        let refusal = try refusal(
            "编码,名称\n1.00E+02,甲\nE11.900,糖尿病\nM80000/0,良性\n2026-11-08,乙\n8月1日,丙\n#REF!,丁\n,无码\n")
        guard case .wrongRows(let faults, let count) = refusal else {
            Issue.record("\(refusal)")
            return
        }
        #expect(faults.map(\.row) == [2, 5, 6, 7, 8] && count == 5)
        #expect(faults[0].message.zh.contains("科学计数法"))
        #expect(refusal.message.en.contains("row 5: code 2026-11-08 has become a date"))
    }

    @Test("warns of codes with fewer digits than the others, which may have lost zeros")
    func lostZeros() throws {
        let rows = (0..<60).map { "J10.\(100 + $0)x00\($0 % 10),名\($0)\n" }.joined()
        let file = try read("编码,名称\n" + rows + "J10.1,流感\n")
        #expect(file.warnings.map(\.zh) == ["有 1 个编码的位数比其他编码少，可能被表格软件去掉了零（如第 62 行的 J10.1）；请核对，编码列应设为“文本”。"])
        #expect(try read("编码,名称\n" + rows).warnings.isEmpty)
        // A table whose codes are of many lengths says nothing.
        #expect(
            try read("编码,名称\n" + rows + rows.replacing("x00", with: ".").replacing("10.1", with: "11.")).warnings
                .isEmpty)
    }

    @Test("keeps one of rows that are alike, and several names of a code")
    func repetitions() throws {
        let file = try read("编码,名称\nA00,霍乱\nA00,霍乱\nA00,虎列拉\n\n")
        #expect(file.entries.map(\.name) == ["霍乱", "虎列拉"])
        #expect(file.warnings.map(\.en) == ["1 row like an earlier one, kept once."])
    }

    @Test("is kept and given back row by row")
    func content() {
        let entries = [
            CodeEntry(code: "A", name: "甲,\"\n", nationalCode: "B", nationalName: "", additionalCode: "C*"),
            CodeEntry(code: "x", name: "y"),
        ]
        #expect(CodeContent.entries(CodeContent.bytes(entries)) == entries)
        #expect(CodeContent.entries([]).isEmpty)
    }
}
