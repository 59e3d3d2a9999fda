public import SurveillanceKit

/// The management class, the last character of a WS 218 code. Source: WS 218-2002, appendix B.
public enum ManagementClass: String, CaseIterable, Sendable {
    case nonProfit = "1"
    case forProfit = "2"
    case other = "9"

    public var title: BilingualText {
        switch self {
        case .nonProfit: BilingualText(zh: "非营利性", en: "non-profit")
        case .forProfit: BilingualText(zh: "营利性", en: "for profit")
        case .other: BilingualText(zh: "其他", en: "other")
        }
    }
}

/// The economic type of a WS 218 code: the first two digits of GB/T 12402-2000.
public enum EconomicType {
    public static func title(_ code: String) -> BilingualText? { titles[code] }

    private static let titles: [String: BilingualText] = [
        "11": BilingualText(zh: "国有全资", en: "state-owned"),
        "12": BilingualText(zh: "集体全资", en: "collectively owned"),
        "13": BilingualText(zh: "股份合作", en: "joint-stock cooperative"),
        "14": BilingualText(zh: "联营", en: "jointly run"),
        "15": BilingualText(zh: "有限责任（公司）", en: "limited liability company"),
        "16": BilingualText(zh: "股份有限（公司）", en: "company limited by shares"),
        "17": BilingualText(zh: "私有", en: "private"),
        "19": BilingualText(zh: "其他内资", en: "other domestic"),
        "21": BilingualText(zh: "内地和港澳台合资", en: "joint venture with Hong Kong, Macao or Taiwan"),
        "22": BilingualText(zh: "内地和港澳台合作", en: "cooperation with Hong Kong, Macao or Taiwan"),
        "23": BilingualText(zh: "港澳台独资", en: "owned from Hong Kong, Macao or Taiwan"),
        "24": BilingualText(zh: "港澳台投资股份有限", en: "company limited by shares, Hong Kong, Macao or Taiwan"),
        "29": BilingualText(zh: "其他港澳台投资", en: "other investment from Hong Kong, Macao or Taiwan"),
        "31": BilingualText(zh: "中外合资", en: "Sino-foreign joint venture"),
        "32": BilingualText(zh: "中外合作", en: "Sino-foreign cooperation"),
        "33": BilingualText(zh: "外资", en: "foreign-owned"),
        "34": BilingualText(zh: "国外投资股份有限", en: "company limited by shares, foreign"),
        "39": BilingualText(zh: "其他国外投资", en: "other foreign investment"),
        "90": BilingualText(zh: "其他", en: "other"),
    ]
}
