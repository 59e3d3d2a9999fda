import Foundation
import Institutions
import SurveillanceKit
import Testing

/// Cases as people type them. `Golden/make-codes.py` works the expectations out by itself, from the text of the standards.
private struct GoldenCode: CustomTestStringConvertible, Sendable {
    var columns: [String]

    var testDescription: String { columns[0] }

    static let all: [GoldenCode] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden/codes.tsv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().map { line in
            GoldenCode(columns: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }
    }()
}

@Suite("Institution codes")
struct InstitutionCodeTests {
    @Test("every code of the golden table is read as the standards say")
    func golden() throws {
        #expect(GoldenCode.all.count >= 200)
        for golden in GoldenCode.all {
            let columns = golden.columns
            let code = try #require(InstitutionCode(columns[0]))
            let found = CodeExplanation(code)
            let errors = found.findings.filter { $0.severity == .error }.map { finding in
                "\(finding.position ?? 0)=\(finding.expected.map(String.init) ?? "?")"
            }
            let warnings = found.findings.filter { $0.severity == .warning }.map(\.kind.rawValue)
            let isClean = !found.findings.contains { $0.kind == .foreignCharacter && $0.expected == nil }
            #expect(
                [
                    code.text, code.shape.rawValue, errors.isEmpty ? "-" : errors.sorted().joined(separator: ","),
                    warnings.isEmpty ? "-" : warnings.sorted().joined(separator: ","),
                    isClean ? code.organizationCode ?? "-" : "-", isClean ? code.region ?? "-" : "-",
                    found.category?.code ?? "-", found.managementClass?.rawValue ?? "-",
                ] == Array(columns.dropFirst()), "\(columns[0])")
        }
    }

    @Test("no length alone makes a code implausible")
    func lengths() throws {
        for length in 1...64 where ![9, 18, 22].contains(length) {
            let code = try #require(InstitutionCode(String(repeating: "7", count: length)))
            #expect(CodeExplanation(code).isPlausible && code.shape == .other)
        }
        #expect(InstitutionCode(String(repeating: "7", count: 65)) == nil)
        #expect(InstitutionCode(" - \u{3000}") == nil)
    }

    @Test("an exporter's ten characters are known by the organisation code that they begin with")
    func tenCharacters() throws {
        let code = try #require(InstitutionCode("D2143569X4"))
        #expect(code.organizationCode == "D2143569X" && CodeExplanation(code).findings.map(\.kind) == [.otherShape])
        #expect(InstitutionCode("D214356914")?.organizationCode == nil)
    }

    @Test("a classified code is told in words, in both languages")
    func words() throws {
        let code = try #require(InstitutionCode("D2143569-X 430102 11 A210 1"))
        let found = CodeExplanation(code)
        #expect(found.findings.isEmpty)
        #expect(found.summary.zh == "A210 中医（综合）医院 · 湖南（430102） · 国有全资 · 非营利性")
        #expect(
            found.summary.en
                == "A210 hospital of Chinese medicine (general) · Hunan (430102) · state-owned · non-profit")
        #expect(found.category?.registered == .traditionalChinese)
    }

    @Test("a wrong check character names the one that belongs there")
    func expected() throws {
        let code = try #require(InstitutionCode("91350100M000100Y44"))
        let finding = try #require(CodeExplanation(code).findings.first)
        #expect(finding.expected == "3" && finding.position == 18)
        #expect(finding.message.zh.contains("第 18 位应为 3") && finding.message.en.contains("call for 3 as the 18th"))
    }

    @Test("what an institution's codes and entries say against each other is told")
    func conflicts() throws {
        let classified = try #require(InstitutionCode("D2143569X430102" + "11A5191"))
        let credit = try #require(InstitutionCode("91350100M000100Y43"))
        let found = CodeConflicts.between([classified, credit], region: "430121", category: .general)
        #expect(found.count == 3)
        #expect(found[0].en.contains("different organisation codes: D2143569X and M000100Y4"))
        #expect(found[1].en.contains("children's hospital") && found[1].en.contains("综合"))
        #expect(found[2].en.contains("350100"))
        #expect(CodeConflicts.between([classified], region: "430121", category: .specialized).isEmpty)
    }
}
