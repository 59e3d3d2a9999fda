import Reporting
import SurveillanceKit
import Synchronization

/// How late records come, as it was learned today: reading it anew for each figure would read every change of three months.
final class FigureDelays: Sendable {
    struct Key: Hashable, Sendable {
        var definition: String
        var scope: Scope
        var asOf: Instant?
        var today: CivilDate
    }

    typealias Learned = Result<ReportingDelay, ReportingDelay.TooLittleHistory>

    private let known = Mutex<[Key: Learned]>([:])
    private static let most = 10_000

    subscript(key: Key) -> Learned? {
        get { known.withLock { $0[key] } }
        set {
            known.withLock { known in
                if known.count >= Self.most { known.removeAll() }
                known[key] = newValue
            }
        }
    }
}
