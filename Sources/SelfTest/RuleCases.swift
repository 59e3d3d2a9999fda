public import Foundation
public import SurveillanceKit
import ProgramFiles
import Settings
public import Validation

/// Rows that show each rule of a file type hitting and just missing: `Cases/rules/<type>.json`.
public struct RuleCases: Sendable {
    public struct Case: Sendable {
        public var rule: String
        /// Cells that differ from the base in a row that breaks the rule.
        public var hit: [String: String]
        /// Cells that differ from the base in a row that just keeps it.
        public var miss: [String: String]
        /// Of a rule about the row's parent: what the parent's cells are instead of its base's, in either case.
        public var parent: Parent?
    }

    public struct Parent: Sendable {
        public var hit: [String: String]
        public var miss: [String: String]
    }

    /// When the packages of cases and self-tests arrived: `today()` is 2026-11-16, whatever the
    /// clock says.
    public static let receivedAt = Instant(milliseconds: 1_794_830_400_000)

    /// A row without findings, by field name; fields that are not named are blank.
    public var base: [String: String]
    public var cases: [Case]
    /// Those of rules about parents.
    public var parentCases: [Case]

    public init(contentsOf url: URL, shownAs file: String) throws(ProgramError) {
        let object = try SettingsObject(contentsOf: url, shownAs: file)
        try object.allow(["base", "cases"])
        guard let base = try object.object("base") else { throw object.fault("'base' is missing") }
        self.base = try base.allStrings()
        let all = try object.objects("cases").map { entry throws(ProgramError) in
            try entry.allow(["rule", "hit", "miss", "parent"])
            let (hit, miss) = try RuleCases.hitAndMiss(entry)
            let parent = try entry.object("parent").map { parent throws(ProgramError) in
                try parent.allow(["hit", "miss"])
                let (hit, miss) = try RuleCases.hitAndMiss(parent)
                return Parent(hit: hit, miss: miss)
            }
            return Case(rule: try entry.string("rule"), hit: hit, miss: miss, parent: parent)
        }
        cases = all.filter { $0.parent == nil }
        parentCases = all.filter { $0.parent != nil }
    }

    private static func hitAndMiss(_ entry: SettingsObject) throws(ProgramError) -> (
        hit: [String: String], miss: [String: String]
    ) {
        guard let hit = try entry.object("hit"), let miss = try entry.object("miss") else {
            throw entry.fault("'hit' and 'miss' are both needed")
        }
        return (try hit.allStrings(), try miss.allStrings())
    }

    /// The cases of every file type of a program, by type; a program without any has none.
    public static func all(of programID: String, in programs: URL) throws(ProgramError) -> [String: RuleCases] {
        guard let folder = folder(of: programID, in: programs) else { return [:] }
        let rules = folder.appendingPathComponent("Cases/rules")
        let files = (try? FileManager.default.contentsOfDirectory(at: rules, includingPropertiesForKeys: nil)) ?? []
        var cases: [String: RuleCases] = [:]
        for url in files where url.pathExtension == "json" {
            let shown = "\(folder.lastPathComponent)/Cases/rules/\(url.lastPathComponent)"
            cases[url.deletingPathExtension().lastPathComponent] = try RuleCases(contentsOf: url, shownAs: shown)
        }
        return cases
    }

    /// The folder whose `program.json` has this id.
    public static func folder(of programID: String, in programs: URL) -> URL? {
        let folders =
            (try? FileManager.default.contentsOfDirectory(at: programs, includingPropertiesForKeys: nil)) ?? []
        return folders.first { folder in
            let file = folder.appendingPathComponent("program.json")
            return (try? SettingsObject(contentsOf: file, shownAs: file.path).string("id")) == programID
        }
    }
}

extension SettingsObject {
    /// Every member, all of which must be strings.
    func allStrings() throws(ProgramError) -> [String: String] {
        var strings: [String: String] = [:]
        for name in names { strings[name] = try string(name) }
        return strings
    }
}
