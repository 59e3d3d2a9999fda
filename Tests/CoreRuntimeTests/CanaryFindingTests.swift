import AllPrograms
import CheckKit
import ProgramFiles
import Seeding
import SurveillanceKit
import TestKit
import Testing

@testable import CoreRuntime

@Suite("No finding tells who a patient is, wherever the patient's data stand")
struct CanaryFindingTests {
    /// People who do not exist, and what their data look like in a finding without blanks and marks.
    private static let canaries: [String] = [
        "欧阳金丝雀", "阿依古丽·买买提江", "司马鹮", "Zhang Jinsique", "Ｏｕｙａｎｇ　Ｊｉｎ", "欧 阳 金 丝 雀", "欧阳\u{200B}金丝雀", "欧阳金丝雀岁",
        "患者欧阳金丝雀", "11010519491231002X", "110105194912310022", "110105 19491231 002x", "110105800801752",
        "13800137316", "138-0013-7316", "138 0013 7316", "１３８００１３７３１６", "138\u{200B}00137316", "+86-13800137316",
        "13800137316.0", "13800137316元", "13,800,137,316", "010-87654329", "(0571) 87654329", "87654329", "E87654329",
        "6222021234567890129", "住址：金丝雀路7316号", "'13800137316", "=\"13800137316\"", "2026-11-06 13800137316",
        "ID 11010519491231002X", "zhangjinsique@example.cn", "138.0013.7316", "1380013\t7316",
    ]

    /// Letters and digits alone, in their usual width and small.
    private static func squashed(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isWide = (0xFF01...0xFF5E).contains(scalar.value)
            let narrow = isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
            if narrow.properties.isAlphabetic || (0x30...0x39).contains(narrow.value) { scalars.append(narrow) }
        }
        return String(scalars).lowercased()
    }

    /// What must not be found: the canary itself, and of its numbers the last digits.
    private static let secrets: Set<String> = Set(
        canaries.flatMap { canary -> [String] in
            let squashed = squashed(canary)
            let longest = squashed.split { !$0.isNumber }.map(String.init).filter { $0.count >= 7 }
            return [squashed] + longest
        } + ["金丝雀", "阿依古丽", "买买提", "司马鹮", "jinsique", "ouyang", "7316", "654329"])

    private enum Damage: CaseIterable { case none, shifted, shortened, withoutHeader, quotes, inHeader }

    @Test(
        "in values, suggestions, what was expected, messages and causes", arguments: ProgramFile.all,
        [1, 2, 3] as [UInt64])
    func canariesAnywhere(file: ProgramFile, seed: UInt64) throws {
        var random = Randomness(seed: seed)
        let registry = try ProgramRegistry(folder: TestPlatform.programs)
        var table = try #require(try ProgramTables(file.folder)[file.fileType.id])
        table.rows = Array(table.rows.prefix(40))
        for damage in Damage.allCases {
            var changed = table
            var header = table.header
            for row in changed.rows.indices {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let column = Int.random(in: 0..<changed.rows[row].count, using: &random)
                    changed.rows[row][column] = Self.canaries.randomElement(using: &random) ?? ""
                }
                switch damage {
                case .shifted: changed.rows[row].insert(Self.canaries.randomElement(using: &random) ?? "", at: row % 7)
                case .shortened: changed.rows[row].removeFirst(1 + row % 5)
                default: break
                }
            }
            if damage == .inHeader { header[seed.leadingZeroBitCount % header.count] = "欧阳金丝雀" }
            let lines = (damage == .withoutHeader ? [] : [header]) + changed.rows
            let mark = damage == .quotes ? "" : "\""
            let text = lines.map { row in
                row.enumerated().map { place, cell in
                    damage == .quotes && place % 9 == 4 ? "\"" + cell : mark + cell + mark
                }.joined(separator: ",")
            }.joined(separator: "\r\n")
            let examined = try Examined(
                [(name: "\(file.fileType.id)_1.csv", bytes: Array(text.utf8))], by: registry,
                institution: TestPlatform.institution.code)
            #expect(!examined.findings.isEmpty)
            var groups = FindingGroups()
            for line in examined.jsonLines.split(separator: 0x0A) {
                groups.add(line)
                expectNothing(String(decoding: line, as: UTF8.self), damage)
            }
            for group in groups.sorted() { expectNothing("\(group.finding)", damage) }
        }
    }

    private func expectNothing(_ text: String, _ damage: Damage) {
        let squashed = Self.squashed(text)
        for secret in Self.secrets where squashed.contains(secret) {
            Issue.record("\(secret) is told, \(damage): \(text)")
        }
    }
}
