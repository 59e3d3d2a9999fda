public import Database
import SurveillanceKit

extension IndicatorStore {
    /// Whether any institution besides one is counted in no region, as the register does not know it.
    public func hasUnplaced(of program: String, besides code: String, in connection: any Connection) throws -> Bool {
        let count: Int? = try connection.first(
            """
            SELECT count(*) FROM indicator_institution AS i JOIN record_institution AS r ON r.number = i.institution \
            WHERE i.program = ? AND i.region = '' AND r.code <> ?
            """, [.text(program), .text(code)])
        return (count ?? 0) > 0
    }
}
