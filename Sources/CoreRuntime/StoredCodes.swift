import Database
import Dictionaries
import SurveillanceKit
import Validation

/// An institution's tables of codes in memory, while one of its packages is checked.
struct StoredCodes: CodeBook {
    private struct Table {
        var days: ClosedRange<Int>
        /// The names of each code, both brought into the form in which they are compared.
        var names: [[UInt8]: Set<[UInt8]>] = [:]
    }

    private var tables: [String: [Table]] = [:]

    /// - Returns: nil where the institution has no table in use.
    init?(of institution: String, in connection: any Connection) throws {
        for table in try DictionaryStore.tables(of: institution, in: connection) where table.removal == nil {
            guard let entries = try DictionaryStore.entries(of: table.id, institution, in: connection) else { continue }
            var read = Table(days: table.days.lowerBound.daysSince1970...table.days.upperBound.daysSince1970)
            for entry in entries {
                let name = CodeText.plain(entry.name.utf8)
                read.names[CodeText.plain(entry.code.utf8), default: []].insert(name)
            }
            tables[table.category, default: []].append(read)
        }
        guard !tables.isEmpty else { return nil }
    }

    func look(up code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int) -> CodeAnswer {
        guard let table = table(dictionary, day) else { return .noTable }
        return table.names[CodeText.plain(code)] == nil ? .unknown : .known
    }

    func names(
        of code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int,
        include text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        table(dictionary, day)?.names[CodeText.plain(code)]?.contains(CodeText.plain(text)) ?? true
    }

    private func table(_ dictionary: String, _ day: Int) -> Table? {
        tables[dictionary]?.first { $0.days.contains(day) }
    }
}
