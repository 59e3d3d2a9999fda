import Dictionaries
import Foundation
import SurveillanceKit
import Synchronization
import Tabular

/// The national lists of codes, one file a category in a folder of the configuration: `icd-diagnosis.xlsx`, in any form in which hospitals
/// may upload theirs.
///
/// Files are read at the start, so that a wrong one keeps the server from starting; the index of a list is built when it is first used.
final class NationalLists: Sendable {
    private let entries: [String: [CodeEntry]]
    private let built = Mutex<[String: NationalCodes]>([:])

    /// - Parameter folder: nil, or one that is not there, for no lists.
    /// - Throws: `NationalListError` with the file and what is wrong with it.
    init(folder: URL?, of dictionaries: [CodeDictionary]) throws {
        var entries: [String: [CodeEntry]] = [:]
        guard let folder, FileManager.default.fileExists(atPath: folder.path) else {
            self.entries = [:]
            return
        }
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent })
        where !file.lastPathComponent.hasPrefix(".") {
            let name = file.lastPathComponent
            guard TableFormat.isTable(named: name) || name.lowercased().hasSuffix(".zip") else { continue }
            let category = file.deletingPathExtension().lastPathComponent
            guard let dictionary = dictionaries.first(where: { $0.id == category }) else {
                let known = Set(dictionaries.map(\.id)).sorted().joined(separator: ", ")
                throw NationalListError(
                    file: file.path,
                    reason: BilingualText(
                        zh: "没有监测项目使用类别“\(category)”；已有的类别：\(known)",
                        en: "no program has a category '\(category)'; there are \(known)"))
            }
            guard entries[category] == nil else {
                throw NationalListError(
                    file: file.path,
                    reason: BilingualText(zh: "该类别另有一个文件", en: "the category has another file beside it"))
            }
            do {
                let source = BytesSource(Array(try Data(contentsOf: file)))
                entries[category] = try DictionaryFile(name: name, source: source, of: dictionary).entries
            } catch let refusal as DictionaryRefusal {
                throw NationalListError(file: file.path, reason: refusal.message)
            }
        }
        self.entries = entries
    }

    /// The list of a category; nil where the deployment has none.
    func codes(_ category: String) -> NationalCodes? {
        guard let own = entries[category] else { return nil }
        return built.withLock { built in
            if let codes = built[category] { return codes }
            let codes = NationalCodes(own)
            built[category] = codes
            return codes
        }
    }

    var categories: Set<String> { Set(entries.keys) }
}

/// A file of national codes that cannot be used.
struct NationalListError: Error, CustomStringConvertible {
    var file: String
    var reason: BilingualText
    var message: BilingualText { BilingualText(zh: "\(file)：\(reason.zh)", en: "\(file): \(reason.en)") }
    var description: String { message.en }
}
