public import Foundation
import JSON
public import SurveillanceKit
public import Validation

/// What a deployment sets beside its programs' deadlines and scopes: `Config/deadlines/*.json`.
public enum OverridesFolder {
    /// Reads every file of a folder.
    ///
    /// - Parameters:
    ///   - programs: those that the files may name.
    ///   - shown: what messages call the folder.
    /// - Throws: every mistake, each with its line. A folder that is not there sets nothing.
    public static func read(
        _ folder: URL, programs: [Program], shownAs shown: String? = nil
    ) throws(ProgramError) -> [DutyOverrides] {
        let shown = shown ?? folder.lastPathComponent
        let names = (FolderFile.names(in: folder) ?? []).filter { $0.lowercased().hasSuffix(".json") }
        return try read(
            names.map {
                SourceFile(folder.appendingPathComponent($0), shownAs: "\(shown)/\($0)", isSettings: true)
            }, programs: programs, source: .config)
    }

    /// Reads what administrators have set on their pages: each a text as a file would have it.
    ///
    /// - Throws: every mistake, each with the name of its text and the line.
    public static func read(
        texts: [(name: String, text: String)], programs: [Program]
    ) throws(ProgramError) -> [DutyOverrides] {
        try read(
            texts.map { SourceFile(text: $0.text, shownAs: $0.name) }, programs: programs, source: .administrator)
    }

    /// Reads one file as what an administrator is about to set, for `simulate`.
    public static func readChange(_ file: URL, programs: [Program]) throws(ProgramError) -> DutyOverrides {
        let source = SourceFile(file, shownAs: file.lastPathComponent, isSettings: true)
        let read = try read([source], programs: programs, source: .administrator)
        guard let change = read.first else {
            throw .unreadable(file: file.lastPathComponent, reason: "sets nothing")
        }
        return change
    }

    private static func read(
        _ files: [SourceFile], programs: [Program], source: RuleOrigin.Source
    ) throws(ProgramError) -> [DutyOverrides] {
        var mistakes: [ProgramMistake] = []
        var overrides: [DutyOverrides] = []
        for text in files {
            if let object = text.object(), let read = override(object, programs, source) { overrides.append(read) }
            mistakes += text.mistakes
        }
        if mistakes.isEmpty { mistakes += overlaps(overrides) }
        guard mistakes.isEmpty else { throw ProgramError(mistakes) }
        return overrides
    }

    private static func override(_ object: ObjectReader, _ programs: [Program], _ source: RuleOrigin.Source)
        -> DutyOverrides?
    {
        object.allow(["$schema", "program", "setOn", "reason", "deadlines", "scope"])
        let id = object.string("program", like: .programID)
        let program = programs.first { $0.id == id }
        if let id, program == nil {
            let known = programs.map(\.id).joined(separator: ", ")
            object.fault("program", "没有监测项目 '\(id)'；现有 \(known)", "no program '\(id)'; there are \(known)")
        }
        let context = DutyContext(
            effectiveFrom: program.flatMap { CivilDate($0.effectiveFrom) }, source: source, setOn: object.day("setOn"),
            reason: object.text("reason"))
        if !object.has("deadlines"), !object.has("scope") {
            object.fault(
                at: object.offset, "缺少 'deadlines' 或 'scope'", "'deadlines' or 'scope' is missing; one is needed")
        }
        let deadlines = DeadlineReader(object, context).rules
        let scope = object.object("scope").map { ScopeReader($0, context).scope } ?? DutyScope()
        return id.map { DutyOverrides(program: $0, deadlines: deadlines, scope: scope) }
    }

    /// Rules of different files that are in force on the same day.
    private static func overlaps(_ overrides: [DutyOverrides]) -> [ProgramMistake] {
        struct Rule {
            var what: String
            var from: CivilDate
            var until: CivilDate?
            var place: String
        }
        let rules = overrides.flatMap { override in
            override.deadlines.map {
                Rule(
                    what: "\(override.program) \($0.kind.rawValue) \($0.name ?? "")", from: $0.from, until: $0.until,
                    place: $0.origin.place ?? "")
            }
                + override.scope.rules.map {
                    Rule(
                        what: "\(override.program) scope", from: $0.from, until: $0.until, place: $0.origin.place ?? "")
                }
        }
        return Dictionary(grouping: rules, by: \.what).values.flatMap { group in
            let sorted = group.sorted { $0.from < $1.from }
            return zip(sorted, sorted.dropFirst()).compactMap { earlier, later -> ProgramMistake? in
                guard earlier.from == later.from || earlier.until.map({ $0 >= later.from }) ?? false else { return nil }
                let parts = later.place.split(separator: ":")
                return ProgramMistake(
                    file: parts.dropLast().joined(separator: ":"), line: parts.last.flatMap { Int($0) },
                    message: BilingualText(
                        zh: "与 \(earlier.place) 的规则重叠：\(later.from) 起两条同时有效",
                        en: "overlaps the rule at \(earlier.place): from \(later.from) on both would be in force"))
            }
        }
    }
}
