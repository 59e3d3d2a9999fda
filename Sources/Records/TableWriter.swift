import Database
import Deidentification
import SurveillanceKit

/// Stores the rows of one file: new records with numbers of their own, changed ones with the version before in the history.
final class TableWriter {
    let table: RecordTable
    let writer: RecordWriter
    let transaction: any Transaction
    let institution: Int64
    private let insert: any Statement
    private let bulk: BulkTables?
    var counts = StoringCounts()
    var written = Written()
    /// The day of the row under way.
    private var day: Int?
    private let coverPlace: Int
    /// Nil where nobody asks for the records of this file type.
    let observer: (any RecordObserver)?
    /// Keys of new records, entered in order at the end.
    private var waiting: [(key: RecordKey, record: Int64, content: Int64)] = []
    private var numbers: Range<Int64> = 0..<0
    var cells: RecordCells

    /// How many numbers are taken at once; those left over are never used.
    private static let block: Int64 = 1024
    /// Bounds the memory of the keys that wait: 32 bytes each.
    private static let mostWaiting = 262_144

    init(_ table: RecordTable, _ writer: RecordWriter) throws {
        self.table = table
        self.writer = writer
        transaction = writer.transaction
        institution = writer.institution.number
        coverPlace = table.coverPlace ?? -1
        let observes = writer.observer?.observes(program: table.program, fileType: table.fileType.id) ?? false
        observer = observes ? writer.observer : nil
        bulk = try (writer.transaction as? any BulkTransaction).map { try BulkTables(table, $0) }
        insert = try bulk?.records ?? writer.transaction.statement(table.insert)
        cells = RecordCells(table, writer.transaction.dialect)
    }

    func store(_ batch: DeidentifiedBatch) throws {
        try batch.text.withUnsafeBufferPointer { text in
            if let bulk { return try store(batch, text, bulk) }
            for row in batch.rows { try store(row, of: batch, text) }
        }
        observer?.storedBlock()
        if waiting.count > TableWriter.mostWaiting { try flush() }
    }

    func store(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>
    ) throws {
        if row.isWithdrawal { return try withdraw(row) }
        switch row.record {
        case 0?: try add(row, of: batch, text, keyWaits: true)
        case let record?: try change(record, row, of: batch, text)
        case nil: try storeUnknown(row, of: batch, text)
        }
    }

    /// Enters the keys of new records.
    ///
    /// - Throws: `LineListError.sameKeyTwice`.
    func flush() throws {
        if let bulk {
            try bulk.flush(waiting, of: institution)
            return waiting.removeAll(keepingCapacity: true)
        }
        guard !waiting.isEmpty else { return }
        waiting.sort { $0.key < $1.key }
        let statement = try transaction.statement(table.insertKey)
        try statement.bind(institution, at: 0)
        for entry in waiting {
            guard try enter(entry.key, entry.record, entry.content, statement) else {
                throw LineListError.sameKeyTwice
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// False where the key is there already.
    private func enter(_ key: RecordKey, _ record: Int64, _ content: Int64, _ statement: any Statement) throws -> Bool {
        try statement.bind(key.high, at: 1)
        try statement.bind(key.low, at: 2)
        try statement.bind(record, at: 3)
        try statement.bind(content, at: 4)
        try statement.run()
        return transaction.changedRows == 1
    }

    // MARK: New records

    func add(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>, keyWaits: Bool
    ) throws {
        let record = try nextNumber()
        if keyWaits {
            waiting.append((row.identity.key, record, row.identity.content))
        } else {
            let statement = try transaction.statement(table.insertKey)
            try statement.bind(institution, at: 0)
            guard try enter(row.identity.key, record, row.identity.content, statement) else {
                throw LineListError.sameKeyTwice
            }
        }
        try insertRecord(record, row, of: batch, text, lookups: .new)
        counts.added += 1
        written.added.append(record)
        try tell(row, of: batch, as: record, before: nil)
    }

    // MARK: Withdrawing

    /// Withdraws the record of a row's key, where there is one.
    private func withdraw(_ row: DeidentifiedBatch.Row) throws {
        try flush()
        guard row.record != 0, let record = try row.record ?? find(row.identity.key)?.record else {
            counts.unchanged += 1
            return
        }
        let select = try transaction.statement(table.selectRecord)
        try select.bind(record, at: 0)
        guard try select.step() else {
            // It had been withdrawn before.
            return passOver(select)
        }
        if writer.later.contains(select.integer(at: 1)) { return passOver(select) }
        let wasKnown = isKnown(select)
        let before = table.values(of: select)
        leaveDay(select)
        select.reset()
        if wasKnown { try keepVersion(of: record) }
        try transaction.execute(table.delete, [.integer(record)])
        try transaction.execute(
            table.insertWithdrawal,
            [
                .integer(record), .integer(writer.instant.milliseconds), .integer(Instant.distantFuture.milliseconds),
                .integer(institution), .integer(writer.submission), SQLValue(row.number),
            ])
        // The next that comes, whatever it is, is compared with what is stored then.
        try transaction.execute(table.updateKey, [.integer(0)] + parameters(row.identity.key))
        counts.withdrawn += 1
        written.withdrawn.append(record)
        try observer?.returned(
            program: table.program, fileType: table.fileType.id, record: record, key: row.identity.key,
            before: before, after: nil, wasKnown: wasKnown)
    }

    func insertRecord(
        _ record: Int64, _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>,
        lookups: LookupEntry
    ) throws {
        try insert.clearBindings()
        try insert.bind(record, at: 0)
        try insert.bind(institution, at: 1)
        try insert.bind(writer.submission, at: 2)
        try insert.bind(writer.instant.milliseconds, at: 3)
        try insert.bind(Int64(row.number), at: 4)
        day = try cells.bind(row, of: batch, text, to: insert, from: 5)
        try insert.run()
        noteDay(of: record)
        try enterLookups(record, row, of: batch, lookups)
    }

    /// How what children may look for a record by is entered.
    enum LookupEntry {
        /// For a record that nobody has seen.
        case new
        /// With those of other records that have been there before.
        case gathered
        case now
    }

    /// Enters what children may look for a record by; what it held before stays, and is passed over when it is found.
    private func enterLookups(
        _ record: Int64, _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ entry: LookupEntry = .now
    ) throws {
        for set in table.lookups.indices {
            guard let key = table.linkKey(set, row, of: batch) else { continue }
            if let bulk, entry != .now {
                if entry == .new {
                    try bulk.note(set, key, of: institution, record)
                } else {
                    bulk.noteChanged(set, key, record)
                }
                continue
            }
            try transaction.execute(table.insertLookup(set), parameters(key) + [.integer(record)])
        }
    }

    private func nextNumber() throws -> Int64 {
        if numbers.isEmpty {
            let first = try RecordCounters.take(TableWriter.block, of: table.name, in: transaction)
            numbers = first..<first + TableWriter.block
        }
        return numbers.removeFirst()
    }

    private func noteDay(of record: Int64) {
        guard let day else { return }
        written.days[day, default: []].append(record)
        written.dayCounts[day, default: 0] += 1
    }

    /// The day of the version on which the statement stands has a record less.
    func leaveDay(_ select: any Statement) {
        guard coverPlace >= 0, !select.isNull(at: coverPlace + 2),
            let day = select.withBytes(at: coverPlace + 2, { CivilDate(beginning: $0)?.daysSince1970 })
        else { return }
        written.dayCounts[day, default: 0] -= 1
    }

    // MARK: Records there are

    /// Looks a row up here and now: nobody could before.
    private func storeUnknown(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>
    ) throws {
        try flush()
        if let found = try find(row.identity.key) {
            if found.content == row.identity.content {
                counts.unchanged += 1
            } else {
                try change(found.record, row, of: batch, text)
            }
        } else if writer.institution.hasEarlierKeys, let earlier = earlierKey(row, of: batch),
            let found = try find(earlier)
        {
            try transaction.execute(table.deleteKey, parameters(earlier))
            let statement = try transaction.statement(table.insertKey)
            try statement.bind(institution, at: 0)
            // Found by the earlier key alone: 0 is no row's content.
            guard try enter(row.identity.key, found.record, 0, statement) else { throw LineListError.sameKeyTwice }
            try change(found.record, row, of: batch, text)
        } else {
            try add(row, of: batch, text, keyWaits: false)
        }
    }

    private func parameters(_ key: RecordKey) -> [SQLValue] {
        [.integer(institution), .integer(key.high), .integer(key.low)]
    }

    private func find(_ key: RecordKey) throws -> (record: Int64, content: Int64)? {
        let select = try transaction.statement(table.selectKey)
        try select.bind(institution, at: 0)
        try select.bind(key.high, at: 1)
        try select.bind(key.low, at: 2)
        defer { select.reset() }
        guard try select.step() else { return nil }
        return (select.integer(at: 0), select.integer(at: 1))
    }

    private func earlierKey(_ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch) -> RecordKey? {
        let (names, fields) = (Set(table.fileType.primaryKey), table.fileType.fields)
        let values = row.cells.compactMap { index -> (field: Int, value: StoredValue)? in
            let cell = batch.cells[Int(index)]
            let field = Int(cell.field)
            guard field < fields.count, names.contains(fields[field].name) else { return nil }
            return (field, batch.value(of: cell))
        }
        return EarlierKeys.key(of: values)
    }

    /// Replaces a record's current version where any stored value differs.
    private func change(
        _ record: Int64, _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>
    ) throws {
        // A record that this file has brought back is on its way.
        if bulk?.underway.contains(record) == true { try flush() }
        let select = try transaction.statement(table.selectRecord)
        try select.bind(record, at: 0)
        guard try select.step() else {
            // It had been withdrawn.
            select.reset()
            if !writer.later.isEmpty,
                let by: Int64 = try transaction.first(
                    table.selectWithdrawal, [.integer(record), .integer(Instant.distantFuture.milliseconds)]),
                writer.later.contains(by)
            {
                return passOver(select)
            }
            try noteContent(row)
            try transaction.execute(
                table.endWithdrawal,
                [.integer(writer.instant.milliseconds), .integer(record), .integer(Instant.distantFuture.milliseconds)])
            try insertRecord(record, row, of: batch, text, lookups: .now)
            bulk?.underway.insert(record)
            counts.added += 1
            written.added.append(record)
            return try tell(row, of: batch, as: record, before: nil)
        }
        if cells.isSame(row, of: batch, text, as: select) {
            select.reset()
            try noteContent(row)
            counts.unchanged += 1
            return
        }
        if writer.later.contains(select.integer(at: 1)) { return passOver(select) }
        let wasKnown = isKnown(select)
        let before = observer == nil ? nil : table.values(of: select)
        leaveDay(select)
        select.reset()
        try noteContent(row)
        if wasKnown { try keepVersion(of: record) }
        let update = try transaction.statement(table.update)
        try update.clearBindings()
        try update.bind(writer.submission, at: 0)
        try update.bind(writer.instant.milliseconds, at: 1)
        try update.bind(Int64(row.number), at: 2)
        day = try cells.bind(row, of: batch, text, to: update, from: 3)
        try update.bind(record, at: 3 + table.columns.count)
        try update.run()
        noteDay(of: record)
        try enterLookups(record, row, of: batch)
        // What the same submission has brought before is new as a whole.
        counts.changed += 1
        if wasKnown { written.changed.append(record) }
        try tell(row, of: batch, as: record, before: before, wasKnown: wasKnown)
    }

    /// Leaves a record as it is: it is as the row wants it, or what counts more than this submission has written it since.
    private func passOver(_ select: any Statement) {
        select.reset()
        counts.unchanged += 1
    }

    /// Whether the version that the statement stands on was known before: of one that this very submission brought nothing is kept.
    func isKnown(_ select: any Statement) -> Bool { select.integer(at: 0) != writer.instant.milliseconds }

    private func keepVersion(of record: Int64) throws {
        try transaction.execute(table.keepVersion, [.integer(writer.instant.milliseconds), .integer(record)])
    }

    private func noteContent(_ row: DeidentifiedBatch.Row) throws {
        try transaction.execute(table.updateKey, [.integer(row.identity.content)] + parameters(row.identity.key))
    }

    func tell(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, as record: Int64, before: RecordValues?,
        wasKnown: Bool = false
    ) throws {
        writer.onWritten?(batch, row)
        try observer?.stored(row, of: batch, as: record, before: before, wasKnown: wasKnown)
    }
}
