import Foundation
public import SurveillanceKit

extension Program {
    /// The civil day of an instant in the program's zone: `today()` of the rules that its files are checked by.
    public func day(at instant: Instant) -> CivilDate {
        // A program whose zone is unknown has not been loaded.
        let offset = TimeZone(identifier: timeZone)?.secondsFromGMT(
            for: Date(timeIntervalSince1970: Double(instant.seconds)))
        let seconds = Int(instant.seconds) + (offset ?? 0)
        return CivilDate(daysSince1970: Int((Double(seconds) / 86_400).rounded(.down)))
    }
}
