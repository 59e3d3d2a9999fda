public import SurveillanceKit

/// The check character and the parts of an eighteen-character unified social credit code.
///
/// Source: GB 32100-2015: C18 = 31 − Σ(Ci × 3^(i−1)) mod 31, where 31 is written 0. The alphabet lacks I, O, S, V and Z.
public enum CreditCode {
    static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    /// The eighteenth character that the first seventeen call for; nil where they are not seventeen of the alphabet.
    public static func checkCharacter(of first: some StringProtocol) -> Character? {
        guard first.count == 17 else { return nil }
        var (sum, weight) = (0, 1)
        for character in first {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            sum = (sum + value * weight) % 31
            weight = weight * 3 % 31
        }
        let value = (31 - sum) % 31
        return alphabet[value]
    }

    /// Who registered the holder; nil for a character that the standard does not know.
    public static func authority(_ first: Character) -> BilingualText? { authorities[first] }

    private static let authorities: [Character: BilingualText] = [
        "1": BilingualText(zh: "机构编制部门登记", en: "registered by the establishment office"),
        "2": BilingualText(zh: "外交部门登记", en: "registered by the foreign ministry"),
        "3": BilingualText(zh: "司法行政部门登记", en: "registered by the justice authority"),
        "4": BilingualText(zh: "文化部门登记", en: "registered by the culture authority"),
        "5": BilingualText(zh: "民政部门登记", en: "registered by the civil affairs authority"),
        "6": BilingualText(zh: "旅游部门登记", en: "registered by the tourism authority"),
        "7": BilingualText(zh: "宗教部门登记", en: "registered by the religious affairs authority"),
        "8": BilingualText(zh: "工会登记", en: "registered by the trade unions"),
        "9": BilingualText(zh: "市场监管部门登记", en: "registered by the market regulator"),
        "A": BilingualText(zh: "军队编制部门登记", en: "registered by the military establishment office"),
        "N": BilingualText(zh: "农业部门登记", en: "registered by the agriculture authority"),
        "Y": BilingualText(zh: "其他部门登记", en: "registered by another authority"),
    ]
}
