import Accounts
import Audit
import Database
import Dictionaries
import Intake
import Portal
import SurveillanceKit

/// The mapping of institutions' codes to the national lists.
extension PlatformServices {
    func unmapped(
        _ category: String, of institution: String, on day: CivilDate, offset: Int, limit: Int
    ) async throws -> UnmappedCodes {
        guard let national = platform.nationalLists.codes(category) else {
            return UnmappedCodes(state: .noNationalList)
        }
        let database = platform.data.database
        // A national table of 35,000 codes is ranked in seconds.
        let found = await OwnThread.run { () throws -> UnmappedCodes in
            try database.readBlocking { connection in
                guard let entries = try Self.entries(category, of: institution, on: day, in: connection) else {
                    return UnmappedCodes(state: .noTable)
                }
                let decided = try MappingStore.mappings(of: institution, in: connection)[category] ?? [:]
                let (open, mapped) = Self.split(entries, CodeResolution(decided: decided, national: national))
                let asked = open.dropFirst(offset).prefix(limit)
                let chosen = try MappingStore.choices(
                    for: asked.map(\.name), in: category, besides: institution, in: connection)
                var ranking = CodeRanking(national)
                let items = asked.map { entry in
                    UnmappedCodes.Item(
                        entry: entry,
                        candidates: ranking.candidates(
                            for: entry, chosen: chosen[CodeText.plain(entry.name.utf8)] ?? [:]))
                }
                return UnmappedCodes(state: .listed, total: open.count, mapped: mapped, items: items)
            }
        }
        return try await StorageFault.answered { try found.get() }
    }

    func decide(
        _ mappings: [CodeMapping], in category: String, on day: CivilDate, by account: Account, from address: String
    ) async throws -> MappingOutcome {
        guard let institution = account.institution else { return MappingOutcome(decided: 0, faults: []) }
        guard let national = platform.nationalLists.codes(category) else {
            let fault = BilingualText(
                zh: "平台还没有该类别的国家编码表。", en: "The platform has no national list of this category.")
            return MappingOutcome(decided: 0, faults: mappings.isEmpty ? [] : [fault])
        }
        let (moment, author) = (now, Author(name: account.name, origin: address))
        let outcome = try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                let entries = try Self.entries(category, of: institution, on: day, in: transaction) ?? []
                let known = Dictionary(
                    entries.map { (CodeText.plain($0.code.utf8), $0) }, uniquingKeysWith: { first, _ in first })
                var taken: [CodeMapping] = []
                var faults: [BilingualText] = []
                for mapping in mappings {
                    guard let entry = known[CodeText.plain(mapping.code.utf8)] else {
                        faults.append(Self.unknown(mapping.code))
                        continue
                    }
                    guard let chosen = national.entry(mapping.nationalCode) else {
                        faults.append(Self.notNational(mapping))
                        continue
                    }
                    taken.append(CodeMapping(code: entry.code, name: entry.name, nationalCode: chosen.code))
                }
                guard !taken.isEmpty else { return MappingOutcome(decided: 0, faults: faults) }
                try MappingStore.decide(
                    taken, of: institution, in: category, at: moment, by: account.name, in: transaction)
                let entry = AuditEntry(
                    author: author, action: "dictionary.map", subject: category, at: moment,
                    detail: ["institution": institution, "codes": String(taken.count)])
                try AuditTrail.append(entry, in: transaction)
                try recheck(category, of: institution, at: moment, in: transaction)
                return MappingOutcome(decided: taken.count, faults: faults)
            }
        }
        platform.pipeline.books.forget(institution)
        if outcome.decided > 0 { await platform.workers.wake() }
        return outcome
    }

    /// The rows of an institution's table that is in use on a day; nil where there is none.
    private static func entries(
        _ category: String, of institution: String, on day: CivilDate, in connection: any Connection
    ) throws -> [CodeEntry]? {
        let table = try DictionaryStore.tables(of: institution, in: connection).first {
            $0.category == category && $0.removal == nil && $0.days.contains(day)
        }
        guard let table else { return nil }
        return try DictionaryStore.entries(of: table.id, institution, in: connection)
    }

    /// The codes that stand for none, each once, and how many stand for one.
    private static func split(
        _ entries: [CodeEntry], _ resolution: CodeResolution
    ) -> (open: [CodeEntry], mapped: Int) {
        var mapped: Set<[UInt8]> = []
        var open: [CodeEntry] = []
        for entry in entries where resolution.national(of: entry) != nil {
            mapped.insert(CodeText.plain(entry.code.utf8))
        }
        var seen = mapped
        for entry in entries where seen.insert(CodeText.plain(entry.code.utf8)).inserted { open.append(entry) }
        return (open, mapped.count)
    }

    private static func unknown(_ code: String) -> BilingualText {
        BilingualText(
            zh: "\(code.prefix(40)) 不在本院今天使用的编码表中，没有保存。",
            en: "\(code.prefix(40)) is not in the institution's table of today and was not saved.")
    }

    private static func notNational(_ mapping: CodeMapping) -> BilingualText {
        BilingualText(
            zh: "\(mapping.code.prefix(40))：国家编码表中没有 \(mapping.nationalCode.prefix(40))，没有保存。",
            en:
                "\(mapping.code.prefix(40)): there is no \(mapping.nationalCode.prefix(40)) in the national list; it was not saved."
        )
    }
}
