import Foundation
public import SurveillanceKit

extension Instant {
    /// What the system's clock shows. Below CoreRuntime nothing asks for it: there the moment is an argument.
    @Sendable public static func systemClock() -> Instant {
        Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
