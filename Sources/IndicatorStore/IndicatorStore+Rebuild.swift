public import Database
import Indicators
import Records
import SurveillanceKit

/// What working the figures of one institution out from its records came to.
public struct RebuiltFigures: Hashable, Sendable {
    /// Versions of records that were read.
    public var records: Int
    /// Definitions whose kept figures were others than those worked out, or were not kept at all.
    public var changed: [String]
}

extension IndicatorStore {
    /// The institutions whose figures of a program are not worked out by its present declarations yet, or are counted in another place.
    ///
    /// - Parameter place: where an institution's figures are to be counted; nil for one that the register does not know, which stays where it
    ///   was.
    public func outdated(
        _ id: String, in connection: any Connection, place: (_ code: String) -> InstitutionPlace?
    ) throws -> [String] {
        let program = try program(id)
        var outdated: [String] = []
        try connection.forEachRow(
            """
            SELECT r.code, COALESCE(i.declared, ''), COALESCE(i.region, ''), COALESCE(i.level, 0) FROM record_institution AS r \
            LEFT JOIN indicator_institution AS i ON i.institution = r.number AND i.program = ? ORDER BY r.number
            """, [.text(id)]
        ) { row in
            let (code, declared, region): (String, String, String) = (try row[0], try row[1], try row[2])
            let level: Int = try row[3]
            let isMoved = place(code).map { region != $0.region || level != $0.levelNumber } ?? false
            if declared != program.declared || isMoved { outdated.append(code) }
        }
        return outdated
    }

    /// The institutions of which anything was ever stored, by number.
    public func institutions(in connection: any Connection) throws -> [String] {
        try lineList.knownInstitutions(in: connection).map(\.code)
    }

    /// Works the figures of one institution out from the stored versions of its records, and puts them in the place of those that were kept.
    ///
    /// Where nothing was wrong this changes nothing, to the byte. Earlier definitions of the program that are declared no longer go.
    ///
    /// - Parameter place: where its figures are counted from now on; nil leaves them where they are.
    public func rebuild(
        _ id: String, institution code: String, place: InstitutionPlace?, in transaction: any Transaction
    ) throws -> RebuiltFigures {
        let program = try program(id)
        guard let institution = try lineList.institution(code, in: transaction)?.number else {
            return RebuiltFigures(records: 0, changed: [])
        }
        let kept = try lineList.historyKept(program: id, in: transaction)
        if try !EventLog.complete(institution, lineList, transaction) {
            // What other programs keep names events by the former numbers.
            try transaction.execute(
                "UPDATE indicator_institution SET declared = '' WHERE institution = ? AND program <> ?",
                [.integer(institution), .text(id)])
        }
        let replay = try Replay(program, institution: institution, kept: kept, lineList, transaction)
        let former = try transaction.firstRow(
            "SELECT region, level, since FROM indicator_institution WHERE program = ? AND institution = ?",
            [.text(id), .integer(institution)])
        let formerPlace: InstitutionPlace? = try former.map { row in
            let level: Int = try row[1]
            return InstitutionPlace(region: try row[0], levelNumber: level)
        }
        let place = place ?? formerPlace ?? InstitutionPlace(region: "", level: nil)
        var changed: Set<Int> = []
        for (counter, number) in program.numbers.enumerated() {
            let coding = program.compiled.counters[counter].coding
            let rows = try ChangeLog.rows(counter: number, institution: institution, transaction)
            let isSame = rows == replay.rows[counter]
            if isSame, formerPlace.map({ $0.key == place.key }) ?? rows.isEmpty { continue }
            if !isSame { changed.insert(counter) }
            if let formerPlace {
                let negative = try Replay.sums(rows, coding).map { entry in
                    var entry = entry
                    entry.amount.negate()
                    return entry
                }
                try RollUp.add([(number, coding, negative)], place: formerPlace.key, transaction)
            }
            if !rows.isEmpty {
                try transaction.execute(
                    "DELETE FROM indicator_log WHERE counter = ? AND institution = ?",
                    [.integer(number), .integer(institution)])
            }
            for row in replay.rows[counter] {
                try ChangeLog.insert(row, counter: number, institution: institution, transaction)
            }
            try RollUp.add(
                [(number, coding, Replay.sums(replay.rows[counter], coding))], place: place.key, transaction)
        }
        try replaceLinks(of: program, institution, replay.links, transaction)
        let formerSince: Int64 = try former?[2] ?? 0
        try transaction.execute(
            "DELETE FROM indicator_institution WHERE program = ? AND institution = ?",
            [.text(id), .integer(institution)])
        try transaction.execute(
            """
            INSERT INTO indicator_institution (program, institution, declared, region, level, since) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                .text(id), .integer(institution), .text(program.declared), .text(place.region),
                SQLValue(place.levelNumber), .integer(max(formerSince, kept.milliseconds)),
            ])
        let definitions = program.compiled.definitions.filter { definition in
            [definition.numerator, definition.denominator].contains { $0.map(changed.contains) ?? false }
        }
        return RebuiltFigures(
            records: replay.records, changed: definitions.map { $0.name(in: program.compiled.program) })
    }

    private func replaceLinks(
        of program: IndicatorProgram, _ institution: Int64, _ links: MemoryLinks, _ transaction: any Transaction
    ) throws {
        for table in ["indicator_bucket", "indicator_fact"] {
            try transaction.execute(
                """
                DELETE FROM \(table) WHERE institution = ? AND base IN \
                (SELECT number FROM indicator_name WHERE name LIKE ?)
                """, [.integer(institution), .text("\(program.compiled.program.id)/%")])
        }
        let stored = StoredLinks(program, institution: institution, lineList, transaction)
        for base in program.compiled.bases.indices {
            for (link, records) in links.records[base] {
                for record in records { stored.note(record: record, base: base, link: link, isThere: true) }
            }
            for (link, facts) in links.facts[base] { stored.keep(facts, base: base, link: link) }
        }
        try stored.flush()
    }
}
