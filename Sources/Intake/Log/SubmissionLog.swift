public import Database
import Foundation
import JSON
public import SurveillanceKit

/// What was received and what became of it: the queue of processing, and the memory by which a repeated request counts once.
///
/// Every function that takes a connection or transaction is part of whatever else the caller does in it; those without are
/// transactions of their own, durable when they return.
public struct SubmissionLog: Sendable {
    public let database: any SQLDatabase
    public let seal: FieldSeal

    /// Whose claims are this one's own: the data folder's identity, which one server at a time works with.
    public let owner: String

    /// How long a claim holds without being renewed: several times as long as it takes to renew it.
    static let claimMilliseconds: Int64 = 300_000

    /// - Parameter database: with `SubmissionLog.migrations` applied.
    public init(database: any SQLDatabase, seal: FieldSeal, owner: String = "") {
        self.database = database
        self.seal = seal
        self.owner = owner
    }

    /// The submission, where there is one and it lies within the scope.
    public func find(_ id: SubmissionID, scope: Scope, in connection: any Connection) throws -> Submission? {
        let visible = scope.condition
        let sql = "SELECT \(Self.columns) FROM submission WHERE id = ? AND \(visible.sql)"
        return try connection.firstRow(sql, [.text(id.description)] + visible.values).map {
            try submission($0, in: connection)
        }
    }

    public func find(_ id: SubmissionID, scope: Scope) async throws -> Submission? {
        try await database.read { try find(id, scope: scope, in: $0) }
    }

    /// The latest submissions first.
    ///
    /// - Parameter before: the last one of the page before; nil begins at the latest.
    public func list(
        scope: Scope, matching filter: SubmissionFilter = SubmissionFilter(), limit: Int, before: SubmissionID? = nil
    ) async throws -> [Submission] {
        var (conditions, values) = filter.conditions(in: scope)
        if let before {
            conditions.append("sequence < (SELECT sequence FROM submission WHERE id = ?)")
            values.append(.text(before.description))
        }
        let condition = conditions.joined(separator: " AND ")
        let sql = "SELECT \(Self.columns) FROM submission WHERE \(condition) ORDER BY sequence DESC LIMIT ?"
        let arguments = values + [.integer(Int64(limit))]
        return try await database.read { connection in
            try connection.rows(sql, arguments).map { try submission($0, in: connection) }
        }
    }

    /// How many submissions `list` has over all pages.
    public func count(scope: Scope, matching filter: SubmissionFilter) async throws -> Int {
        let (conditions, values) = filter.conditions(in: scope)
        let sql = "SELECT count(*) FROM submission WHERE \(conditions.joined(separator: " AND "))"
        return try await database.read { try $0.first(sql, values) ?? 0 }
    }

    /// How many submissions are in each state; a state that none is in is missing.
    public func counts(scope: Scope) async throws -> [SubmissionState: Int] {
        let visible = scope.condition
        return try await database.read { connection in
            let rows = try connection.rows(
                "SELECT state, count(*) FROM submission WHERE \(visible.sql) GROUP BY state", visible.values)
            var counts: [SubmissionState: Int] = [:]
            for row in rows { counts[try Self.state(row[0])] = try row[1] }
            return counts
        }
    }

    // MARK: Rows

    static let columns = """
        id, institution, account, file_name, size, sm3, received_at, state, finished_at, reason_zh, reason_en, attempt, is_kept,
        same_bytes_as, records_added, records_changed, records_unchanged, records_withdrawn, contents,
        withdrawn_at, withdraw_reason, records_returned, records_removed, repairs, repaired_by,
        acknowledged_at, acknowledged_by, acknowledge_reason
        """

    func submission(_ row: Row, in connection: any Connection) throws -> Submission {
        let id = try Self.id(row["id"])
        let reason: BilingualText? =
            if let zh: String = try row["reason_zh"], let en: String = try row["reason_en"] {
                BilingualText(zh: zh, en: en)
            } else {
                nil
            }
        let earlier: String? = try row["same_bytes_as"]
        var records: Submission.Records?
        if let added: Int = try row["records_added"] {
            records = Submission.Records(
                added: added, changed: try row["records_changed"], unchanged: try row["records_unchanged"],
                withdrawn: try row["records_withdrawn"] ?? 0)
        }
        var submission = Submission(
            id: id, institution: try row["institution"], account: try row["account"],
            fileName: try seal.openText(row["file_name"], place: Self.place("file_name", id)), size: try row["size"],
            sm3: try row["sm3"], receivedAt: try row.instant("received_at"), state: try Self.state(row["state"]),
            finishedAt: try row.instantIfAny("finished_at"), files: try files(of: id, in: connection), reason: reason,
            attempt: try row["attempt"], isKept: try row["is_kept"],
            sameBytesAs: try earlier.map(Self.id), records: records, contents: try contents(row["contents"], of: id),
            waiting: try waiting(of: id, in: connection), withdrawal: try withdrawal(row, of: id),
            repairs: try (row["repairs"] as String?).map(Self.id),
            repairedBy: try (row["repaired_by"] as String?).map(Self.id))
        submission.acknowledgement = try acknowledgement(row, of: id)
        return submission
    }

    private func contents(_ sealed: [UInt8]?, of id: SubmissionID) throws -> [SentFile] {
        guard let sealed else { return [] }
        let json = try CanonicalJSON(receipt: seal.open(sealed, place: Self.place("contents", id)))
        return try (json.array ?? []).map { try SentFile(json: $0) }
    }

    func files(of id: SubmissionID, in connection: any Connection) throws -> [FileReport] {
        let sql = """
            SELECT position, name, program, file_type, row_count, accepted, rejected, errors, warnings, notes
            FROM submitted_file WHERE submission = ? ORDER BY position
            """
        return try connection.rows(sql, [.text(id.description)]).map { row in
            let position: Int = try row["position"]
            return FileReport(
                name: try seal.openText(row["name"], place: Self.place("file/\(position)", id)),
                program: try row["program"], fileType: try row["file_type"], rows: try row["row_count"],
                accepted: try row["accepted"], rejected: try row["rejected"], errors: try row["errors"],
                warnings: try row["warnings"], notes: try Self.notes(row["notes"]))
        }
    }

    /// Notes name dictionaries alone, never what a report holds, so they lie in clear. Null where there are none.
    static func text(of notes: [FileNote]) throws -> String? {
        notes.isEmpty ? nil : String(decoding: try JSONEncoder().encode(notes), as: UTF8.self)
    }

    private static func notes(_ text: String?) throws -> [FileNote] {
        try text.map { try JSONDecoder().decode([FileNote].self, from: Data($0.utf8)) } ?? []
    }

    /// What a sealed value of a submission is bound to.
    static func place(_ what: String, _ id: SubmissionID) -> String { "submission/\(what)/\(id)" }

    static func id(_ text: String) throws -> SubmissionID {
        guard let id = SubmissionID(text) else {
            throw DatabaseError.unexpectedValue(column: "id", expected: "the id of a submission", found: "another text")
        }
        return id
    }

    static func state(_ text: String) throws -> SubmissionState {
        guard let state = SubmissionState(rawValue: text) else {
            throw DatabaseError.unexpectedValue(column: "state", expected: "a state", found: "another text")
        }
        return state
    }
}
