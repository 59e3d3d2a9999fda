import Database
import Deidentification
import SurveillanceKit

/// The tables of one file type as they take rows in bulk, where the engine does.
final class BulkTables {
    let records: any BulkInsert
    private let keys: any BulkInsert
    private let lookups: [any BulkInsert]
    let transaction: any BulkTransaction
    /// Records with an earlier number that are on their way: new ones nobody can ask for.
    var underway: Set<Int64> = []
    /// By set, what children may look for changed records by: some may be entered already.
    private var changedLookups: [[[Int64]]]

    init(_ table: RecordTable, _ transaction: any BulkTransaction) throws {
        self.transaction = transaction
        changedLookups = table.lookups.map { _ in [[], [], []] }
        records = try transaction.bulkInsert(into: table.quoted(table.name), columns: table.insertColumns)
        keys = try transaction.bulkInsert(into: table.key, columns: RecordTable.keyColumns)
        lookups = try table.lookups.indices.map {
            try transaction.bulkInsert(into: table.lookup($0), columns: RecordTable.lookupColumns)
        }
    }

    /// Enters what children may look for a new record by.
    func note(_ set: Int, _ key: RecordKey, of institution: Int64, _ record: Int64) throws {
        for (position, number) in [institution, key.high, key.low, record].enumerated() {
            try lookups[set].bind(number, at: position)
        }
        try lookups[set].run()
    }

    /// Enters what children may look for a record by that has been there before.
    func noteChanged(_ set: Int, _ key: RecordKey, _ record: Int64) {
        for (position, number) in [key.high, key.low, record].enumerated() {
            changedLookups[set][position].append(number)
        }
    }

    /// Sends what `noteChanged` has kept.
    func enterChanged(_ table: RecordTable, of institution: Int64) throws {
        for set in changedLookups.indices where !changedLookups[set][0].isEmpty {
            try transaction.execute(table.insertLookups(set), [.integer(institution)], keys: changedLookups[set])
            changedLookups[set] = [[], [], []]
        }
    }

    /// Sends all that is on its way, with the keys of new records.
    ///
    /// - Throws: `LineListError.sameKeyTwice`; the transaction is of no use then.
    func flush(_ waiting: [(key: RecordKey, record: Int64, content: Int64)], of institution: Int64) throws {
        do {
            for entry in waiting.sorted(by: { $0.key < $1.key }) {
                let row = [institution, entry.key.high, entry.key.low, entry.record, entry.content]
                for (position, number) in row.enumerated() { try keys.bind(number, at: position) }
                try keys.run()
            }
            try keys.flush()
        } catch DatabaseError.constraint(.unique, _) {
            throw LineListError.sameKeyTwice
        }
        try records.flush()
        for lookup in lookups { try lookup.flush() }
        underway.removeAll()
    }
}
