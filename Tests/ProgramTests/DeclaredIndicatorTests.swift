import CheckKit
import Foundation
import Indicators
import ProgramFiles
import SurveillanceKit
import Tabular
import Testing
import Validation

@Suite("The programs' declared indicators")
struct DeclaredIndicatorTests {
    private static let folders = [("fever-clinic", "FeverClinic"), ("influenza", "Influenza")]

    private func program(_ id: String) throws -> Program {
        try #require(try Repository.registry.get().program(id)).program
    }

    @Test("each compiles, at least 16 a program, and none is over what the files do not hold", arguments: folders)
    func compiled(id: String, folder: String) throws {
        let program = try program(id)
        let compiled = try #require(try Repository.registry.get().indicators(of: id))
        #expect(compiled.mistakes.isEmpty)
        #expect(compiled.definitions.count == program.indicators.count)
        #expect(program.indicators.count >= 16)
        for indicator in program.indicators {
            #expect(!indicator.title.en.contains("ILI"), "\(indicator.id): there is no denominator for ILI%")
            #expect(!indicator.dimensions.isEmpty, "\(indicator.id)")
        }
    }

    @Test("the fever clinic's first is `visits`: every record, by the day of the visit")
    func visits() throws {
        let visits = try #require(try program("fever-clinic").indicators.first)
        #expect(visits.id == "visits")
        #expect(visits.kind == .count)
        #expect(visits.over == "fever")
        #expect(visits.valid == nil)
        #expect(visits.numerator == IndicatorPart(.count))
        #expect(visits.eventDate == nil)
    }

    @Test(
        "the README's table has each with its event day, caveat and source, and none besides; the Chinese one each too",
        arguments: folders)
    func readme(id: String, folder: String) throws {
        let program = try program(id)
        let text = try String(
            contentsOf: Repository.file("Surveillance/\(folder)/README.md"), encoding: .utf8)
        let halves = text.split(separator: "\n---\n")
        try #require(halves.count == 2)
        let rows = halves.map { half in
            half.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
                line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
        }
        let english = rows[0].filter { $0.count == 8 }
        let chinese = rows[1].filter { $0.count == 4 && $0[2] != "列数" }
        #expect(english.map { $0[0] } == program.indicators.map { "`\($0.id)`" })
        #expect(
            chinese.map { $0[0] }.filter { row in program.indicators.contains { "`\($0.id)`" == row } }
                == program.indicators.map { "`\($0.id)`" })
        for (indicator, row) in zip(program.indicators, english) {
            let day = indicator.eventDate ?? program.fileType(indicator.over)?.eventDate
            let mark = indicator.isExperimental ? " *(experimental)*" : ""
            #expect(row[1] == indicator.title.en + mark, "\(indicator.id)")
            #expect(row[5] == day, "\(indicator.id)")
            #expect(row[6] == indicator.caveat?.en ?? "—", "\(indicator.id)")
            #expect(row[7] == indicator.source.en, "\(indicator.id)")
            #expect((row[3] == "—") == (indicator.denominator == nil), "\(indicator.id)")
            #expect(
                (row[4] == "—")
                    == (indicator.valid == nil && !row[0].contains("positivity-") && row[0] != "`ct-abnormal-share`"),
                "\(indicator.id)")
        }
    }

    @Test(
        "the figures over a few records are those that were worked out by hand",
        arguments: folders)
    func byHand(id: String, folder: String) throws {
        let compiled = try #require(try Repository.registry.get().indicators(of: id))
        let cases = Repository.file("Tests/ProgramTests/IndicatorCases/\(id)")
        let tally = try IndicatorTally(compiled, folder: cases)
        let rows = try SmallTable.cells(
            BytesSource([UInt8](try Data(contentsOf: cases.appendingPathComponent("expected.csv")))))
        #expect(rows.first == ["indicator", "figure", "which"])
        #expect(rows.dropFirst().map { $0[0] } == compiled.program.indicators.map(\.id))
        for row in rows.dropFirst() { #expect(tally.figures[row[0]] == row[1], "\(row[0]): \(row[2])") }
    }

    // MARK: Concepts

    private func expect(
        _ concept: String, of program: String, is meant: [String], isNot others: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let concept = try #require(try self.program(program).concepts.first { $0.id == concept })
        let matcher = ConceptMatcher(concept)
        for text in meant { #expect(matcher.matches(text), "\(concept.id): \(text)", sourceLocation: sourceLocation) }
        for text in others { #expect(!matcher.matches(text), "\(concept.id): \(text)", sourceLocation: sourceLocation) }
    }

    @Test("a test's name means its pathogen, and not the one whose name is like it")
    func pathogens() throws {
        try expect(
            "influenza", of: "fever-clinic",
            is: ["甲型/乙型流感病毒抗原检测", "流感病毒核酸", "Influenza A+B", "FLU-A", "流行性感冒病毒", "甲流", "92142-9"],
            isNot: ["流感嗜血杆菌", "副流感病毒1型", "Haemophilus influenzae", "Parainfluenza virus", "血常规", "新冠病毒核酸"])
        try expect(
            "influenza-a", of: "fever-clinic",
            is: ["甲型流感病毒", "甲型流感病毒抗原（H1N1）", "A型流感病毒RNA", "Influenza A virus", "Flu A", "IAV", "流感病毒A型", "Ｈ３Ｎ２"],
            isNot: ["甲型/乙型流感病毒", "甲乙型流感", "Influenza A/B Ag", "乙型流感病毒", "副流感", "甲型肝炎", "流感嗜血杆菌b型", "flu a/b"])
        try expect(
            "influenza-b", of: "fever-clinic", is: ["乙型流感病毒", "B型流感", "Flu-B", "IBV", "influenza B"],
            isNot: ["甲型乙型流感病毒", "A+B流感", "甲型流感", "乙型肝炎表面抗原", "b型流感嗜血杆菌", "乙脑"])
        try expect(
            "sars-cov-2", of: "fever-clinic", is: ["新型冠状病毒核酸检测", "2019-nCoV ORF1ab", "SARS-CoV-2", "新冠抗原", "COVID-19"],
            isNot: ["冠状病毒229E", "人冠状病毒OC43", "SARS"])
        try expect("rsv", of: "fever-clinic", is: ["呼吸道合胞病毒", "RSV-A", "合胞病毒抗原"], isNot: ["鼻病毒", "hMPV"])
        try expect(
            "mycoplasma", of: "fever-clinic", is: ["肺炎支原体抗体", "MP-IgM", "MP", "Mycoplasma pneumoniae DNA"],
            isNot: ["hMPV", "解脲支原体", "肺炎衣原体", "肺炎链球菌", "MPV"])
    }

    @Test("a result is positive, negative, or neither")
    func results() throws {
        let positive = ["阳性", "阳性(+)", "弱阳性", "+", "（＋＋）", "2+", "检出", "POSITIVE", "甲流抗原阳性", "Detected"]
        let negative = ["阴性", "阴性(-)", "未检出", "NEG", "negative", "Not detected", "阴"]
        let neither = ["-", "±", "+/-", "可疑", "弱阳性？可疑", "甲流阳性 乙流阴性", "灰区", "35.2", "见报告", "标本不合格", "检出限500", ""]
        try expect("positive-result", of: "fever-clinic", is: positive, isNot: negative + neither)
        try expect("negative-result", of: "fever-clinic", is: negative, isNot: positive + neither)
    }

    @Test("a diagnosis of influenza is one, in both programs; a medicine against it too")
    func diagnoses() throws {
        for program in ["fever-clinic", "influenza"] {
            try expect(
                "influenza-diagnosis", of: program,
                is: ["流感", "流行性感冒", "甲流", "乙型流感伴肺炎", "流感？", "副流感，甲型流感", "Influenza"],
                isNot: ["流感样病例", "流感样症状", "副流感病毒感染", "流感嗜血杆菌肺炎", "接种流感疫苗", "排除流感", "感冒", "上呼吸道感染"])
            try expect(
                "influenza-antiviral", of: program,
                is: ["磷酸奥司他韦颗粒", "可威", "达菲", "帕拉米韦氯化钠注射液", "扎那米韦吸入粉雾剂", "玛巴洛沙韦片", "Oseltamivir", "盐酸阿比多尔片"],
                isNot: ["利巴韦林", "金刚烷胺", "阿昔洛韦", "恩替卡韦", "布洛芬", "奈玛特韦"])
        }
        try expect(
            "pneumonia-diagnosis", of: "fever-clinic", is: ["肺炎", "支气管肺炎", "肺炎支原体肺炎"],
            isNot: ["肺炎支原体感染", "肺炎链球菌感染", "排除肺炎", "肺结核"])
    }
}
