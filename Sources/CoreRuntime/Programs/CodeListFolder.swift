import Foundation
import SurveillanceKit
import Tabular
import Validation

/// The code lists a program's fields can name: its own, and those that several programs share.
struct CodeListFolder {
    private var lists: [String: CodeList] = [:]

    /// - Parameter folders: `codelists` folders, the program's own first; those that do not exist are passed over.
    init(_ folders: [(url: URL, shownAs: String)]) throws(ProgramError) {
        for folder in folders.reversed() where FileManager.default.fileExists(atPath: folder.url.path) {
            try read(folder.url, folder.shownAs)
        }
    }

    var known: String { lists.keys.sorted().joined(separator: ", ") }

    func list(_ id: String) throws(ProgramError) -> CodeList? { lists[id] }

    private mutating func read(_ folder: URL, _ shown: String) throws(ProgramError) {
        let index = folder.appendingPathComponent("codelists.json")
        let file = "\(shown)/codelists.json"
        do {
            let value = try JSONSerialization.jsonObject(with: try Data(contentsOf: index), options: [.json5Allowed])
            guard let entries = value as? [[String: Any]] else {
                throw ProgramError.unreadable(file: file, reason: "a list of { id, title, severity } is needed")
            }
            for entry in entries {
                let list = try codeList(entry, in: folder, shown)
                lists[list.id] = list
            }
        } catch let error as ProgramError {
            throw error
        } catch {
            throw .unreadable(file: file, reason: JSONObject.reason(error))
        }
    }

    private func codeList(_ entry: [String: Any], in folder: URL, _ shown: String) throws(ProgramError) -> CodeList {
        guard let id = entry["id"] as? String, let title = entry["title"] as? [String: String], let zh = title["zh"],
            let en = title["en"], let severity = (entry["severity"] as? String).flatMap(Severity.init)
        else {
            throw .unreadable(
                file: "\(shown)/codelists.json",
                reason: "each list needs 'id', 'title' { zh, en } and 'severity' (error or warning); see \(entry)")
        }
        let file = "\(shown)/\(id).csv"
        let rows = try CSVText.rows(of: folder.appendingPathComponent("\(id).csv"), shownAs: file)
        let entries = try rows.map { row throws(ProgramError) in
            guard let code = row["code"], !code.isEmpty else { throw .unreadable(file: file, reason: "a row without a code") }
            return CodeList.Entry(code: code, meaning: BilingualText(zh: row["zh"] ?? "", en: row["en"] ?? ""))
        }
        return CodeList(id: id, title: BilingualText(zh: zh, en: en), entries: entries, severity: severity)
    }
}

/// Small CSV files of our own: read whole, with the reader that hospitals' files go through.
enum CSVText {
    static func rows(of url: URL, shownAs file: String) throws(ProgramError) -> [[String: String]] {
        guard let data = try? Data(contentsOf: url) else { throw .unreadable(file: file, reason: "cannot be read") }
        do throws(TableError) {
            return try SmallTable.read(BytesSource(Array(data)))
        } catch {
            throw .unreadable(file: file, reason: error.fault?.message.en ?? "\(error)")
        }
    }
}
