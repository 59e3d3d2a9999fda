import Database
import Deidentification
import Records
import ShangMi
import SurveillanceKit
import Synchronization
import Validation

/// The rows of one block as the line list takes them.
struct PreparedRows: Sendable {
    /// Those that are new or may have changed, de-identified.
    var rows: DeidentifiedBatch
    /// The numbers of those that were stored before as they are, ascending.
    var unchanged: [Int]

    /// Keeps what stands: rows that were rejected after all are left out.
    mutating func keep(_ standing: [CheckedBatch.Row]) {
        let numbers = standing.lazy.map(\.number)
        rows.keep(rowsNumbered: numbers)
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
    private let files = Mutex<(current: Int, first: [String: Int])>((0, [:]))

    init(_ data: DataFolder, institution: String, looksUp: Bool) throws {
        self.data = data
        self.institution = institution
        self.looksUp = looksUp
        known = try data.records.readBlocking { try data.lineList.institution(institution, in: $0) }
    }

    func begin(file: Int) { files.withLock { $0.current = file } }

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
    private var tools: Tools?

    private final class Tools {
        let hashes: RowHashes
        var deidentifier: Deidentifier

        init(_ type: CompiledFileType, _ lookups: PackageLookups) throws {
            let key = lookups.data.pseudonymKey
            hashes = try RowHashes(type, institution: lookups.institution, key: key)
            deidentifier = try Deidentifier(type, institution: lookups.institution, key: key)
        }
    }

    init(_ type: CompiledFileType, _ lookups: PackageLookups) {
        self.type = type
        self.lookups = lookups
        looksUp = lookups.canLookUp(type)
    }

    func work(on batch: CheckedBatch) throws -> any Sendable {
        let tools = try self.tools ?? Tools(type, lookups)
        self.tools = tools
        let identities = tools.hashes.identities(of: batch)
        guard looksUp else { return PreparedRows(rows: tools.deidentifier.apply(batch, identities), unchanged: []) }
        guard let known = lookups.known else {
            return PreparedRows(rows: tools.deidentifier.apply(batch, identities) { _ in (0, false) }, unchanged: [])
        }
        let standings = try lookups.data.records.readBlocking { connection in
            try lookups.data.lineList.standings(
                of: identities, program: type.program.id, fileType: type.id, institution: known, in: connection)
        }
        var unchanged: [Int] = []
        let rows = tools.deidentifier.apply(batch, identities) { index in
            switch standings[index] {
            case .new: return (0, false)
            case .stored(let record): return (record, false)
            case .unknown: return (nil, false)
            case .unchanged:
                unchanged.append(batch.rows[index].number)
                return (nil, true)
            }
        }
        return PreparedRows(rows: rows, unchanged: unchanged)
    }
}
