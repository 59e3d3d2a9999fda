public import Database
public import Deidentification
import SurveillanceKit
import Synchronization

/// Looks up the rows of one file type of a package, and holds the institution's keys in memory where the package has many rows: a look-up
/// there costs a tenth of one in the database.
///
/// Small packages are looked up in the database alone. The keys are hashes, so the first few in their order tell how many there are; all
/// are read once that pays, by the threads that ask, each a part of them.
public final class KnownKeys: Sendable {
    /// Rows that are looked up in the database before anything else is thought of.
    static let fewRows = 4096
    /// More keys than this are not held: 32 bytes each.
    static let mostKeys = 1 << 20
    /// So many keys are read for each row that has been looked up before. To read one costs about a fifth of a look-up, measured on SQLite with
    /// 100,000 keys; rows that follow cost next to nothing then.
    private static let keysPerLookup = 16
    /// So many keys are read for each row that is expected and has not come yet.
    private static let keysPerExpected = 4
    /// The ranges of a key's first half that are read at once: half of all keys each.
    private static let parts: [ClosedRange<Int64>] = [.min ... -1, 0 ... .max]

    private let program: String
    private let fileType: String
    private let institution: LineList.KnownInstitution
    private let expectedRows: Int
    private let state = Mutex(State())

    private struct State {
        var lookedUp = 0
        /// How many keys there are, once that has been estimated.
        var estimate: Int?
        var isEstimating = false
        /// The parts that nobody reads or has read yet.
        var waiting = Array(KnownKeys.parts.indices)
        var read: [Int: SortedKeys] = [:]
        /// All keys, once every part has been read: a part each.
        var index: [SortedKeys]?
    }

    private enum Job {
        case estimate
        case read(Int)
    }

    /// - Parameter expectedRows: about how many rows the package has; 0 where that is not known, or they are few.
    public init(program: String, fileType: String, institution: LineList.KnownInstitution, expectedRows: Int = 0) {
        self.program = program
        self.fileType = fileType
        self.institution = institution
        self.expectedRows = expectedRows
    }

    /// As `LineList.standings`, for rows of the package one after the other; several threads may ask.
    public func standings(
        of identities: [RowIdentity], _ lineList: LineList, in connection: any Connection
    ) throws -> [LineList.Standing] {
        state.withLock { $0.lookedUp += identities.count }
        while let job = nextJob() {
            do {
                switch job {
                case .estimate: try estimate(lineList, connection)
                case .read(let part): try read(part, lineList, connection)
                }
            } catch {
                putBack(job)
                throw error
            }
        }
        if let held = heldStandings(of: identities) { return held }
        return try lineList.standings(
            of: identities, program: program, fileType: fileType, institution: institution, in: connection)
    }

    /// As `standings`, without the database; nil where the keys are not held.
    public func heldStandings(of identities: [RowIdentity]) -> [LineList.Standing]? {
        guard let index = state.withLock({ $0.index }) else { return nil }
        return identities.map { index[KnownKeys.part(of: $0.key)].standing(of: $0, institution) }
    }

    /// Which of `parts` a key is in.
    private static func part(of key: RecordKey) -> Int { key.high < 0 ? 0 : 1 }

    /// What this thread does before its rows are looked up; nil where there is nothing that pays.
    private func nextJob() -> Job? {
        state.withLock { state in
            guard max(state.lookedUp, expectedRows) > KnownKeys.fewRows, state.index == nil else { return nil }
            guard let estimate = state.estimate else {
                defer { state.isEstimating = true }
                return state.isEstimating ? nil : .estimate
            }
            let pays = max(
                KnownKeys.keysPerLookup * state.lookedUp, KnownKeys.keysPerExpected * expectedRows)
            guard estimate <= min(pays, KnownKeys.mostKeys) else { return nil }
            return state.waiting.popLast().map(Job.read)
        }
    }

    private func putBack(_ job: Job) {
        state.withLock { state in
            switch job {
            case .estimate: state.isEstimating = false
            case .read(let part): state.waiting.append(part)
            }
        }
    }

    private func estimate(_ lineList: LineList, _ connection: any Connection) throws {
        let first = try entries(.min ... .max, atMost: KnownKeys.fewRows, lineList, connection)
        let isAll = first.count < KnownKeys.fewRows
        state.withLock { state in
            state.estimate = isAll ? first.count : SortedKeys.estimate(first)
            if isAll {
                state.index = KnownKeys.parts.indices.map { part in
                    SortedKeys(first.filter { KnownKeys.part(of: $0.key) == part })
                }
            }
        }
    }

    private func read(_ part: Int, _ lineList: LineList, _ connection: any Connection) throws {
        let most = KnownKeys.mostKeys / KnownKeys.parts.count
        let found = try entries(KnownKeys.parts[part], atMost: most, lineList, connection)
        let keys = found.count < most ? SortedKeys(found) : nil
        state.withLock { state in
            guard let keys, state.estimate != .max else {
                // More than was estimated: the keys are not held after all.
                state.estimate = .max
                state.read = [:]
                return
            }
            state.read[part] = keys
            guard state.read.count == KnownKeys.parts.count else { return }
            state.index = KnownKeys.parts.indices.compactMap { state.read[$0] }
            state.read = [:]
        }
    }

    /// The keys of the institution whose first part lies in a range, in their order.
    private func entries(
        _ range: ClosedRange<Int64>, atMost most: Int, _ lineList: LineList, _ connection: any Connection
    ) throws -> [SortedKeys.Entry] {
        let estimate = state.withLock { $0.estimate } ?? KnownKeys.fewRows
        var entries: [SortedKeys.Entry] = []
        entries.reserveCapacity(min(most, estimate))
        let select = try connection.statement(try lineList.table(program, fileType).selectKeys)
        for (position, number) in [institution.number, range.lowerBound, range.upperBound, Int64(most)].enumerated() {
            try select.bind(number, at: position)
        }
        try select.forEachRow(integers: 4) { row in
            entries.append(
                SortedKeys.Entry(key: RecordKey(high: row[0], low: row[1]), record: row[2], content: row[3]))
        }
        return entries
    }
}

/// Keys of one of `KnownKeys.parts` in their order, each found by its first bits behind the one that tells the parts apart.
struct SortedKeys: Sendable {
    struct Entry: Sendable {
        var key: RecordKey
        var record: Int64
        var content: Int64
    }

    private let entries: [Entry]
    /// For each value of a key's first bits the place of the first entry that has it or a greater one; one more at the end.
    private let starts: [UInt32]
    private let shift: Int

    /// - Parameter entries: in the order of their keys, fewer than 2^32.
    init(_ entries: [Entry]) {
        self.entries = entries
        let bits = max(1, Int.bitWidth - (entries.count / 2).leadingZeroBitCount)
        shift = 64 - bits
        var starts = [UInt32](repeating: 0, count: 1 << bits + 1)
        for entry in entries { starts[SortedKeys.bucket(entry.key, shift) + 1] += 1 }
        for place in starts.indices.dropFirst() { starts[place] += starts[place - 1] }
        self.starts = starts
    }

    /// The first part as a number from 0: signed numbers are in another order.
    private static func place(_ key: RecordKey) -> UInt64 { UInt64(bitPattern: key.high) ^ 1 << 63 }

    private static func bucket(_ key: RecordKey, _ shift: Int) -> Int {
        Int((UInt64(bitPattern: key.high) &<< 1) &>> UInt64(shift))
    }

    func standing(of identity: RowIdentity, _ institution: LineList.KnownInstitution) -> LineList.Standing {
        let bucket = SortedKeys.bucket(identity.key, shift)
        for place in Int(starts[bucket])..<Int(starts[bucket + 1]) where entries[place].key == identity.key {
            let entry = entries[place]
            return entry.content == identity.content ? .unchanged(record: entry.record) : .stored(record: entry.record)
        }
        return institution.hasEarlierKeys ? .unknown : .new
    }

    /// How many keys there are, where these are the first in their order: they are spread evenly.
    static func estimate(_ first: [Entry]) -> Int {
        guard let last = first.last else { return 0 }
        let share = Double(place(last.key)) / Double(UInt64.max)
        return share > 0 ? Int(min(Double(first.count) / share, 1e15)) : .max
    }
}
