import Foundation
import JSON
import SurveillanceKit
import Tabular

/// The code lists that a program's fields can name: its own, and those that several programs share.
struct CodeListFolder: Sendable {
    enum Answer {
        case known(CodeList)
        /// It is there and has mistakes, told at its file.
        case faulty(file: String)
        case missing
    }

    private var lists: [String: CodeList] = [:]
    private var faulty: [String: String] = [:]
    /// What is wrong with this folder, without what is wrong with the shared one.
    private(set) var mistakes: [ProgramMistake] = []

    /// - Parameters:
    ///   - folder: a `codelists` folder; one that does not exist has none.
    ///   - shared: lists known already; the folder's own go before them.
    init(_ folder: URL, shownAs shown: String, shared: CodeListFolder? = nil) {
        lists = shared?.lists ?? [:]
        faulty = shared?.faulty ?? [:]
        guard let names = FolderFile.names(in: folder), !names.isEmpty else { return }
        let index = SourceFile(folder.appendingPathComponent("codelists.json"), shownAs: "\(shown)/codelists.json")
        let ids = read(index, in: folder, shown)
        mistakes += index.mistakes
        // Without its index nobody can say which files belong there.
        guard let ids else { return }
        for name in names where name != "codelists.json" {
            let lowered = name.lowercased()
            guard lowered.hasSuffix(".csv") || lowered.hasSuffix(".json"), !ids.contains(name) else { continue }
            mistakes.append(
                ProgramMistake(
                    file: "\(shown)/\(name)",
                    message: BilingualText(
                        zh: "codelists.json 没有列出这个文件；请列出或删除（文件名为 <id>.csv）",
                        en: "codelists.json does not list this file; list it or remove it (its name is <id>.csv)")))
        }
    }

    var known: String { lists.keys.sorted().joined(separator: ", ") }

    func list(_ id: String) -> Answer {
        if let file = faulty[id] { return .faulty(file: file) }
        return lists[id].map { .known($0) } ?? .missing
    }

    /// Reads every list; nil where the index is none. Answers the names of the files that it lists.
    private mutating func read(_ index: SourceFile, in folder: URL, _ shown: String) -> Set<String>? {
        guard let document = index.document else { return nil }
        guard case .array(let entries) = document.root.content else {
            index.note(
                document.root.offset, "这里需要列表 [ { id, title, severity } ]",
                "a list of { id, title, severity } is needed here")
            return nil
        }
        var own: Set<String> = []
        for entry in entries {
            guard var object = ObjectReader(entry, in: index) else { continue }
            if case .string(let id)? = object.value("id")?.content {
                object.subject = BilingualText(zh: "代码表 \(id)：", en: "code list \(id): ")
            }
            object.allow(["id", "title", "severity"])
            let id = object.string("id", like: .codeList)
            let title = object.text("title")
            let severity = object.choice("severity", among: Severity.allCases)
            guard let id else { continue }
            guard own.insert(id).inserted else {
                object.fault("id", "代码表 '\(id)' 出现两次", "code list '\(id)' stands twice")
                continue
            }
            let table = CodeTableFile(folder.appendingPathComponent("\(id).csv"), shownAs: "\(shown)/\(id).csv")
            mistakes += table.mistakes
            faulty[id] = nil
            if let title, let severity, table.mistakes.isEmpty {
                lists[id] = CodeList(id: id, title: title, entries: table.entries, severity: severity)
            } else {
                faulty[id] = table.mistakes.isEmpty ? index.shown : "\(shown)/\(id).csv"
            }
        }
        return Set(own.map { "\($0).csv" })
    }
}
