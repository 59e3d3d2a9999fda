import Foundation
import Indicators
import JSON
import SurveillanceKit
import Timeliness
import Validation

/// A program's folder of which `program.json`, the code lists and the names of the files have been read, and the file types not yet.
struct ProgramFolder: Sendable {
    let url: URL
    /// What messages call it: `Surveillance/Influenza`.
    let shown: String
    /// Nil where `program.json` does not say it rightly.
    let id: String?
    let title: BilingualText?
    /// The file types that it lists.
    let names: [String]
    let codeLists: CodeListFolder
    private(set) var mistakes: [ProgramMistake] = []
    /// Without its file types; what could not be read has a stand-in.
    private let program: Program
    private let document: JSONDocument?
    private let indicators: [ReadIndicator]
    private let dimensions: [ReadDimension]
    private let concepts: ConceptsFile?

    init(_ url: URL, shownAs shown: String, shared: CodeListFolder) {
        self.url = url
        self.shown = shown
        codeLists = CodeListFolder(
            url.appendingPathComponent("codelists"), shownAs: "\(shown)/codelists", shared: shared)
        let source = SourceFile(url.appendingPathComponent("program.json"), shownAs: "\(shown)/program.json")
        document = source.document
        let object = source.object()
        object?.allow([
            "$schema", "id", "version", "effectiveFrom", "title", "description", "timeZone", "retentionDays",
            "historyDays", "coverage", "deadlines", "scope", "files", "indicators", "dimensions", "concepts", "zones",
            "formats", "dictionaries",
        ])
        _ = object?.string("$schema", isNeeded: false)
        id = object?.string("id", like: .programID)
        title = object?.text("title")
        names = object?.strings("files", isNeeded: true, like: .fileType) ?? []
        let effectiveFrom = object.flatMap(ProgramFolder.effectiveFrom)
        let duties = DutyContext(effectiveFrom: effectiveFrom.flatMap { CivilDate($0) }, source: .program)
        indicators = object.map { IndicatorReader($0).indicators } ?? []
        dimensions = object.map { DimensionReader($0).dimensions } ?? []
        concepts = object.flatMap { ProgramFolder.concepts($0, in: url, shownAs: shown) }
        program = Program(
            id: id ?? url.lastPathComponent, title: title ?? BilingualText(zh: shown, en: shown),
            description: object?.text("description", isNeeded: false),
            version: object?.string("version", like: .version) ?? "",
            effectiveFrom: effectiveFrom ?? "",
            timeZone: object.flatMap(ProgramFolder.timeZone) ?? "UTC",
            retentionDays: object.flatMap { ProgramFolder.days("retentionDays", $0) } ?? Program.standardRetentionDays,
            historyDays: object.flatMap { ProgramFolder.days("historyDays", $0) },
            coverage: object.flatMap(ProgramFolder.coverage),
            deadlines: object.map { DeadlineReader($0, duties).rules } ?? [],
            scope: object.flatMap { ProgramFolder.scope($0, duties) } ?? DutyScope(), fileTypes: [],
            indicators: indicators.map(\.indicator), dimensions: dimensions.map(\.dimension),
            concepts: concepts?.concepts ?? [], zones: object.map { ZoneReader($0).zones } ?? [],
            formats: object.map(ProgramFolder.formats) ?? [.csv],
            dictionaries: object.map { DictionaryReader($0).dictionaries } ?? [])
        if let object { ProgramFolder.judgeScope(of: program, object) }
        mistakes = source.mistakes + codeLists.mistakes + (concepts?.mistakes ?? [])
        if object != nil { mistakes += strayFiles() }
    }

    private static func effectiveFrom(_ object: ObjectReader) -> String? {
        guard let text = object.string("effectiveFrom") else { return nil }
        guard CivilDate(text) != nil else {
            object.fault(
                "effectiveFrom", "'effectiveFrom' 是 '\(text)'，日历上没有这一天；请写成 2026-03-01",
                "'effectiveFrom' is '\(text)', which is no day; write it as 2026-03-01")
            return nil
        }
        return text
    }

    private static func timeZone(_ object: ObjectReader) -> String? {
        guard let text = object.string("timeZone") else { return nil }
        guard CivilZone.isKnown(text) else {
            object.fault(
                "timeZone", "'timeZone' 是 '\(text)'，没有这个时区；请写成 Asia/Shanghai",
                "'timeZone' is '\(text)', which is no zone; write it as Asia/Shanghai")
            return nil
        }
        return text
    }

    /// CSV alone where the program does not say it.
    private static func formats(_ object: ObjectReader) -> Set<TableFormat> {
        let known = TableFormat.allCases.map(\.rawValue).joined(separator: ", ")
        let formats = object.strings("formats", isNeeded: false).compactMap { name in
            guard let format = TableFormat(rawValue: name) else {
                object.fault(
                    "formats", "没有格式 '\(name)'；可用 \(known)", "there is no format '\(name)'; there are \(known)")
                return nil as TableFormat?
            }
            return format
        }
        return formats.isEmpty ? [.csv] : Set(formats)
    }

    private static let mostDays = 36_500

    private static func days(_ name: String, _ object: ObjectReader) -> Int? {
        let days = object.wholeNumber(name, from: 1)
        if let days, days > mostDays {
            object.fault(name, "'\(name)' 应在 1 与 \(mostDays) 之间", "'\(name)' must be from 1 to \(mostDays)")
        }
        return days
    }

    private static func coverage(_ object: ObjectReader) -> Program.Coverage? {
        guard let coverage = object.object("coverage") else { return nil }
        coverage.allow(["days", "by"])
        if !coverage.has("days") {
            coverage.fault("days", "缺少 'days'；应为天数", "'days' is missing; it must be a number of days")
        }
        guard let days = days("days", coverage), let by = coverage.string("by", like: .field) else { return nil }
        return Program.Coverage(days: days, by: by)
    }

    private static func concepts(_ object: ObjectReader, in url: URL, shownAs shown: String) -> ConceptsFile? {
        guard let name = object.string("concepts", like: .csvFile, isNeeded: false) else { return nil }
        return ConceptsFile(url.appendingPathComponent(name), shownAs: "\(shown)/\(name)")
    }

    private static func scope(_ object: ObjectReader, _ context: DutyContext) -> DutyScope? {
        object.object("scope").map { ScopeReader($0, context).scope }
    }

    /// Notes deadlines that nobody would owe.
    private static func judgeScope(of program: Program, _ object: ObjectReader) {
        guard let first = program.deadlines.filter({ $0.kind != .afterEvent }).map(\.from).min() else { return }
        guard object.has("scope") else {
            object.fault(
                "deadlines",
                "有 'deadlines' 而没有 'scope'：请写明哪些机构应上报，全部机构写 { \"rules\": [ { \"from\": \"\(first)\", \"institutions\": \"true\" } ] }",
                "there are 'deadlines' and no 'scope': say which institutions owe the reports; all of them are { \"rules\": [ { \"from\": \"\(first)\", \"institutions\": \"true\" } ] }"
            )
            return
        }
        guard let scope = program.scope.rules.map(\.from).min(),
            scope > max(first, CivilDate(program.effectiveFrom) ?? first)
        else { return }
        object.fault(
            "scope", "'scope' 自 \(scope) 起，'deadlines' 自 \(first) 起：其间没有机构应上报",
            "'scope' begins on \(scope) and 'deadlines' on \(first): between them nobody would owe a report")
    }

    /// What lies in `files/` and is none of the listed file types: nobody would read it.
    private func strayFiles() -> [ProgramMistake] {
        let listed = Set(names.map { "\($0).json" })
        return (FolderFile.names(in: url.appendingPathComponent("files")) ?? []).compactMap { name in
            guard !listed.contains(name), !name.lowercased().hasSuffix(".md") else { return nil }
            let likely = listed.first { $0 == name.lowercased() }
            return ProgramMistake(
                file: "\(shown)/files/\(name)",
                message: likely.map {
                    BilingualText(zh: "文件名应为 '\($0)'（小写）", en: "must be called '\($0)', in lower case")
                }
                    ?? BilingualText(
                        zh: "program.json 的 'files' 没有列出它；请列出（<类型>.json）或删除",
                        en: "'files' of program.json does not list it; list it (<type>.json) or remove it"))
        }
    }

    func fileType(_ name: String) -> FileTypeFile.Answer {
        FileTypeFile(
            url.appendingPathComponent("files/\(name).json"), shownAs: "\(shown)/files/\(name).json", id: name,
            codeLists: codeLists
        ).read()
    }

    /// A mistake at a property of `program.json`, found where programs are compared.
    func mistake(at property: String, entry: Int? = nil, _ zh: String, _ en: String) -> ProgramMistake {
        var value = document?.root[property]
        if let entry { value = value?[entry] ?? value }
        let position = value.flatMap { value in document?.position(of: value.offset) }
        return ProgramMistake(
            file: "\(shown)/program.json", line: position?.line, column: position?.column,
            message: BilingualText(zh: zh, en: en))
    }

    /// What is wrong with the field by which packages cover days, among the file types that were read.
    private func uncovered(_ answers: [FileTypeFile.Answer]) -> [ProgramMistake] {
        guard let by = program.coverage?.by else { return [] }
        let value = document?.root["coverage"]?["by"]
        let position = value.flatMap { value in document?.position(of: value.offset) }
        func mistake(_ zh: String, _ en: String) -> ProgramMistake {
            ProgramMistake(
                file: "\(shown)/program.json", line: position?.line, column: position?.column,
                message: BilingualText(zh: "'coverage'：" + zh, en: "'coverage': " + en))
        }
        let found = answers.compactMap(\.fileType).compactMap { type in
            type.fields.first { $0.name == by }.map { (type: type.id, field: $0) }
        }
        if found.isEmpty, answers.allSatisfy({ $0.fileType != nil && !$0.hasNamelessField }) {
            return [mistake("没有文件类型含字段 '\(by)'", "no file type has a field '\(by)'")]
        }
        let untyped = answers.filter { $0.untypedFields.contains(by) }.compactMap(\.fileType?.id)
        return found.filter { !untyped.contains($0.type) }.compactMap { type, field in
            field.notADay.map { mistake("\(type) 的字段 \(by) \($0.zh)", "field \(by) of \(type) \($0.en)") }
        }
    }

    /// Dictionaries that name a file type or a field that there is not, or a file type whose rows belong to no day.
    private func unusable(_ answers: [FileTypeFile.Answer]) -> [ProgramMistake] {
        guard answers.allSatisfy({ $0.fileType != nil && !$0.hasNamelessField }) else { return [] }
        return program.dictionaries.enumerated().flatMap { index, dictionary in
            dictionary.uses.flatMap { use -> [ProgramMistake] in
                guard let type = answers.compactMap(\.fileType).first(where: { $0.id == use.fileType }) else {
                    return [
                        mistake(
                            at: "dictionaries", entry: index, "字典 '\(dictionary.id)'：没有文件类型 '\(use.fileType)'",
                            "dictionary '\(dictionary.id)': there is no file type '\(use.fileType)'")
                    ]
                }
                guard type.eventDate != nil else {
                    return [
                        mistake(
                            at: "dictionaries", entry: index,
                            "字典 '\(dictionary.id)'：\(use.fileType) 没有 'eventDate'，不知道按哪一天的编码表核对",
                            "dictionary '\(dictionary.id)': \(use.fileType) has no 'eventDate', so the day whose table counts is unknown"
                        )
                    ]
                }
                return [use.code, use.name].compactMap(\.self).filter { type.fieldIndex($0) == nil }.map { field in
                    mistake(
                        at: "dictionaries", entry: index, "字典 '\(dictionary.id)'：\(use.fileType) 没有字段 '\(field)'",
                        "dictionary '\(dictionary.id)': \(use.fileType) has no field '\(field)'")
                }
            }
        }
    }

    /// Compiles the program with the file types that were read, and answers it, or else all mistakes of the folder.
    func compiled(_ answers: [FileTypeFile.Answer], checks: [NamedCheck], threads: Int) -> CompiledFolder {
        var program = program
        program.fileTypes = answers.compactMap(\.fileType)
        var mistakes = mistakes + answers.flatMap(\.mistakes) + uncovered(answers) + unusable(answers)
        for (index, dictionary) in program.dictionaries.enumerated() {
            mistakes += DerivedFields.add(of: dictionary, to: &program.fileTypes).map {
                mistake(at: "dictionaries", entry: index, $0.zh, $0.en)
            }
        }
        let concepts = program.concepts.map { NamedCheck($0) }
        mistakes += self.concepts?.collisions(with: checks) ?? []
        var indicators: CompiledIndicators?
        if isReadEnough(answers) {
            let check = IndicatorCheck(
                program, self.indicators, dimensions, checks: checks + concepts,
                knowsDimensions: document?.root["dimensions"]?[dimensions.count] == nil)
            indicators = check.run { mistakes.append(self.mistake($0, $1)) }
        }
        var result: CompiledProgram?
        do throws(ProgramFaults) {
            result = try CompiledProgram(program, checks: checks, threads: threads)
        } catch {
            let places = FaultPlaces(names: names, answers: answers)
            mistakes += error.faults.compactMap(places.mistake)
        }
        if mistakes.isEmpty, let result {
            return CompiledFolder(folder: self, program: result, indicators: indicators, mistakes: [])
        }
        return CompiledFolder(folder: self, program: nil, indicators: nil, mistakes: mistakes)
    }

    /// Whether so much could be read that what is wrong with an indicator does not only follow from another mistake.
    private func isReadEnough(_ answers: [FileTypeFile.Answer]) -> Bool {
        !answers.isEmpty && concepts?.mistakes.isEmpty ?? true
            && answers.allSatisfy { $0.fileType != nil && !$0.hasNamelessField && $0.untypedFields.isEmpty }
    }

    /// A mistake at a value of `program.json`.
    private func mistake(_ node: JSONNode?, _ message: BilingualText) -> ProgramMistake {
        let position = node.flatMap { node in document?.position(of: node.offset) }
        return ProgramMistake(
            file: "\(shown)/program.json", line: position?.line, column: position?.column, message: message)
    }

    var effectiveFrom: String { program.effectiveFrom }
}

/// A program's folder when all of it has been read.
struct CompiledFolder: Sendable {
    let folder: ProgramFolder
    /// Nil where there are mistakes.
    var program: CompiledProgram?
    /// Nil where the program is.
    var indicators: CompiledIndicators?
    var mistakes: [ProgramMistake]

    /// What is known of a program that cannot run.
    var setAside: SetAsideProgram {
        SetAsideProgram(
            id: folder.id ?? folder.url.lastPathComponent, title: folder.title, fileTypes: folder.claimedFileTypes,
            mistakes: mistakes.sorted { $0.stands(before: $1) })
    }
}

extension ProgramFolder {
    /// The file types that it lists, and those whose files it has: whatever of both can be told.
    var claimedFileTypes: [String] {
        let files = (FolderFile.names(in: url.appendingPathComponent("files")) ?? []).filter { $0.hasSuffix(".json") }
        let others = files.map { String($0.dropLast(5)).lowercased() }
        return names + others.filter { !names.contains($0) }
    }
}
