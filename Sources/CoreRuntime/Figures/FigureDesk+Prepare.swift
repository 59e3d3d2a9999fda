import Database
import IndicatorStore
import Indicators
import Reporting
import SurveillanceKit
import Timeliness

extension FigureDesk {
    /// So many days of events are prepared: three years.
    private static let preparedDays = 1_096

    /// Asks for what is asked of the nation most: each figure by week, and medians and the like by week and by day in each of their splits.
    /// Whoever asks first would wait for all of their values; what is remembered is worked out again only for weeks that have changed.
    ///
    /// Each question is one of its own, so that others are answered in between.
    func prepare() async throws {
        for program in store.programs {
            let own = program.compiled.program
            guard let today = zone(of: own.id)?.day(at: now()) else { continue }
            var splits: [[FigureRequest.Split]] = [[], [.province]]
            if !own.zones.isEmpty { splits.append([.zone]) }
            splits += own.dimensions.map { [.dimension($0.id)] }
            let valued = own.indicators.filter(\.keepsValues)
            let questions =
                own.indicators.filter { !$0.keepsValues }.map { ($0, FigurePeriod.Kind.week, [FigureRequest.Split]()) }
                + splits.flatMap { split in valued.map { ($0, .week, split) } }
                + splits.flatMap { split in valued.map { ($0, .day, split) } }
            for (indicator, by, split) in questions {
                try Task.checkCancellation()
                guard !store.remembersEnough else { return }
                let request = FigureRequest(
                    program: own.id, indicator: indicator.id, by: by, splits: split,
                    from: today.advanced(byDays: 1 - Self.preparedDays), to: today)
                _ = try await series(request, in: .nation)
            }
        }
    }
}
