import Accounts
import Database
import IndicatorStore
import Indicators
import Intake
import Records
import SurveillanceKit

extension RecurringJob {
    static let figures = RecurringJob(
        name: "figures",
        purpose: BilingualText(
            zh: "按现行定义重新计算指标", en: "works figures out anew where their definitions or places have changed"),
        intervalSeconds: 3_600)
}

extension Platform {
    /// So long after a start the nation's figures are prepared: requests and reports that have waited for the server come first.
    private static let preparesAfter: Int64 = 10_000

    func addFigureJob() {
        let ready = now().advanced(by: Self.preparesAfter)
        schedule.add(.figures) { [weak self] _ in
            guard let self else { return .notNow }
            let count = try await bringFiguresUpToDate()
            if count > 0 {
                report(
                    BilingualText(
                        zh: "已重新计算 \(count) 家医疗机构的指标",
                        en: "the figures of \(count.counted("institution was", "institutions were")) worked out anew"))
            }
            if now() < ready { schedule.ask(.figures, at: ready) } else { try await figures.prepare() }
            return .done
        }
        // Programs or the register may have changed while the server was down.
        schedule.ask(.figures, at: now())
    }

    /// Works out figures that are kept by earlier declarations, not at all, or for another place: an institution at a time, so that nobody
    /// waits long for the writer.
    ///
    /// - Returns: for how many institutions and programs.
    func bringFiguresUpToDate() async throws -> Int {
        var count = 0
        for program in data.figures.programs {
            let id = program.compiled.program.id
            let stale = try await data.records.read { [data, institutions] in
                try data.figures.outdated(id, in: $0) { institutions[$0].map(InstitutionPlace.init) }
            }
            for code in stale {
                try Task.checkCancellation()
                let place = institutions[code].map(InstitutionPlace.init)
                _ = try await data.records.write { [figures = data.figures] in
                    try figures.rebuild(id, institution: code, place: place, in: $0)
                }
                count += 1
            }
        }
        return count
    }
}
