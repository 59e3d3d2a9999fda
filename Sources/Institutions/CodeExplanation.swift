public import SurveillanceKit

/// What an institution's code says, part by part, and what is wrong with it.
public struct CodeExplanation: Hashable, Sendable {
    public let code: InstitutionCode
    /// What the code is, in a word.
    public let kind: BilingualText
    public private(set) var region: BilingualText?
    public private(set) var economicType: BilingualText?
    public private(set) var category: CodeCategory?
    public private(set) var managementClass: ManagementClass?
    public private(set) var authority: BilingualText?
    public private(set) var findings: [CodeFinding] = []

    /// Whether nothing in it is a slip of the pen. Warnings are a reviewer's to judge, and reject nothing.
    public var isPlausible: Bool { !findings.contains { $0.severity == .error } }

    public init(_ code: InstitutionCode) {
        self.code = code
        kind =
            switch code.shape {
            case .classified:
                BilingualText(zh: "卫生机构代码（WS 218，22 位）", en: "health institution code (WS 218, 22 characters)")
            case .creditCode:
                BilingualText(zh: "统一社会信用代码（18 位）", en: "unified social credit code (18 characters)")
            case .organization: BilingualText(zh: "组织机构代码（9 位）", en: "organisation code (9 characters)")
            case .other:
                BilingualText(
                    zh: "其他代码（\(code.text.count) 位）", en: "another code (\(code.text.count.counted("character")))")
            }
        // Where other characters stand, nothing can be decoded.
        guard noteForeignCharacters() else { return }
        switch code.shape {
        case .classified: readClassified()
        case .creditCode: readCreditCode()
        case .organization: checkOrganization(at: 0)
        case .other: readOther()
        }
    }

    /// `A210 中医（综合）医院 · 湖南 · 非营利性`: what the form shows while somebody types.
    public var summary: BilingualText {
        let category = category.map { BilingualText(zh: "\($0.code) \($0.title.zh)", en: "\($0.code) \($0.title.en)") }
        let parts = [category, authority, region, economicType, managementClass?.title].compactMap(\.self)
        return parts.isEmpty
            ? kind
            : BilingualText(
                zh: parts.map(\.zh).joined(separator: " · "), en: parts.map(\.en).joined(separator: " · "))
    }

    // MARK: - The parts

    private mutating func noteForeignCharacters() -> Bool {
        var isClean = true
        for (index, character) in code.text.enumerated() {
            let isKnown = character.isASCII && (character.isNumber || character.isLetter)
            guard !isKnown else { continue }
            isClean = false
            findings.append(
                CodeFinding(
                    .foreignCharacter, .error, at: index + 1,
                    zh: "第 \(index + 1) 位“\(character)”不是数字或字母",
                    en: "character \(index + 1), '\(character)', is neither a digit nor a letter"))
        }
        return isClean
    }

    private mutating func readClassified() {
        checkOrganization(at: 0)
        readRegion(at: 9)
        let text = code.text
        let economic = String(text.dropFirst(15).prefix(2))
        economicType = EconomicType.title(economic)
        if economicType == nil {
            findings.append(
                CodeFinding(
                    .unknownEconomicType, .warning, at: 16, zh: "第 16–17 位“\(economic)”不是已知的经济类型（GB/T 12402）",
                    en: "characters 16 and 17, '\(economic)', are no economic type of GB/T 12402"))
        }
        let letters = String(text.dropFirst(17).prefix(4))
        category = CodeCategory(letters)
        if category == nil {
            findings.append(
                CodeFinding(
                    .unknownCategory, .warning, at: 18, zh: "第 18–21 位“\(letters)”不是 WS 218 中的机构类别",
                    en: "characters 18 to 21, '\(letters)', are no category of WS 218"))
        }
        let last = String(text.suffix(1))
        managementClass = ManagementClass(rawValue: last)
        if managementClass == nil {
            findings.append(
                CodeFinding(
                    .unknownManagementClass, .warning, at: 22, zh: "第 22 位“\(last)”不是管理分类；1 非营利性，2 营利性，9 其他",
                    en: "character 22, '\(last)', is no management class; 1 is non-profit, 2 for profit, 9 other"))
        }
    }

    private mutating func readCreditCode() {
        let text = code.text
        var isOfAlphabet = true
        for (index, character) in text.enumerated() where !CreditCode.alphabet.contains(character) {
            isOfAlphabet = false
            let meant: [Character: Character] = ["I": "1", "O": "0", "S": "5", "Z": "2", "V": "Y"]
            let hint = meant[character]
            findings.append(
                CodeFinding(
                    .foreignCharacter, .error, at: index + 1, expected: hint,
                    zh: "第 \(index + 1) 位“\(character)”：统一社会信用代码不使用 I、O、S、V、Z"
                        + (hint.map { "，可能应为 \($0)" } ?? ""),
                    en: "character \(index + 1), '\(character)': these codes never use I, O, S, V and Z"
                        + (hint.map { "; perhaps it is \($0)" } ?? "")))
        }
        if let first = text.first {
            authority = CreditCode.authority(first)
            if authority == nil {
                findings.append(
                    CodeFinding(
                        .unknownAuthority, .warning, at: 1, zh: "第 1 位“\(first)”不是已知的登记管理部门",
                        en: "character 1, '\(first)', is no registering authority of GB 32100"))
            }
        }
        readRegion(at: 2)
        checkOrganization(at: 8)
        guard isOfAlphabet, let expected = CreditCode.checkCharacter(of: text.prefix(17)), text.last != expected else {
            return
        }
        findings.append(
            CodeFinding(
                .wrongCheckCharacter, .error, at: 18, expected: expected,
                zh: "校验码不符：按前 17 位，第 18 位应为 \(expected)；请核对各位",
                en:
                    "the check character is wrong: the first 17 call for \(expected) as the 18th; compare every character"
            ))
    }

    private mutating func readOther() {
        let inner = code.organizationCode.map {
            BilingualText(zh: "；其前 9 位 \($0) 是有效的组织机构代码", en: "; its first nine, \($0), are a valid organisation code")
        }
        findings.append(
            CodeFinding(
                .otherShape, .warning,
                zh: "共 \(code.text.count) 位，不是 22、18 或 9 位\(inner?.zh ?? "")；由审核人员确认",
                en:
                    "it has \(code.text.count.counted("character")), not 22, 18 or 9\(inner?.en ?? ""); a reviewer confirms it"
            ))
    }

    private mutating func readRegion(at offset: Int) {
        let digits = String(code.text.dropFirst(offset).prefix(6))
        region = Region(digits).flatMap { ProvinceName.of($0.prefix) }.map {
            BilingualText(zh: "\($0.zh)（\(digits)）", en: "\($0.en) (\(digits))")
        }
        guard region == nil else { return }
        findings.append(
            CodeFinding(
                .unknownRegion, .warning, at: offset + 1,
                zh: "第 \(offset + 1)–\(offset + 6) 位“\(digits)”不是行政区划代码（GB/T 2260）",
                en: "characters \(offset + 1) to \(offset + 6), '\(digits)', are no region of GB/T 2260"))
    }

    /// Compares the ninth character of an organisation code with the one that the first eight call for.
    private mutating func checkOrganization(at offset: Int) {
        let own = String(code.text.dropFirst(offset).prefix(9))
        if OrganizationCode.isPrivate(own) {
            findings.append(
                CodeFinding(
                    .privateRange, .warning, at: offset + 1, zh: "组织机构代码 \(own) 属于自编码段（PDY00001–PDY99999）",
                    en: "the organisation code \(own) is of the range for private use, PDY00001 to PDY99999"))
        }
        guard let expected = OrganizationCode.checkCharacter(of: own.prefix(8)), own.last != expected else { return }
        let position = offset + 9
        if code.hasHyphen, offset == 0 {
            // Health offices give out temporary organisation codes with a hyphen before the ninth character.
            findings.append(
                CodeFinding(
                    .temporary, .warning, at: position, expected: expected,
                    zh: "带连字符且校验码不符（应为 \(expected)）：可能是临时组织机构代码，由审核人员确认",
                    en:
                        "it has a hyphen and its check character is not \(expected): perhaps a temporary organisation code, which a reviewer confirms"
                ))
        } else {
            findings.append(
                CodeFinding(
                    .wrongCheckCharacter, .error, at: position, expected: expected,
                    zh: "组织机构代码校验码不符：按前 8 位，第 \(position) 位应为 \(expected)；请核对各位",
                    en:
                        "the organisation code's check character is wrong: character \(position) should be \(expected); compare every character"
                ))
        }
    }
}
