import Database
import SurveillanceKit

// Every moment in this room's tables is kept in seconds since 1970-01-01 UTC, rounded down.

extension SQLValue {
    static func seconds(_ instant: Instant) -> SQLValue { .integer(instant.seconds) }
    static func seconds(_ instant: Instant?) -> SQLValue { SQLValue(instant?.seconds) }
}

extension Row {
    /// The moment in a column of seconds.
    func instant(_ column: String) throws -> Instant { Instant(seconds: try self[column]) }

    /// The moment in a column of seconds; nil where it is null.
    func instantIfAny(_ column: String) throws -> Instant? {
        let seconds: Int64? = try self[column]
        return seconds.map(Instant.init(seconds:))
    }
}
