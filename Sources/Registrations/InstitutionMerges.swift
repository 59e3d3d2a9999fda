public import Audit
public import Database
public import SurveillanceKit

/// A duplicate that was merged into another institution, and what became of that.
public struct InstitutionMerge: Hashable, Sendable {
    /// Its place in the order of all merges and undoings.
    public var turn: Int64
    /// The code of the duplicate.
    public var duplicate: String
    /// The code of the institution that goes on.
    public var kept: String
    /// The last day on which the duplicate owes reports.
    public var lastDay: CivilDate
    public var author: String
    public var at: Instant
    /// Who has taken it back, and when; nil while it is in force.
    public var undoneBy: String?
    public var undoneAt: Instant?

    public var isInForce: Bool { undoneAt == nil }
}

/// Merges of duplicate institutions.
///
/// A merge is one row that lies over the register. Nothing else is written: versions, accounts, submissions, records and figures stay
/// under the code that they were sent under. Undoing it ends the row, and the register says again what it would say without it.
public enum InstitutionMerges {
    /// Those in force, in the order in which they were made.
    public static func inForce(in connection: any Connection) throws -> [InstitutionMerge] {
        try connection.rows(
            "SELECT * FROM institution_merge WHERE undone_at = 0 ORDER BY turn"
        ).compactMap(merge)
    }

    /// All in which an institution has a part, on either side, the latest first.
    public static func history(of code: String, in connection: any Connection) throws -> [InstitutionMerge] {
        try connection.rows(
            "SELECT * FROM institution_merge WHERE duplicate = ? OR kept = ? ORDER BY turn DESC",
            [.text(code), .text(code)]
        ).compactMap(merge)
    }

    /// How often something was merged or taken back: it only grows.
    static func turns(in connection: any Connection) throws -> Int64 {
        try connection.first("SELECT turn FROM institution_merge_gate WHERE id = 1") ?? 0
    }

    /// The institutions as they are with merges in force.
    ///
    /// The one that goes on is also called what the duplicate is called, and its reports may hold the duplicate's codes. The duplicate
    /// owes nothing after its last day.
    public static func applied(_ merges: [InstitutionMerge], to institutions: [Institution]) -> [Institution] {
        guard !merges.isEmpty else { return institutions }
        var all = institutions
        let places = Dictionary(
            all.enumerated().map { ($1.code, $0) }, uniquingKeysWith: { first, _ in first })
        // An institution is merged only once it has taken in its own duplicates, so the order of merging is the right one.
        for merge in merges {
            guard let from = places[merge.duplicate], let to = places[merge.kept] else { continue }
            all[to] = all[to].takingIn(all[from])
            all[from].until = min(all[from].until ?? merge.lastDay, merge.lastDay)
        }
        return all
    }

    /// Why an institution cannot be merged into another; nil where it can.
    ///
    /// - Parameter today: in the zone in which days of duties are counted.
    static func obstacle(
        _ duplicate: Institution?, _ kept: Institution?, isKeptSuspended: Bool, _ merges: [InstitutionMerge],
        today: CivilDate
    ) -> MergeError? {
        guard let duplicate, let kept else { return .unknown }
        if duplicate.code == kept.code { return .itself }
        if let own = merges.first(where: { $0.duplicate == duplicate.code }) { return .mergedAlready(into: own.kept) }
        if let other = merges.first(where: { $0.duplicate == kept.code }) {
            return .keptIsMerged(kept.code, into: other.kept)
        }
        if let until = kept.until, until < today { return .keptIsClosed(kept.code) }
        if isKeptSuspended { return .keptIsSuspended(kept.code) }
        return nil
    }

    /// What both institutions and their merges are now, so that nobody confirms what has changed since it was shown.
    public static func mark(_ duplicate: String, _ kept: String, in connection: any Connection) throws -> String {
        let versions: Int? = try connection.first(
            "SELECT count(*) FROM institution_version WHERE code = ? OR code = ?", [.text(duplicate), .text(kept)])
        return "\(versions ?? 0).\(try turns(in: connection))"
    }

    /// Whether an institution can be merged into another, as the register stands.
    ///
    /// - Parameter seed: what the deployment's file says of an institution.
    public static func obstacle(
        to merging: String, into kept: String, seed: (String) -> Institution?, today: CivilDate,
        in connection: any Connection
    ) throws -> MergeError? {
        let (own, other) = (
            try InstitutionRegister.history(of: merging, in: connection).first,
            try InstitutionRegister.history(of: kept, in: connection).first
        )
        return obstacle(
            own?.institution ?? seed(merging), other?.institution ?? seed(kept),
            isKeptSuspended: other?.isSuspended ?? false, try inForce(in: connection), today: today)
    }

    /// Merges an institution into another, once.
    ///
    /// - Parameter seen: the `mark` of what the administrator was shown.
    /// - Throws: `MergeError`.
    public static func begin(
        _ duplicate: String, into kept: String, seen: String, seed: (String) -> Institution?, today: CivilDate,
        by author: Author, at now: Instant, in transaction: any Transaction
    ) throws {
        try lock(in: transaction)
        if let obstacle = try obstacle(to: duplicate, into: kept, seed: seed, today: today, in: transaction) {
            throw obstacle
        }
        guard try mark(duplicate, kept, in: transaction) == seen else { throw MergeError.changedMeanwhile }
        let turn = try takeTurn(in: transaction)
        let lastDay = today.advanced(byDays: -1)
        try transaction.execute(
            """
            INSERT INTO institution_merge (turn, duplicate, kept, last_day, made_by, made_at, undone_by, undone_at)
            VALUES (?, ?, ?, ?, ?, ?, NULL, 0)
            """,
            [
                .integer(turn), .text(duplicate), .text(kept), .text("\(lastDay)"), .text(author.name),
                .integer(now.milliseconds),
            ])
        try AuditTrail.append(
            AuditEntry(
                author: author, action: "institution.merge", subject: duplicate, at: now,
                detail: ["into": kept, "lastDay": "\(lastDay)"]), in: transaction)
    }

    /// Takes a merge back.
    ///
    /// - Throws: `MergeError.notMerged` where there is none in force.
    public static func undo(
        _ duplicate: String, by author: Author, at now: Instant, in transaction: any Transaction
    ) throws {
        try lock(in: transaction)
        guard let own = try inForce(in: transaction).first(where: { $0.duplicate == duplicate }) else {
            throw MergeError.notMerged
        }
        _ = try takeTurn(in: transaction)
        try transaction.execute(
            "UPDATE institution_merge SET undone_by = ?, undone_at = ? WHERE duplicate = ? AND undone_at = 0",
            [.text(author.name), .integer(now.milliseconds), .text(duplicate)])
        try AuditTrail.append(
            AuditEntry(
                author: author, action: "institution.unmerge", subject: duplicate, at: now,
                detail: ["from": own.kept]), in: transaction)
    }

    /// Of two administrators at once the later one sees what the earlier one has done, whichever server takes him.
    private static func lock(in transaction: any Transaction) throws {
        try transaction.execute("UPDATE institution_merge_gate SET turn = turn WHERE id = 1")
    }

    private static func takeTurn(in transaction: any Transaction) throws -> Int64 {
        try transaction.execute("UPDATE institution_merge_gate SET turn = turn + 1 WHERE id = 1")
        return try turns(in: transaction)
    }

    private static func merge(_ row: Row) throws -> InstitutionMerge? {
        guard let lastDay = CivilDate(try row["last_day"] as String) else { return nil }
        let undone: Int64 = try row["undone_at"]
        return InstitutionMerge(
            turn: try row["turn"], duplicate: try row["duplicate"], kept: try row["kept"], lastDay: lastDay,
            author: try row["made_by"], at: Instant(milliseconds: try row["made_at"]), undoneBy: try row["undone_by"],
            undoneAt: undone == 0 ? nil : Instant(milliseconds: undone))
    }
}

extension Institution {
    /// As it is once a duplicate counts as it: called by the duplicate's names too, with codes of the duplicate.
    public func takingIn(_ duplicate: Institution) -> Institution {
        var all = self
        for name in [duplicate.name.zh] + duplicate.aliases where name != all.name.zh && !all.aliases.contains(name) {
            all.aliases.append(name)
        }
        for code in [duplicate.code] + duplicate.codeAliases where code != all.code && !all.codeAliases.contains(code) {
            all.codeAliases.append(code)
        }
        return all
    }
}

/// Why institutions cannot be merged, or a merge not be taken back.
public enum MergeError: Error, Hashable, Sendable {
    case unknown
    case itself
    case mergedAlready(into: String)
    case keptIsMerged(String, into: String)
    case keptIsClosed(String)
    case keptIsSuspended(String)
    /// Another administrator has changed one of them since it was shown.
    case changedMeanwhile
    case notMerged

    public var message: BilingualText {
        switch self {
        case .unknown:
            BilingualText(zh: "没有找到该代码的医疗机构。", en: "There is no institution with that code.")
        case .itself:
            BilingualText(zh: "不能并入自己，请填写另一家机构的代码。", en: "It cannot be merged into itself; give the code of another.")
        case .mergedAlready(let kept):
            BilingualText(zh: "该机构已并入 \(kept)。", en: "It is merged into \(kept) already.")
        case .keptIsMerged(let code, let kept):
            BilingualText(
                zh: "\(code) 自己已并入 \(kept)；请并入 \(kept)。",
                en: "\(code) is itself merged into \(kept); merge it into \(kept).")
        case .keptIsClosed(let code):
            BilingualText(
                zh: "\(code) 已关闭，并入后将没有机构上报；请先更改其终止日期，或反向合并。",
                en: "\(code) is closed, so nobody would report; change its last day first, or merge the other way.")
        case .keptIsSuspended(let code):
            BilingualText(zh: "\(code) 已停用；请先恢复使用。", en: "\(code) is suspended; let it go on first.")
        case .changedMeanwhile:
            BilingualText(
                zh: "您查看后，其中一家机构的登记有变化。请核对下面的内容，再确认。",
                en: "One of the two has been changed since you looked. Read what would change now, then confirm again.")
        case .notMerged: BilingualText(zh: "该机构没有并入其他机构。", en: "It is not merged into another.")
        }
    }
}
