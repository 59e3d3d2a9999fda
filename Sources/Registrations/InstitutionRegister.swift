import Accounts
public import Audit
public import Database
import FoundationEssentials
public import SurveillanceKit

/// The institutions that were registered on the page, version by version. What is in force is the last version of each.
public enum InstitutionRegister {
    /// All institutions as they were registered last, by code; merges do not show in them.
    public static func current(in connection: any Connection) throws -> [Institution] {
        var institutions: [String: Institution] = [:]
        try connection.forEachRow("SELECT code, body FROM institution_version ORDER BY code, version") { row in
            let body: String = try row[1]
            institutions[try row[0]] = try JSONDecoder().decode(StoredInstitution.self, from: Data(body.utf8)).value
        }
        return institutions.values.sorted { $0.code < $1.code }
    }

    /// How many versions, merges and undoings there are: it only grows, and so tells whether something changed.
    public static func changeCount(in connection: any Connection) throws -> Int {
        let versions: Int? = try connection.first("SELECT count(*) FROM institution_version")
        return (versions ?? 0) + Int(try InstitutionMerges.turns(in: connection))
    }

    /// The institutions of a deployment's file, with those that were registered on the page in their place or beside them.
    public static func merged(_ seed: [Institution], _ registered: [Institution]) -> [Institution] {
        let own = Dictionary(uniqueKeysWithValues: registered.map { ($0.code, $0) })
        let known = Set(seed.map(\.code))
        return seed.map { own[$0.code] ?? $0 } + registered.filter { !known.contains($0.code) }
    }

    static func add(
        _ institution: Institution, isSuspended: Bool = false, application: String?, by author: String, at now: Instant,
        in transaction: any Transaction
    ) throws {
        let last: Int? = try transaction.first(
            "SELECT count(*) FROM institution_version WHERE code = ?", [.text(institution.code)])
        let body = try JSONEncoder().encode(StoredInstitution(institution, isSuspended: isSuspended))
        try transaction.execute(
            """
            INSERT INTO institution_version (code, version, body, application, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                .text(institution.code), SQLValue((last ?? 0) + 1), .text(String(decoding: body, as: UTF8.self)),
                SQLValue(application), .text(author), .integer(now.milliseconds),
            ])
    }
}

/// An institution as it was registered at one moment.
public struct InstitutionVersion: Sendable {
    public var number: Int
    public var institution: Institution
    /// Its accounts can do nothing while it is.
    public var isSuspended: Bool
    /// The application that it came of; nil where an administrator has made it.
    public var application: String?
    public var author: String
    public var madeAt: Instant
}

extension InstitutionRegister {
    /// All versions of an institution, the latest first.
    public static func history(of code: String, in connection: any Connection) throws -> [InstitutionVersion] {
        try connection.rows(
            "SELECT * FROM institution_version WHERE code = ? ORDER BY version DESC", [.text(code)]
        ).map { row in
            let body: String = try row["body"]
            let stored = try JSONDecoder().decode(StoredInstitution.self, from: Data(body.utf8))
            return InstitutionVersion(
                number: try row["version"], institution: stored.value, isSuspended: stored.isSuspended ?? false,
                application: try row["application"], author: try row["made_by"],
                madeAt: Instant(milliseconds: try row["made_at"]))
        }
    }

    /// Who has made the version that a deployment's file says.
    public static let fileAuthor = "institutions.json"

    /// Registers an institution as an administrator has it, as the next version.
    ///
    /// - Parameters:
    ///   - base: what the deployment's file says of it, the first version where there is none yet: so the history begins with it.
    ///   - isSuspended: true disables its accounts, false enables them, nil leaves that as it is.
    public static func set(
        _ institution: Institution, base: Institution? = nil, isSuspended: Bool? = nil, action: String,
        by author: Author, at now: Instant,
        in transaction: any Transaction
    ) throws {
        let last = try history(of: institution.code, in: transaction).first
        if last == nil, let base {
            try add(base, application: nil, by: fileAuthor, at: now, in: transaction)
        }
        try add(
            institution, isSuspended: isSuspended ?? last?.isSuspended ?? false, application: nil, by: author.name,
            at: now, in: transaction)
        if let isSuspended {
            try AccountStore.setDisabled(
                isSuspended, ofInstitution: institution.code, by: author, at: now, in: transaction)
        }
        try AuditTrail.append(
            AuditEntry(author: author, action: action, subject: institution.code, at: now), in: transaction)
    }
}

/// An institution as a version holds it. What was added later is missing in earlier versions.
private struct StoredInstitution: Codable {
    var code: String
    var name: BilingualText
    var aliases: [String]?
    var codeAliases: [String]
    var level: String
    var grade: String?
    var category: String?
    var region: String
    var hasFeverClinic: Bool
    var from: String?
    var until: String?
    var changes: [Change]?
    var isSuspended: Bool?

    struct Change: Codable {
        var from: String
        var level: String?
        var grade: String?
        var category: String?
        var region: String?
        var hasFeverClinic: Bool?
    }

    init(_ institution: Institution, isSuspended: Bool) {
        code = institution.code
        name = institution.name
        aliases = institution.aliases
        codeAliases = institution.codeAliases
        level = institution.level.rawValue
        grade = institution.grade?.rawValue
        category = institution.category?.rawValue
        region = institution.region
        hasFeverClinic = institution.hasFeverClinic
        from = institution.from.map { "\($0)" }
        until = institution.until.map { "\($0)" }
        changes = institution.changes.map {
            Change(
                from: "\($0.from)", level: $0.level?.rawValue, grade: $0.grade?.rawValue,
                category: $0.category?.rawValue,
                region: $0.region, hasFeverClinic: $0.hasFeverClinic)
        }
        self.isSuspended = isSuspended
    }

    var value: Institution {
        Institution(
            code: code, name: name, aliases: aliases ?? [], codeAliases: codeAliases,
            level: Institution.Level(rawValue: level) ?? .unrated, grade: grade.flatMap(Institution.Grade.init),
            category: category.flatMap(Institution.Category.init), region: region, hasFeverClinic: hasFeverClinic,
            from: from.flatMap { CivilDate($0) }, until: until.flatMap { CivilDate($0) },
            changes: (changes ?? []).compactMap { change in
                CivilDate(change.from).map {
                    Institution.Change(
                        from: $0, level: change.level.flatMap(Institution.Level.init),
                        grade: change.grade.flatMap(Institution.Grade.init),
                        category: change.category.flatMap(Institution.Category.init), region: change.region,
                        hasFeverClinic: change.hasFeverClinic)
                }
            })
    }
}
