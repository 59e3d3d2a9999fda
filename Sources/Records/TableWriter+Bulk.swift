import Database
import Deidentification
import SurveillanceKit

/// How a block of rows is stored where each statement is a way to a server: what is stored of its records is asked for at once, and versions
/// that change are kept, taken out and sent anew by one statement each, however many they are.
extension TableWriter {
    /// What becomes of a row.
    private enum Step {
        /// By statements of its own.
        case alone
        case new
        /// The row is stored as it is, and is known so.
        case known
        /// The row is stored as it is; its hash is another than what is noted.
        case unchanged
        /// The row changes its record.
        case change(record: Int64, wasKnown: Bool, before: RecordValues?)
        /// The record had been withdrawn and is there again.
        case bringBack(record: Int64)
    }

    func store(_ batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>, _ bulk: BulkTables) throws {
        let steps = try steps(of: batch, text, bulk)
        try prepare(steps, batch, bulk)
        for (index, row) in batch.rows.enumerated() {
            switch steps[index] {
            case .alone: try store(row, of: batch, text)
            case .new: try add(row, of: batch, text, keyWaits: true)
            case .known, .unchanged: counts.unchanged += 1
            case .change(let record, let wasKnown, let before):
                try insertRecord(record, row, of: batch, text, lookups: .gathered)
                bulk.underway.insert(record)
                counts.changed += 1
                if wasKnown { written.changed.append(record) }
                try tell(row, of: batch, as: record, before: before, wasKnown: wasKnown)
            case .bringBack(let record):
                try insertRecord(record, row, of: batch, text, lookups: .gathered)
                bulk.underway.insert(record)
                counts.added += 1
                written.added.append(record)
                try tell(row, of: batch, as: record, before: nil)
            }
        }
        try bulk.enterChanged(table, of: institution)
    }

    /// Looks at what is stored of the rows' records. Rows of which the block has several with one key go alone: each sees what the one
    /// before has changed.
    private func steps(
        of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>, _ bulk: BulkTables
    ) throws -> [Step] {
        var steps = [Step](repeating: .alone, count: batch.rows.count)
        var asked = batch.rows.indices.filter { !batch.rows[$0].isWithdrawal && batch.rows[$0].record != 0 }
        guard !asked.isEmpty else { return steps }
        var times: [RecordKey: Int] = [:]
        for row in batch.rows { times[row.identity.key, default: 0] += 1 }
        asked.removeAll { times[batch.rows[$0].identity.key] != 1 }
        let (records, known) = try records(of: asked, batch)
        for index in known { steps[index] = .known }
        if !writer.institution.hasEarlierKeys {
            for index in asked where records[index] == nil && !known.contains(index) { steps[index] = .new }
        }
        asked = asked.filter { records[$0] != nil }
        guard !asked.isEmpty else { return steps }
        if asked.contains(where: { records[$0].map(bulk.underway.contains) ?? false }) { try flush() }
        // What had been withdrawn by one that counts more is looked at alone.
        for index in asked where writer.later.isEmpty { steps[index] = .bringBack(record: records[index] ?? 0) }
        let placeAt = 2 + table.columns.count
        try bulk.transaction.forEachMatch(
            table.matchRecords, [], keys: [asked.map { records[$0] ?? 0 }]
        ) { select in
            let index = asked[Int(select.integer(at: placeAt)) - 1]
            if cells.isSame(batch.rows[index], of: batch, text, as: select) {
                steps[index] = .unchanged
            } else if writer.later.contains(select.integer(at: 1)) {
                steps[index] = .alone
            } else {
                leaveDay(select)
                steps[index] = .change(
                    record: records[index] ?? 0, wasKnown: isKnown(select),
                    before: observer == nil ? nil : table.values(of: select))
            }
        }
        return steps
    }

    /// The records of rows: as they are known, or by their keys where nobody has looked them up. Rows whose key is not there have none.
    ///
    /// - Returns: the records by the rows' places in the block, and the places of rows that are known as they are.
    private func records(
        of asked: [Int], _ batch: DeidentifiedBatch
    ) throws -> (records: [Int: Int64], known: Set<Int>) {
        var records: [Int: Int64] = [:]
        for index in asked { records[index] = batch.rows[index].record }
        let unknown = asked.filter { batch.rows[$0].record == nil }
        guard !unknown.isEmpty, let transaction = transaction as? any BulkTransaction else { return (records, []) }
        try flush()
        var known: Set<Int> = []
        let keys = unknown.map { batch.rows[$0].identity.key }
        try transaction.forEachMatch(
            table.matchKeys, [.integer(institution)], keys: [keys.map(\.high), keys.map(\.low)]
        ) { row in
            let index = unknown[Int(row.integer(at: 0)) - 1]
            if row.integer(at: 2) == batch.rows[index].identity.content {
                known.insert(index)
            } else {
                records[index] = row.integer(at: 1)
            }
        }
        return (records, known)
    }

    /// Keeps the versions that are replaced, and takes them out of the current ones.
    private func prepare(_ steps: [Step], _ batch: DeidentifiedBatch, _ bulk: BulkTables) throws {
        var (kept, replaced, back): ([Int64], [Int64], [Int64]) = ([], [], [])
        var contents: [[Int64]] = [[], [], []]
        for (index, step) in steps.enumerated() {
            switch step {
            case .alone, .new, .known: continue
            case .unchanged: break
            case .change(let record, let wasKnown, _):
                replaced.append(record)
                if wasKnown { kept.append(record) }
            case .bringBack(let record): back.append(record)
            }
            let identity = batch.rows[index].identity
            for (position, number) in [identity.key.high, identity.key.low, identity.content].enumerated() {
                contents[position].append(number)
            }
        }
        let (instant, end) = (SQLValue.integer(writer.instant.milliseconds), Instant.distantFuture.milliseconds)
        if !contents[0].isEmpty {
            try bulk.transaction.execute(table.updateKeys, [.integer(institution)], keys: contents)
        }
        if !kept.isEmpty { try bulk.transaction.execute(table.keepVersions, [instant], keys: [kept]) }
        if !replaced.isEmpty { try bulk.transaction.execute(table.deleteAll, [], keys: [replaced]) }
        if !back.isEmpty { try bulk.transaction.execute(table.endWithdrawals, [instant, .integer(end)], keys: [back]) }
    }
}
