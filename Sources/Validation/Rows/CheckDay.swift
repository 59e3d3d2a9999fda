import Foundation
public import SurveillanceKit

extension Program {
    /// The civil day of an instant in the program's zone: `today()` of the rules that its files are checked by.
    ///
    /// - Parameter milliseconds: since 1970-01-01 UTC.
    public func day(at milliseconds: Int64) -> CivilDate {
        let instant = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        // A program whose zone is unknown has not been loaded.
        let offset = TimeZone(identifier: timeZone)?.secondsFromGMT(for: instant) ?? 0
        let seconds = Int((Double(milliseconds) / 1000).rounded(.down)) + offset
        return CivilDate(daysSince1970: Int((Double(seconds) / 86_400).rounded(.down)))
    }
}
