public import SurveillanceKit

/// What the codes and entries of one institution say against each other: findings for a reviewer, never a block.
public enum CodeConflicts {
    /// - Parameters:
    ///   - codes: all codes of the institution.
    ///   - region: the six digits of its address.
    ///   - category: what was ticked; nil for nothing.
    public static func between(
        _ codes: [InstitutionCode], region: String?, category: Institution.Category?
    ) -> [BilingualText] {
        var conflicts: [BilingualText] = []
        let organizations = codes.compactMap { code in code.organizationCode.map { (code, $0) } }
        if let first = organizations.first {
            for other in organizations.dropFirst() where other.1 != first.1 {
                conflicts.append(
                    BilingualText(
                        zh: "\(first.0) 与 \(other.0) 的组织机构代码不同：\(first.1) 与 \(other.1)",
                        en: "\(first.0) and \(other.0) hold different organisation codes: \(first.1) and \(other.1)"))
            }
        }
        for code in codes {
            if let region, let own = code.region, own.prefix(4) != region.prefix(4) {
                conflicts.append(
                    BilingualText(
                        zh: "代码 \(code) 的地区 \(own) 与填写的地区 \(region) 不一致",
                        en: "the region \(own) in the code \(code) is not the region entered, \(region)"))
            }
            let explanation = CodeExplanation(code)
            if let category, let coded = explanation.category, let meant = coded.registered, meant != category {
                conflicts.append(
                    BilingualText(
                        zh: "代码 \(code) 的类别 \(coded.code) \(coded.title.zh) 与填写的“\(category.rawValue)”不一致",
                        en:
                            "the category \(coded.code) \(coded.title.en) in the code \(code) is not what was entered, \(category.rawValue)"
                    ))
            }
        }
        return conflicts
    }
}
