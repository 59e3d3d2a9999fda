public import Database
public import Deidentification
import SurveillanceKit
import Synchronization

/// Looks up the rows of one file type of a package, and holds the institution's keys in memory where the package has many rows: a look-up
/// there costs a tenth of one in the database.
///
/// Small packages are looked up in the database alone. The keys are hashes, so the first few in their order tell how many there are; all
/// are read once that pays.
public final class KnownKeys: Sendable {
    /// Rows that are looked up in the database before anything else is thought of.
    static let fewRows = 4096
    /// More keys than this are not held: 32 bytes each.
    static let mostKeys = 1 << 20
    /// So many keys are read for each row that has been looked up before. To read one costs about a fifth of a look-up, measured on SQLite with
    /// 100,000 keys; rows that follow cost next to nothing then.
    private static let keysPerLookup = 16

    private let program: String
    private let fileType: String
    private let institution: LineList.KnownInstitution
    private let state = Mutex(State())

    private struct State {
        var lookedUp = 0
        /// How many keys there are, once that has been estimated.
        var estimate: Int?
        var isReading = false
        var index: SortedKeys?
    }

    public init(program: String, fileType: String, institution: LineList.KnownInstitution) {
        self.program = program
        self.fileType = fileType
        self.institution = institution
    }

    /// As `LineList.standings`, for rows of the package one after the other; several threads may ask.
    public func standings(
        of identities: [RowIdentity], _ lineList: LineList, in connection: any Connection
    ) throws -> [LineList.Standing] {
        let (index, reads) = state.withLock { state in
            state.lookedUp += identities.count
            let pays = state.estimate.map { $0 <= KnownKeys.keysPerLookup * state.lookedUp && $0 <= KnownKeys.mostKeys }
            let reads = state.index == nil && !state.isReading && state.lookedUp > KnownKeys.fewRows && pays != false
            if reads { state.isReading = true }
            return (state.index, reads)
        }
        if let index { return identities.map { index.standing(of: $0, institution) } }
        defer { if reads { state.withLock { $0.isReading = false } } }
        if reads { try read(lineList, connection) }
        return try lineList.standings(
            of: identities, program: program, fileType: fileType, institution: institution, in: connection)
    }

    /// Estimates how many keys there are, or reads them all.
    private func read(_ lineList: LineList, _ connection: any Connection) throws {
        let table = try lineList.table(program, fileType)
        let estimate = state.withLock { $0.estimate }
        let most = estimate == nil ? KnownKeys.fewRows : KnownKeys.mostKeys
        var entries: [SortedKeys.Entry] = []
        entries.reserveCapacity(min(most, (estimate ?? KnownKeys.fewRows) * 9 / 8))
        let select = try connection.statement(table.selectKeys)
        try select.bind(institution.number, at: 0)
        try select.bind(Int64(most), at: 1)
        defer { select.reset() }
        while try select.step() {
            entries.append(
                SortedKeys.Entry(
                    key: RecordKey(high: select.integer(at: 0), low: select.integer(at: 1)),
                    record: select.integer(at: 2), content: select.integer(at: 3)))
        }
        let isAll = entries.count < most
        let index = isAll ? SortedKeys(entries) : nil
        state.withLock { state in
            state.index = index
            state.estimate = isAll ? entries.count : estimate == nil ? SortedKeys.estimate(entries) : .max
        }
    }
}

/// Keys in their order, each found by its first bits.
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
        for entry in entries { starts[Int(SortedKeys.place(entry.key) >> UInt64(shift)) + 1] += 1 }
        for place in starts.indices.dropFirst() { starts[place] += starts[place - 1] }
        self.starts = starts
    }

    /// The first part as a number from 0: signed numbers are in another order.
    private static func place(_ key: RecordKey) -> UInt64 { UInt64(bitPattern: key.high) ^ 1 << 63 }

    func standing(of identity: RowIdentity, _ institution: LineList.KnownInstitution) -> LineList.Standing {
        let bucket = Int(SortedKeys.place(identity.key) >> UInt64(shift))
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
