public import Database
import FoundationEssentials
public import SurveillanceKit

/// The institutions that were registered on the page, version by version. What is in force is the last version of each.
public enum InstitutionRegister {
    /// All institutions as they are in force, by code.
    public static func current(in connection: any Connection) throws -> [Institution] {
        var institutions: [String: Institution] = [:]
        try connection.forEachRow("SELECT code, body FROM institution_version ORDER BY code, version") { row in
            let body: String = try row[1]
            institutions[try row[0]] = try JSONDecoder().decode(StoredInstitution.self, from: Data(body.utf8)).value
        }
        return institutions.values.sorted { $0.code < $1.code }
    }

    /// The institutions of a deployment's file, with those that were registered on the page in their place or beside them.
    public static func merged(_ seed: [Institution], _ registered: [Institution]) -> [Institution] {
        let own = Dictionary(uniqueKeysWithValues: registered.map { ($0.code, $0) })
        let known = Set(seed.map(\.code))
        return seed.map { own[$0.code] ?? $0 } + registered.filter { !known.contains($0.code) }
    }

    static func add(
        _ institution: Institution, application: String?, by author: String, at now: Instant,
        in transaction: any Transaction
    ) throws {
        let last: Int? = try transaction.first(
            "SELECT count(*) FROM institution_version WHERE code = ?", [.text(institution.code)])
        let body = try JSONEncoder().encode(StoredInstitution(institution))
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

/// An institution as a version holds it.
private struct StoredInstitution: Codable {
    var code: String
    var name: BilingualText
    var codeAliases: [String]
    var level: String
    var category: String?
    var region: String
    var hasFeverClinic: Bool

    init(_ institution: Institution) {
        code = institution.code
        name = institution.name
        codeAliases = institution.codeAliases
        level = institution.level.rawValue
        category = institution.category?.rawValue
        region = institution.region
        hasFeverClinic = institution.hasFeverClinic
    }

    var value: Institution {
        Institution(
            code: code, name: name, codeAliases: codeAliases, level: Institution.Level(rawValue: level) ?? .unrated,
            category: category.flatMap(Institution.Category.init), region: region, hasFeverClinic: hasFeverClinic)
    }
}
