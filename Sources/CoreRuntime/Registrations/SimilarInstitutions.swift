import Institutions
import Registrations
import SurveillanceKit

/// Registered institutions that may be the one that applies.
enum SimilarInstitutions {
    /// The same code or organisation code, or nearly the same name in the same county.
    static func of(_ form: ApplicationForm, among institutions: [Institution]) -> [Institution] {
        let codes = Set(form.codes.map(\.text))
        let organizations = Set(form.codes.compactMap(\.organizationCode))
        let (name, county) = (form[.name], form[.region].prefix(6))
        return institutions.filter { institution in
            let own = ([institution.code] + institution.codeAliases).compactMap(InstitutionCode.init)
            if own.contains(where: { codes.contains($0.text) }) { return true }
            if own.contains(where: { $0.organizationCode.map(organizations.contains) ?? false }) { return true }
            return institution.region.hasPrefix(county) && similarity(institution.name.zh, name) >= 0.9
        }
    }

    /// 1 for the same text, 0 for one that has nothing in common: one less the edit distance by the longer length.
    static func similarity(_ first: String, _ second: String) -> Double {
        let (a, b) = (Array(first.prefix(100)), Array(second.prefix(100)))
        guard !a.isEmpty, !b.isEmpty else { return 0 }
        var row = Array(0...b.count)
        for (index, character) in a.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for place in b.indices {
                let above = row[place + 1]
                row[place + 1] = min(above + 1, row[place] + 1, diagonal + (b[place] == character ? 0 : 1))
                diagonal = above
            }
        }
        return 1 - Double(row[b.count]) / Double(max(a.count, b.count))
    }
}
