public import Foundation
import JSON
public import SurveillanceKit
public import Validation

/// The register of institutions, `Config/institutions.json`: a list of code, name, level, region and what scopes ask for.
public enum InstitutionsFile {
    /// - Throws: every mistake of the file, each with its line.
    public static func read(_ url: URL) throws(ProgramError) -> [Institution] {
        let source = SourceFile(url, shownAs: url.lastPathComponent, isSettings: true)
        var institutions: [Institution] = []
        if let root = source.document?.root {
            if case .array(let values) = root.content {
                var lines: [String: Int] = [:]
                for value in values {
                    guard let object = ObjectReader(value, in: source), let read = institution(object) else { continue }
                    if let earlier = lines.updateValue(value.offset, forKey: read.code) {
                        object.fault(
                            "code", "机构代码 '\(read.code)' 已在 \(source.place(of: earlier)) 出现",
                            "the code '\(read.code)' is given at \(source.place(of: earlier)) already; each institution has its own"
                        )
                    }
                    institutions.append(read)
                }
            } else {
                source.note(
                    root.offset, "这里需要机构列表 [ { \"code\": …, \"name\": … } ]",
                    "a list of institutions is needed: [ { \"code\": …, \"name\": … } ]")
            }
        }
        guard source.mistakes.isEmpty else { throw ProgramError(source.mistakes) }
        return institutions
    }

    private static let changeable = ["level", "grade", "category", "region", "hasFeverClinic"]

    private static func institution(_ object: ObjectReader) -> Institution? {
        var object = object
        if case .string(let code)? = object.value("code")?.content {
            object.subject = BilingualText(zh: "机构 '\(code)'：", en: "institution '\(code)': ")
        }
        object.allow(["code", "name", "aliases", "codeAliases", "from", "until", "changes"] + changeable)
        let code = object.string("code")
        if let code, code != code.trimmingCharacters(in: .whitespaces) {
            object.fault("code", "机构代码两端有空格；请与 P900 一致", "the code has blanks round it; write it as it stands in P900")
        }
        let name = object.text("name", isProse: false)
        let level = object.choice("level", among: Institution.Level.allCases)
        let grade = object.choice("grade", among: Institution.Grade.allCases, isNeeded: false)
        let category = object.choice("category", among: Institution.Category.allCases, isNeeded: false)
        let region = region(object, isNeeded: true)
        let from = object.day("from", isNeeded: false)
        let until = object.day("until", isNeeded: false)
        if let from, let until, until < from {
            object.fault("until", "'until' \(until) 早于 'from' \(from)", "'until' \(until) is before 'from' \(from)")
        }
        let aliases = list("aliases", of: object)
        let codeAliases = list("codeAliases", of: object)
        let changes = changes(object)
        guard let code, let name, let level, let region else { return nil }
        return Institution(
            code: code, name: name, aliases: aliases, codeAliases: codeAliases, level: level, grade: grade,
            category: category, region: region,
            hasFeverClinic: object.flag("hasFeverClinic") ?? false, from: from, until: until, changes: changes)
    }

    private static func list(_ name: String, of object: ObjectReader) -> [String] {
        guard object.has(name), let list = object.list(name, least: 0), !list.isEmpty else { return [] }
        return object.strings(name)
    }

    private static func region(_ object: ObjectReader, isNeeded: Bool) -> String? {
        guard let region = object.string("region", isNeeded: isNeeded) else { return nil }
        guard region.utf8.count == 6, region.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else {
            object.fault(
                "region", "'region' 是 '\(region)'；应为六位行政区划代码（GB/T 2260）",
                "'region' is '\(region)'; six digits of GB/T 2260 are needed")
            return nil
        }
        return region
    }

    private static func changes(_ object: ObjectReader) -> [Institution.Change] {
        var changes: [Institution.Change] = []
        for reader in object.objects("changes", least: 0) {
            guard let reader else { continue }
            reader.allow(["from"] + changeable)
            let from = reader.day("from")
            let change = from.map { from in
                Institution.Change(
                    from: from, level: reader.choice("level", among: Institution.Level.allCases, isNeeded: false),
                    grade: reader.choice("grade", among: Institution.Grade.allCases, isNeeded: false),
                    category: reader.choice("category", among: Institution.Category.allCases, isNeeded: false),
                    region: region(reader, isNeeded: false), hasFeverClinic: reader.flag("hasFeverClinic"))
            }
            if reader.names.allSatisfy({ $0 == "from" }) {
                let known = changeable.joined(separator: ", ")
                reader.fault(
                    at: reader.offset, "没有写明什么变了；可用的有 \(known)", "it does not say what changes; known are \(known)")
            }
            guard let change else { continue }
            if let last = changes.last, change.from <= last.from {
                reader.fault(
                    "from", "'from' \(change.from) 不晚于前一项 \(last.from)；请按日期先后排列",
                    "'from' \(change.from) is not after the one before it, \(last.from); put them in the order of days")
            }
            changes.append(change)
        }
        return changes
    }
}
