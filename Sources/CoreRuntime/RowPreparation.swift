import Database
import Deidentification
import Records
import ShangMi
import SurveillanceKit
import Synchronization
import Validation

/// The rows of one block as the line list takes them.
struct PreparedRows: Sendable {
    /// How many rows of the block were prepared.
    var count: Int
    /// Those that are new or may have changed, de-identified.
    var rows: DeidentifiedBatch
    /// The numbers of those that were stored before as they are, ascending.
    var unchanged: [Int]
    /// Where the program covers days: the records that rows were found to be, also of rows that are rejected afterwards, and the keys of
    /// those that nobody could look up.
    var records: [Int64] = []
    var keys: [RecordKey] = []
    /// The numbers of rows that have no name of their own: they are de-identified when all rows before them are known.
    var waiting: [Waiting] = []

    struct Waiting: Sendable {
        var number: Int
        var record: Int64?
    }

    /// Keeps what stands: rows that were rejected after all are left out.
    mutating func keep(_ standing: [CheckedBatch.Row]) {
        guard standing.count < count else { return }
        let numbers = standing.lazy.map(\.number)
        rows.keep(rowsNumbered: numbers)
        if !waiting.isEmpty {
            let standing = Set(numbers)
            waiting.removeAll { !standing.contains($0.number) }
        }
        guard !unchanged.isEmpty else { return }
        var next = standing.startIndex
        unchanged.removeAll { number in
            while next < standing.endIndex, standing[next].number < number { next += 1 }
            return next == standing.endIndex || standing[next].number != number
        }
    }
}

/// What the checking threads need to prepare a package's rows: the line list as it was when the check began.
final class PackageLookups: Sendable {
    let data: DataFolder
    let institution: String
    let known: LineList.KnownInstitution?
    /// False where each row has to be looked up as it is stored.
    private let looksUp: Bool
    private let expectedRows: Int
    private let files = Mutex<(current: Int, first: [String: Int])>((0, [:]))
    /// By file type, what finds its rows.
    private let keys = Mutex<[String: KnownKeys]>([:])
    /// The names that rows of the package give for their visits.
    let visits = VisitNames()
    /// For the rows that wait, by file type; used by whoever puts the file together.
    private let late = Mutex<[String: RowPreparation.Tools]>([:])

    /// - Parameter expectedRows: about how many rows the package has; 0 for a small one.
    init(_ data: DataFolder, institution: String, expectedRows: Int, looksUp: Bool) throws {
        self.data = data
        self.expectedRows = expectedRows
        self.institution = institution
        self.looksUp = looksUp
        known = try data.records.readBlocking { try data.lineList.institution(institution, in: $0) }
    }

    /// What finds the rows of a file type; nil where nothing is known of the institution.
    func keys(of type: CompiledFileType) -> KnownKeys? {
        guard let known else { return nil }
        return keys.withLock { keys in
            let name = "\(type.program.id)/\(type.id)"
            let found =
                keys[name]
                ?? KnownKeys(
                    program: type.program.id, fileType: type.id, institution: known, expectedRows: expectedRows)
            keys[name] = found
            return found
        }
    }

    func begin(file: Int) { files.withLock { $0.current = file } }

    /// De-identifies rows that had to wait for the names of those before them.
    func complete(_ waiting: [PreparedRows.Waiting], of batch: CheckedBatch) throws -> PreparedRows {
        try late.withLock { late in
            let tools = try late[batch.type.id] ?? RowPreparation.Tools(batch.type, self)
            late[batch.type.id] = tools
            let records = Dictionary(waiting.map { ($0.number, $0.record) }, uniquingKeysWith: { first, _ in first })
            let identities = tools.hashes.identities(of: batch)
            let rows = tools.deidentifier.apply(batch, identities) { index in
                guard let record = records[batch.rows[index].number] else { return (nil, true) }
                return (record, false)
            }
            return PreparedRows(count: batch.rows.count, rows: rows, unchanged: [])
        }
    }

    /// Whether rows of the current file can be looked up before they are stored: a second file of a type may change what the first brings.
    func canLookUp(_ type: CompiledFileType) -> Bool {
        looksUp
            && files.withLock { files in
                let name = "\(type.program.id)/\(type.id)"
                let first = files.first[name] ?? files.current
                files.first[name] = first
                return first == files.current
            }
    }
}

/// Prepares the rows of one file on one of the checking threads: looks them up, and de-identifies those that are not stored as they are.
final class RowPreparation: BlockWork {
    private let type: CompiledFileType
    private let lookups: PackageLookups
    private let looksUp: Bool
    private let keys: KnownKeys?
    private var tools: Tools?

    /// Unchecked: each is used by one thread at a time.
    final class Tools: @unchecked Sendable {
        let hashes: RowHashes
        var deidentifier: Deidentifier

        init(_ type: CompiledFileType, _ lookups: PackageLookups) throws {
            let key = lookups.data.pseudonymKey
            hashes = try RowHashes(type, institution: lookups.institution, key: key)
            deidentifier = try Deidentifier(
                type, institution: lookups.institution, key: key, visits: lookups.visits)
        }
    }

    init(_ type: CompiledFileType, _ lookups: PackageLookups) {
        self.type = type
        self.lookups = lookups
        looksUp = lookups.canLookUp(type)
        keys = lookups.keys(of: type)
    }

    func work(on batch: CheckedBatch) throws -> any Sendable {
        let tools = try self.tools ?? Tools(type, lookups)
        self.tools = tools
        let identities = tools.hashes.identities(of: batch)
        let nameless = Set(tools.deidentifier.noteNames(of: batch))
        let standings = try standings(of: identities)
        var unchanged: [Int] = []
        var waiting: [PreparedRows.Waiting] = []
        var (records, keys): ([Int64], [RecordKey]) = ([], [])
        if type.program.coverage != nil {
            for (index, identity) in identities.enumerated() {
                switch standings?[index] {
                case .new: break
                case .stored(let record), .unchanged(let record): records.append(record)
                case .unknown, nil: keys.append(identity.key)
                }
            }
        }
        let rows = tools.deidentifier.apply(batch, identities) { index in
            let record: Int64?
            switch standings?[index] {
            case .new: record = 0
            case .stored(let known): record = known
            case .unknown, nil: record = nil
            case .unchanged(let known) where batch.rows[index].isWithdrawal: record = known
            case .unchanged:
                unchanged.append(batch.rows[index].number)
                return (nil, true)
            }
            guard !nameless.contains(index) || batch.rows[index].isWithdrawal else {
                waiting.append(PreparedRows.Waiting(number: batch.rows[index].number, record: record))
                return (nil, true)
            }
            return (record, false)
        }
        return PreparedRows(
            count: batch.rows.count, rows: rows, unchanged: unchanged, records: records, keys: keys, waiting: waiting)
    }

    /// Nil where nothing can be told before the rows are stored.
    private func standings(of identities: [RowIdentity]) throws -> [LineList.Standing]? {
        guard looksUp else { return nil }
        guard let keys else { return Array(repeating: .new, count: identities.count) }
        if let held = keys.heldStandings(of: identities) { return held }
        return try lookups.data.records.readBlocking { connection in
            try keys.standings(of: identities, lookups.data.lineList, in: connection)
        }
    }
}
