import Database
import SurveillanceKit

// Every moment in this room's tables is kept in milliseconds since 1970-01-01 UTC.

extension SQLValue {
    static func milliseconds(_ instant: Instant) -> SQLValue { .integer(instant.milliseconds) }
}

extension Row {
    /// The moment in a column of milliseconds.
    func instant(_ column: String) throws -> Instant { Instant(milliseconds: try self[column]) }

    /// The moment in a column of milliseconds; nil where it is null.
    func instantIfAny(_ column: String) throws -> Instant? {
        let milliseconds: Int64? = try self[column]
        return milliseconds.map(Instant.init(milliseconds:))
    }
}
