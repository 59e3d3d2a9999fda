import Database
import Dictionaries
import SurveillanceKit
import Synchronization
import Validation

/// An institution's tables of codes in memory, while one of its packages is checked.
struct StoredCodes: CodeBook {
    private struct Table {
        var days: ClosedRange<Int>
        /// The names of each code, both brought into the form in which they are compared.
        var names: [[UInt8]: Set<[UInt8]>] = [:]
        /// The national codes that its codes stand for, and whether the deployment has a list that says which codes are national.
        var national: [[UInt8]: [UInt8]] = [:]
        var hasList = false
    }

    private var tables: [String: [Table]] = [:]

    private let lists: NationalLists

    /// Of an institution that has none.
    init(_ lists: NationalLists) { self.lists = lists }

    init(
        _ stored: [CodeTable], of institution: String, _ lists: NationalLists, in connection: any Connection
    ) throws {
        self.lists = lists
        let decided = try MappingStore.mappings(of: institution, in: connection)
        for table in stored {
            guard let entries = try DictionaryStore.entries(of: table.id, institution, in: connection) else { continue }
            add(table, entries, decided)
        }
    }

    /// These tables and one that is not in use yet.
    func adding(
        _ table: CodeTable, _ entries: [CodeEntry], in connection: any Connection
    ) throws -> StoredCodes {
        var codes = self
        codes.add(table, entries, try MappingStore.mappings(of: table.institution, in: connection))
        return codes
    }

    private mutating func add(
        _ table: CodeTable, _ entries: [CodeEntry], _ decided: [String: [[UInt8]: String]]
    ) {
        var read = Table(days: table.days.lowerBound.daysSince1970...table.days.upperBound.daysSince1970)
        let resolution = lists.codes(table.category).map {
            CodeResolution(decided: decided[table.category] ?? [:], national: $0)
        }
        read.hasList = resolution != nil
        for entry in entries {
            let code = CodeText.plain(entry.code.utf8)
            read.names[code, default: []].insert(CodeText.plain(entry.name.utf8))
            // Without a list what the table says is all that is known.
            let national = resolution.map { $0.national(of: entry)?.code } ?? entry.nationalCode
            if let national, !national.isEmpty, read.national[code] == nil {
                read.national[code] = Array(national.utf8)
            }
        }
        tables[table.category, default: []].append(read)
    }

    func hasTable(of dictionary: String) -> Bool { tables[dictionary] != nil }

    func look(up code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int) -> CodeAnswer {
        guard let table = table(dictionary, day) else { return .noTable }
        let plain = CodeText.plain(code)
        guard table.names[plain] != nil else { return .unknown }
        return !table.hasList || table.national[plain] != nil ? .known : .notNational
    }

    func national(of code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int) -> [UInt8]? {
        let plain = CodeText.plain(code)
        if let table = table(dictionary, day), table.names[plain] != nil { return table.national[plain] }
        return lists.codes(dictionary)?.entry(plain: plain).map { Array($0.code.utf8) }
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

/// The tables of the institutions that were checked last: a national one has 36,000 rows, and a daily report may have ten.
///
/// A table never changes; which are in use is read each time.
final class CodeBooks: Sendable {
    private struct Kept {
        var institution: String
        var tables: [String]
        /// By which a decision about a code shows.
        var mappings: String
        var codes: StoredCodes
    }

    private let kept = Mutex<[Kept]>([])
    private let lists: NationalLists

    init(_ lists: NationalLists) { self.lists = lists }

    /// Those of an institution that has no table.
    var none: StoredCodes { StoredCodes(lists) }

    /// Says of an institution's tables and decisions whether they are those that were read before.
    func stamp(of institution: String, in connection: any Connection) throws -> String {
        let tables = try DictionaryStore.tables(of: institution, in: connection).filter { $0.removal == nil }
        return try (tables.map(\.id) + [MappingStore.stamp(of: institution, in: connection)]).joined(separator: " ")
    }

    /// Has an institution's tables read anew.
    func forget(_ institution: String) { kept.withLock { $0.removeAll { $0.institution == institution } } }

    /// Each is some megabytes for a hospital with tables of all categories.
    private static let mostKept = 4

    /// - Parameter dictionaries: those that a file type's fields are checked against; others are not read.
    /// - Returns: nil where the institution has no table in use.
    func codes(
        of institution: String, _ dictionaries: [CodeDictionary], in connection: any Connection
    ) throws -> StoredCodes? {
        let inUse = try DictionaryStore.tables(of: institution, in: connection).filter { $0.removal == nil }
        guard !inUse.isEmpty else { return nil }
        let asked = Set(dictionaries.filter { !$0.uses.isEmpty }.map(\.id))
        let tables = inUse.filter { asked.contains($0.category) }
        let ids = tables.map(\.id)
        let mappings = try MappingStore.stamp(of: institution, in: connection)
        let known = kept.withLock {
            $0.first { $0.institution == institution && $0.tables == ids && $0.mappings == mappings }?.codes
        }
        if let known { return known }
        let codes = try StoredCodes(tables, of: institution, lists, in: connection)
        kept.withLock { kept in
            kept.removeAll { $0.institution == institution }
            kept.insert(Kept(institution: institution, tables: ids, mappings: mappings, codes: codes), at: 0)
            kept = Array(kept.prefix(CodeBooks.mostKept))
        }
        return codes
    }
}
