import Expressions
import Foundation
import SurveillanceKit
import Tabular

/// Reads what laboratories and pharmacies call one thing, `concepts.csv`: an entry a line, with its source.
struct ConceptsFile: Sendable {
    private(set) var concepts: [Concept] = []
    private(set) var mistakes: [ProgramMistake] = []
    /// By concept the line in which it stands first.
    private var lines: [String: Int] = [:]
    private let shown: String

    private typealias Match = Concept.Entry.Match

    init(_ url: URL, shownAs shown: String) {
        self.shown = shown
        let columns = ["concept", "title_zh", "title_en", "match", "text", "source"]
        var file = ColumnFile(url, shownAs: shown, columns: columns)
        let places = columns.compactMap(file.place)
        if places.count == columns.count { read(&file, places) }
        mistakes = file.mistakes
    }

    private mutating func read(_ file: inout ColumnFile, _ places: [Int]) {
        var rows: [String: Int] = [:]
        var forms: [String: Set<String>] = [:]
        for row in file.rows.indices.dropFirst() where file.isWhole(row) {
            let cells = places.map { file.rows[row].cells[$0] }
            guard NameForm.programID.matches(cells[0]) else {
                let words = NameForm.programID.words
                file.note(
                    row, places[0], "'concept' 是 '\(cells[0])'；应为\(words.zh)",
                    "'concept' is '\(cells[0])'; it must be \(words.en)")
                continue
            }
            let place = concepts.firstIndex { $0.id == cells[0] }
            if let place {
                repeated(&file, row, places, cells, concepts[place].title)
            } else {
                title(&file, row, places, cells)
                concepts.append(
                    Concept(id: cells[0], title: BilingualText(zh: cells[1], en: cells[2]), entries: []))
                lines[cells[0]] = file.rows[row].line
                rows[cells[0]] = row
            }
            let entry = entry(&file, row, places, cells)
            guard let entry else { continue }
            let at = place ?? concepts.count - 1
            if !forms[cells[0], default: []].insert(ConceptMatcher.form(of: entry.text)).inserted {
                file.note(
                    row, places[4], "'\(entry.text)' 与本概念已有的条目相同（不计大小写、全半角、空格和 -_/()）",
                    "'\(entry.text)' is an entry of this concept already, case, width, blanks and -_/() aside")
            }
            concepts[at].entries.append(entry)
        }
        for concept in concepts
        where !concept.entries.contains(where: { $0.match == .exact || $0.match == .contains }) {
            file.note(
                rows[concept.id], nil, "概念 '\(concept.id)' 没有 is 或 contains 条目，什么文字都不会是它",
                "concept '\(concept.id)' has no entry 'is' or 'contains', so that no text can mean it")
        }
    }

    private func title(_ file: inout ColumnFile, _ row: Int, _ places: [Int], _ cells: [String]) {
        if !cells[1].unicodeScalars.contains(where: \.isHan) {
            file.note(
                row, places[1], "'title_zh' 应为中文：'\(cells[1])'", "'title_zh' must be Chinese; it is '\(cells[1])'")
        }
        if cells[2].isEmpty || cells[2].unicodeScalars.contains(where: \.isHan) {
            file.note(
                row, places[2], "'title_en' 应为英文：'\(cells[2])'", "'title_en' must be English; it is '\(cells[2])'")
        }
    }

    private func repeated(
        _ file: inout ColumnFile, _ row: Int, _ places: [Int], _ cells: [String], _ title: BilingualText
    ) {
        for (column, known) in [(1, title.zh), (2, title.en)] where !cells[column].isEmpty && cells[column] != known {
            file.note(
                row, places[column], "名称 '\(cells[column])' 与本概念的 '\(known)' 不同；请写成一样或留空",
                "the title '\(cells[column])' is not this concept's, '\(known)'; write the same or leave it blank")
        }
    }

    private func entry(_ file: inout ColumnFile, _ row: Int, _ places: [Int], _ cells: [String]) -> Concept.Entry? {
        if cells[5].isEmpty {
            file.note(row, places[5], "'source' 为空：请写明出处", "'source' is blank: say where it is from")
        }
        let match = Match(rawValue: cells[3])
        if match == nil {
            let known = Match.allCases.map(\.rawValue).joined(separator: ", ")
            file.note(
                row, places[3], "'match' 是 '\(cells[3])'；应为其中之一：\(known)",
                "'match' is '\(cells[3])'; it must be one of \(known)")
        }
        guard !ConceptMatcher.form(of: cells[4]).isEmpty else {
            file.note(
                row, places[4], "'text' 是 '\(cells[4])'；去掉空格和括号后没有内容可比",
                "'text' is '\(cells[4])'; without blanks and brackets nothing of it is left to compare")
            return nil
        }
        return match.map { Concept.Entry($0, cells[4]) }
    }

    /// What is wrong with the names by which expressions would call the concepts.
    func collisions(with checks: [NamedCheck]) -> [ProgramMistake] {
        var taken: [String: BilingualText] = [:]
        let macros = ["all", "exists", "exists_one", "map", "filter"]
        for name in ExpressionEnvironment.standardFunctions + macros {
            taken[name] = BilingualText(zh: "表达式自有的函数 \(name)", en: "the function \(name) of every expression")
        }
        for check in checks {
            taken[check.functionName] = BilingualText(zh: "具名检查 '\(check.id)'", en: "the named check '\(check.id)'")
        }
        var mistakes: [ProgramMistake] = []
        for concept in concepts {
            let check = NamedCheck(concept)
            let name = check.functionName
            if let other = taken[name] {
                mistakes.append(
                    mistake(
                        concept.id, "概念 '\(concept.id)' 在表达式中叫 \(name)，与\(other.zh)同名；请另取一个",
                        "concept '\(concept.id)' is called \(name) in expressions, as is \(other.en); give it another name"
                    ))
                continue
            }
            taken[name] = BilingualText(zh: "概念 '\(concept.id)'", en: "the concept '\(concept.id)'")
            let environment = ExpressionEnvironment(fields: [], checks: [check])
            if (try? CompiledExpression("\(name)('')", in: environment)) == nil {
                mistakes.append(
                    mistake(
                        concept.id, "概念 '\(concept.id)' 在表达式中叫 \(name)，这是保留字；请另取一个",
                        "concept '\(concept.id)' is called \(name) in expressions, which is a reserved word; give it another name"
                    ))
            }
        }
        return mistakes
    }

    private func mistake(_ id: String, _ zh: String, _ en: String) -> ProgramMistake {
        ProgramMistake(file: shown, line: lines[id], column: 1, message: BilingualText(zh: zh, en: en))
    }
}
