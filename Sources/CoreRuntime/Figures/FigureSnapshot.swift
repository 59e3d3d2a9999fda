import Database
import IndicatorStore
import Indicators
import Intake
import Reporting
public import ShangMi
public import SurveillanceKit
import Timeliness

/// What was known of a program's figures at a Wednesday's 00:00, frozen: a CSV, its digest in the audit trail, and the server's signature.
public struct FigureSnapshot: Hashable, Sendable {
    public let program: String
    /// The instant as of which everything in it was known.
    public let at: Instant
    /// The CSV: `as_of,yearweek,region,age,indicator,value,numerator,denominator,lower,upper,status`.
    public let body: [UInt8]
    /// SM3 of the body, 64 hexadecimal digits; the audit trail has it as well.
    public let digest: String
    /// The first 16 hexadecimal digits of the digest of the key that signed it.
    public let keyID: String
    /// SM2 over the body, 128 hexadecimal digits.
    public let signature: String

    /// So many weeks are in one, the last the one in which it is taken.
    public static let weeks = 10

    static let migration = Migration(id: "figure-snapshots") { transaction in
        try transaction.execute(
            """
            CREATE TABLE figure_snapshot (
                program TEXT NOT NULL,
                -- Milliseconds since 1970-01-01 UTC.
                at BIGINT NOT NULL,
                digest TEXT NOT NULL,
                key_id TEXT NOT NULL,
                signature TEXT NOT NULL,
                body \(transaction.dialect.blob) NOT NULL,
                PRIMARY KEY (program, at)
            )
            """)
    }

    /// The last Wednesday's 00:00 at or before an instant.
    static func lastInstant(at now: Instant, in zone: CivilZone) -> Instant {
        let today = zone.day(at: now)
        let wednesday = today.advanced(byDays: -((today.weekday + 4) % 7))
        let instant = zone.instant(wednesday, .midnight)
        return instant <= now ? instant : zone.instant(wednesday.advanced(byDays: -7), .midnight)
    }

    /// The snapshots that are kept of a program, the latest first.
    static func all(of program: String, in connection: any Connection) throws -> [FigureSnapshot] {
        try connection.rows(
            "SELECT at, digest, key_id, signature, body FROM figure_snapshot WHERE program = ? ORDER BY at DESC",
            [.text(program)]
        ).map { row in
            FigureSnapshot(
                program: program, at: Instant(milliseconds: try row[0]), body: try row[4], digest: try row[1],
                keyID: try row[2], signature: try row[3])
        }
    }

    /// Whether it is what was signed, by a key.
    ///
    /// - Returns: nil where all is well, otherwise what is not.
    public func fault(_ key: SM2PublicKey) throws -> BilingualText? {
        guard SM3.digest(body).hex == digest else {
            return BilingualText(zh: "内容与摘要不符", en: "its content is not what its digest says")
        }
        guard keyID == SignedReceipt.keyID(key) else {
            return BilingualText(zh: "由另一密钥 \(keyID) 签名", en: "it was signed by another key, \(keyID)")
        }
        guard let signed = SM2Signature(hex: signature), try key.isValid(signed, of: body) else {
            return BilingualText(zh: "签名无效", en: "its signature is not valid")
        }
        return nil
    }
}

extension FigureDesk {
    /// The text of a snapshot: every indicator by week, of the nation and of each province. The same at any later time, as long as neither the
    /// declarations nor the institutions' places have changed.
    func snapshotText(of id: String, at instant: Instant, _ connection: any Connection) throws -> [UInt8] {
        let program = try store.program(id).compiled.program
        guard let zone = zone(of: id) else { return [] }
        let today = zone.day(at: instant)
        let first = today.monday.advanced(byDays: -7 * (FigureSnapshot.weeks - 1))
        var text = ""
        for indicator in program.indicators {
            for splits in [[], [FigureRequest.Split.province]] {
                let request = FigureRequest(
                    program: id, indicator: indicator.id, by: .week, splits: splits, from: first, to: today,
                    asOf: instant)
                let table = try series(request, in: .nation, connection).table(time: zone.text).exportTable
                if text.isEmpty { text = table.columns.map(\.title.en).joined(separator: ",") + "\n" }
                while let row = try table.nextRow() { text += row.map(\.text).joined(separator: ",") + "\n" }
            }
        }
        return Array(text.utf8)
    }
}
