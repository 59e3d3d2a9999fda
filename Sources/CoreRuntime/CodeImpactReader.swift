import Database
import Dictionaries
import Records
import SurveillanceKit
import Validation

/// Judges the stored rows of the last days by the codes that are in use and by those that would be.
struct CodeImpactReader {
    let lineList: LineList
    let programs: [Program]

    /// What a row's code comes to.
    private enum Verdict: Hashable {
        case fine, unknown, notNational, otherName, noTable

        /// What is said of the row; that no table is in use is said of the file, and of no row.
        var finding: FindingCode? {
            switch self {
            case .fine, .noTable: nil
            case .unknown: .codeNotInLocalTable
            case .notNational: .codeNotNational
            case .otherName: .codeNameMismatch
            }
        }
    }

    /// - Parameters:
    ///   - today: rows of the days before it are looked at.
    ///   - now: the tables in use.
    ///   - then: those that would be.
    func impact(
        on category: String, of institution: String, today: CivilDate, now: StoredCodes, then: StoredCodes,
        in connection: any Connection
    ) throws -> CodeImpact {
        var impact = CodeImpact(days: today.advanced(byDays: -CodeImpact.days)...today)
        var missing: [String: Int] = [:]
        var unmapped: [String: Int] = [:]
        for program in programs {
            guard let dictionary = program.dictionaries.first(where: { $0.id == category }) else { continue }
            func severity(_ verdict: Verdict) -> Severity? { verdict.finding.map(dictionary.severity) }
            for (id, uses) in Dictionary(grouping: dictionary.uses, by: \.fileType) {
                guard let type = program.fileType(id), let day = type.eventDate else { continue }
                let used = uses.compactMap { use in
                    type.fields.first { $0.name == use.code }.map { (use: use, field: $0) }
                }
                try lineList.forEachRecord(
                    program: program.id, fileType: id, institution: institution, in: connection
                ) { record in
                    guard let date = Self.day(record.values[day]), impact.days.contains(date) else { return }
                    var hasCode = false
                    var (before, after): (Severity?, Severity?) = (nil, nil)
                    for (use, field) in used {
                        guard case .text(let text)? = record.values[use.code], !text.isEmpty else { continue }
                        hasCode = true
                        let name = use.name.flatMap { record.values[$0] }
                        let codes = Self.parts(of: text, field)
                        let number = date.daysSince1970
                        for code in codes {
                            let verdict = Self.verdict(code, codes.count == 1 ? name : nil, category, number, then)
                            if verdict == .unknown { missing[code, default: 0] += 1 }
                            if verdict == .notNational { unmapped[code, default: 0] += 1 }
                            after = Self.worse(after, severity(verdict))
                            let earlier = Self.verdict(code, codes.count == 1 ? name : nil, category, number, now)
                            before = Self.worse(before, severity(earlier))
                        }
                    }
                    impact.rows += hasCode ? 1 : 0
                    impact.cleared += before != nil && after == nil ? 1 : 0
                    impact.warned += before == nil && after != nil ? 1 : 0
                    impact.rejected += before != .error && after == .error ? 1 : 0
                }
            }
        }
        impact.missing = Self.most(missing)
        impact.unmapped = Self.most(unmapped)
        return impact
    }

    private static func worse(_ one: Severity?, _ other: Severity?) -> Severity? {
        [one, other].compactMap(\.self).max()
    }

    private static func most(_ counts: [String: Int]) -> [CodeImpact.Used] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(CodeImpact.mostListed)
            .map { CodeImpact.Used(code: $0.key, rows: $0.value) }
    }

    /// The day of a stored date or moment.
    private static func day(_ value: StoredValue?) -> CivilDate? {
        guard case .text(let text)? = value else { return nil }
        return CivilDate(String(decoding: text.prefix(10), as: UTF8.self))
    }

    /// Each code of a cell that may hold several.
    private static func parts(of text: [UInt8], _ field: Field) -> [String] {
        let whole = String(decoding: text, as: UTF8.self)
        guard !field.separators.isEmpty else { return [whole] }
        return whole.split(whereSeparator: field.separators.contains).map(\.trimmed).filter { !$0.isEmpty }
    }

    private static func verdict(
        _ code: String, _ name: StoredValue?, _ category: String, _ day: Int, _ book: StoredCodes
    ) -> Verdict {
        var code = code
        return code.withUTF8 { bytes in
            switch book.look(up: bytes, in: category, on: day) {
            case .noTable: return .noTable
            case .unknown: return .unknown
            case .notNational: return .notNational
            case .known:
                guard case .text(let text)? = name, !text.isEmpty else { return .fine }
                return text.withUnsafeBufferPointer {
                    book.names(of: bytes, in: category, on: day, include: $0) ? .fine : .otherName
                }
            }
        }
    }
}
