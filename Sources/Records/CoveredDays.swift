public import Database
import SurveillanceKit

/// The records of one file type that a package holds, so that those it should hold and does not are found.
struct CoveredDays {
    let table: RecordTable
    let days: Int
    private var present: [Int64] = []
    private var keys: [RecordKey] = []
    private(set) var latest: Int?
    /// What has vanished, where that was found before the transaction began.
    private var found: [Int64]?
    /// The first of the package's files of this type: what vanished is told there.
    let file: Int

    init?(_ table: RecordTable, file: Int) {
        guard let days = table.coveredDays, table.coverPlace != nil else { return nil }
        self.table = table
        self.days = days
        self.file = file
    }

    mutating func note(_ held: RecordWriter.HeldFile) {
        present += held.records
        keys += held.keys
        if let day = held.latestDay { latest = max(latest ?? day, day) }
    }

    mutating func note(vanished records: [Int64]) { found = records }

    /// Whether every row of the package was looked up, so that what has vanished can be told before the rows are stored.
    var isLookedUp: Bool { keys.isEmpty }

    /// The stored records of the days that end with the package's latest that are not in it.
    ///
    /// Looks only at records that submissions of the institution are known to have brought for one of these days.
    mutating func vanished(institution: Int64, _ transaction: any Transaction) throws -> [Int64] {
        if let found { return found }
        guard latest != nil else { return [] }
        if let bulk = transaction as? any BulkTransaction, !keys.isEmpty {
            var found: [Int64] = []
            try bulk.forEachMatch(
                table.matchKeys, [.integer(institution)], keys: [keys.map(\.high), keys.map(\.low)]
            ) { found.append($0.integer(at: 1)) }
            present += found
            keys = []
        }
        for key in keys {
            let record: Int64? = try transaction.first(
                table.selectKey, [.integer(institution), .integer(key.high), .integer(key.low)])
            if let record { present.append(record) }
        }
        return try missing(institution: institution, transaction)
    }

    /// As `vanished`, of a package whose rows were all looked up.
    mutating func missing(institution: Int64, _ connection: any Connection) throws -> [Int64] {
        guard let latest else { return [] }
        // The rows of a package mostly come in the order in which their records were stored.
        if !zip(present, present.dropFirst()).allSatisfy({ $0 <= $1 }) { present.sort() }
        let present = present
        let first = latest - days + 1
        var missing: [Int64] = []
        try connection.forEachRow(
            """
            SELECT records FROM record_day WHERE institution = ? AND program = ? AND file_type = ? AND day >= ? AND day <= ?
            """,
            [
                .integer(institution), .text(table.program), .text(table.fileType.id), SQLValue(first),
                SQLValue(latest),
            ]
        ) { row in
            CoveredDays.add(RecordNumbers.runs(try row[0]), without: present, to: &missing)
        }
        var vanished: [Int64] = []
        let select = try connection.statement(table.selectCoverDays)
        for run in RecordNumbers.runs(missing) {
            try select.bind(run.lowerBound, at: 0)
            try select.bind(run.upperBound, at: 1)
            defer { select.reset() }
            while try select.step() {
                let day = select.withBytes(at: 1) { CivilDate(beginning: $0)?.daysSince1970 }
                if let day, day >= first, day <= latest { vanished.append(select.integer(at: 0)) }
            }
        }
        return vanished
    }

    /// Adds the numbers of runs that are not among others; both ascend.
    private static func add(_ runs: [Range<Int64>], without present: [Int64], to missing: inout [Int64]) {
        guard let first = runs.first else { return }
        present.withUnsafeBufferPointer { present in
            var place = present.partitioningIndex { $0 >= first.lowerBound }
            for run in runs {
                var record = run.lowerBound
                while record < run.upperBound {
                    while place < present.count, present[place] < record { place &+= 1 }
                    if place == present.count || present[place] != record { missing.append(record) }
                    record &+= 1
                }
            }
        }
    }
}

extension LineList {
    /// The records of one file type that a package should hold and does not.
    public struct Vanished: Hashable, Sendable {
        public var program: String
        public var fileType: String
        public var records: [Int64]
    }

    /// What vanishes with a package, before its rows are stored: as they are, while the writer is at something else.
    ///
    /// File types of which not every row was looked up are left out; `RecordWriter` looks for those.
    ///
    /// - Parameter institution: nil where nothing was known of it.
    public func vanished(
        _ files: [RecordWriter.HeldFile], of institution: KnownInstitution?, in connection: any Connection
    ) throws -> [Vanished] {
        var covered: [String: CoveredDays] = [:]
        for held in files {
            let table = try table(held.program, held.fileType)
            if covered[table.name] == nil { covered[table.name] = CoveredDays(table, file: 0) }
            covered[table.name]?.note(held)
        }
        return try covered.values.filter(\.isLookedUp).map { days in
            var days = days
            let records = try institution.map { try days.missing(institution: $0.number, connection) } ?? []
            return Vanished(program: days.table.program, fileType: days.table.fileType.id, records: records)
        }
    }
}

extension UnsafeBufferPointer where Element == Int64 {
    /// The first place at which a condition holds that holds from some place on.
    fileprivate func partitioningIndex(where holds: (Int64) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
