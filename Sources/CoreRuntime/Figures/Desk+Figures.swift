import Accounts
import Database
import IndicatorStore
import Indicators
public import ProgramFiles
import Records
import ShangMi
import Validation
public import SurveillanceKit

extension Desk {
    /// The figures of the deployment, beside a running server or without one.
    ///
    /// - Throws: `IndicatorError.changedWithoutVersion`.
    public func figures(_ registry: ProgramRegistry) throws -> FigureDesk {
        let records = try RecordsDatabase.open(of: opened)
        let lineList = LineList(registry.programs.map(\.program))
        try lineList.prepare(records)
        let store = try IndicatorStore(
            registry.programs.compactMap { registry.indicators(of: $0.program.id) }, lineList, in: records)
        return FigureDesk(store: store, records: records, now: { [now] in now })
    }

    /// Works the figures of a program out from its records, an institution at a time.
    ///
    /// - Parameter progress: is told after each institution how many are done, of how many.
    /// - Returns: for how many institutions figures were others than those kept, and how many versions of records were read.
    public func rebuildFigures(
        of program: String, _ figures: FigureDesk, progress: (_ done: Int, _ of: Int) -> Void
    ) throws -> (institutions: Int, changed: Int, records: Int) {
        _ = try figures.store.program(program)
        let known = try figures.records.readBlocking { try figures.store.institutions(in: $0) }
        var (changed, count) = (0, 0)
        for (number, code) in known.enumerated() {
            let place = institutions[code].map(InstitutionPlace.init)
            let rebuilt = try figures.records.writeBlockingAgain { transaction in
                try figures.store.rebuild(program, institution: code, place: place, in: transaction)
            }
            if !rebuilt.changed.isEmpty { changed += 1 }
            count += rebuilt.records
            progress(number + 1, known.count)
        }
        return (known.count, changed, count)
    }
}

extension Desk {
    /// The weekly snapshots of a program, the latest first, each with what is wrong with it; nil where its content, signature and the figures that
    /// are kept agree to the byte.
    public func snapshots(
        of program: String, _ figures: FigureDesk
    ) throws -> [(snapshot: FigureSnapshot, fault: BilingualText?)] {
        let key = opened.keys.receipts.publicKey
        return try database.readBlocking { try FigureSnapshot.all(of: program, in: $0) }.map { snapshot in
            if let fault = try snapshot.fault(key) { return (snapshot, fault) }
            let again = try figures.records.readBlocking {
                try figures.snapshotText(of: program, at: snapshot.at, $0)
            }
            guard again != snapshot.body else { return (snapshot, nil) }
            return (
                snapshot,
                BilingualText(
                    zh: "签名有效，但按现有定义和机构名录重新计算的结果与其不同",
                    en: "it is signed, and worked out by today's declarations and register it would be another")
            )
        }
    }
}
