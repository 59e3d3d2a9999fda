import Foundation
import SurveillanceKit
import Tabular
import Validation

/// The code lists a program's fields can name: its own, and those that several programs share.
struct CodeListFolder: Sendable {
    private var lists: [String: CodeList] = [:]

    /// - Parameters:
    ///   - folder: a `codelists` folder; one that does not exist has none.
    ///   - shared: lists known already; the folder's own go before them.
    init(_ folder: URL, shownAs shown: String, shared: CodeListFolder? = nil) throws(ProgramError) {
        lists = shared?.lists ?? [:]
        if FileManager.default.fileExists(atPath: folder.path) { try read(folder, shown) }
    }

    var known: String { lists.keys.sorted().joined(separator: ", ") }

    func list(_ id: String) throws(ProgramError) -> CodeList? { lists[id] }

    private mutating func read(_ folder: URL, _ shown: String) throws(ProgramError) {
        let index = folder.appendingPathComponent("codelists.json")
        let file = "\(shown)/codelists.json"
        guard case .array(let entries) = try JSONValue(contentsOf: index, shownAs: file) else {
            throw .unreadable(file: file, reason: "a list of { id, title, severity } is needed")
        }
        for (place, entry) in entries.enumerated() {
            guard case .object(let members) = entry else {
                throw .unreadable(file: file, reason: "[\(place)]: an object { … } is needed")
            }
            let list = try codeList(JSONObject(members, file: file, place: "[\(place)]"), in: folder, shown)
            lists[list.id] = list
        }
    }

    private func codeList(_ entry: JSONObject, in folder: URL, _ shown: String) throws(ProgramError) -> CodeList {
        try entry.allow(["id", "title", "severity"])
        let id = try entry.string("id")
        guard let severity = try entry.choice("severity", Severity.self) else {
            throw entry.fault("'severity' is missing")
        }
        let file = "\(shown)/\(id).csv"
        let rows = try CSVText.cells(of: folder.appendingPathComponent("\(id).csv"), shownAs: file)
        let columns = ["code", "zh", "en"].map { rows.first?.firstIndex(of: $0) }
        let entries = try rows.dropFirst().map { cells throws(ProgramError) in
            let entry = columns.map { column in
                column.flatMap { cells.indices.contains($0) ? cells[$0] : nil } ?? ""
            }
            guard !entry[0].isEmpty else { throw .unreadable(file: file, reason: "a row without a code") }
            return CodeList.Entry(code: entry[0], meaning: BilingualText(zh: entry[1], en: entry[2]))
        }
        return CodeList(id: id, title: try entry.text("title"), entries: entries, severity: severity)
    }
}

/// Small CSV files of our own: read whole, with the reader that hospitals' files go through.
enum CSVText {
    /// The cells of every row, the header first.
    static func cells(of url: URL, shownAs file: String) throws(ProgramError) -> [[String]] {
        guard let data = try? Data(contentsOf: url) else { throw .unreadable(file: file, reason: "cannot be read") }
        do throws(TableError) {
            return try SmallTable.cells(BytesSource(Array(data)))
        } catch {
            throw .unreadable(file: file, reason: error.fault?.message.en ?? "\(error)")
        }
    }
}
