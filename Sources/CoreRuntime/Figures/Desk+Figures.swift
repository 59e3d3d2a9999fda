import Accounts
import Database
import IndicatorStore
import Indicators
public import ProgramFiles
import Records
import Validation
import SurveillanceKit

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
        return FigureDesk(store: store, records: records, zones: FigureDesk.zones, now: { [now] in now })
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
