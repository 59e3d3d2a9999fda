import Database
public import SurveillanceKit

extension Scope {
    /// The condition on a table's column `institution` that leaves only what may be seen: the one place that applies a scope.
    ///
    /// A region is looked up among the institutions as they are registered now, so a corrected register moves what was sent earlier
    /// as well.
    var condition: (sql: String, values: [SQLValue]) {
        switch self {
        case .nation: ("1 = 1", [])
        case .region(let region):
            // Codes are digits, so everything with the prefix lies between it and the prefix followed by ':'.
            (
                "institution IN (SELECT code FROM institution WHERE region >= ? AND region < ?)",
                [.text(region.prefix), .text(region.prefix + ":")]
            )
        case .institution(let code): ("institution = ?", [.text(code)])
        case .nothing: ("1 = 0", [])
        }
    }
}

extension SubmissionLog {
    /// Notes in which region each institution lies, for scopes that are a region. Those that have left the register keep the region
    /// they had last.
    public func noteRegions(of institutions: [Institution]) throws {
        try database.writeBlockingAgain { transaction in
            var known: [String: String] = [:]
            for row in try transaction.rows("SELECT code, region FROM institution") { known[try row[0]] = try row[1] }
            for institution in institutions where known[institution.code] != institution.region {
                let sql =
                    known[institution.code] == nil
                    ? "INSERT INTO institution (region, code) VALUES (?, ?)"
                    : "UPDATE institution SET region = ? WHERE code = ?"
                try transaction.execute(sql, [.text(institution.region), .text(institution.code)])
            }
        }
    }
}
