import Glibc
import SurveillanceKit

/// Which treatments a field may have, by its class and type. `docs/privacy.md` has the same table.
enum FieldPolicy {
    static func permitted(_ sensitivity: Sensitivity, _ type: FieldType) -> [Deidentification] {
        switch (sensitivity, type) {
        case (.direct, .string): [.drop, .pseudonym, .scrub]
        case (.direct, .date), (.direct, .datetime): [.drop, .year]
        case (.direct, .integer), (.direct, .number), (.direct, .boolean): [.drop]
        case (.quasi, .string): [.keep, .drop, .pseudonym, .area, .scrub]
        case (.none, .string): [.keep, .drop, .pseudonym]
        case (.quasi, .date), (.quasi, .datetime), (.none, .date), (.none, .datetime): [.keep, .drop, .year]
        case (.quasi, .integer), (.quasi, .number), (.quasi, .boolean), (.none, .integer), (.none, .number),
            (.none, .boolean):
            [.keep, .drop]
        }
    }

    /// What is wrong with a field's treatment; nil where it is permitted.
    static func refusal(_ sensitivity: Sensitivity, _ type: FieldType, _ treatment: Deidentification) -> BilingualText?
    {
        let permitted = permitted(sensitivity, type)
        guard !permitted.contains(treatment) else { return nil }
        let known = permitted.map(\.rawValue).joined(separator: ", ")
        return BilingualText(
            zh: "'\(sensitivity.rawValue)' 类的 \(type.rawValue) 字段不能用 '\(treatment.rawValue)'；可用 \(known)",
            en:
                "a \(type.rawValue) of class '\(sensitivity.rawValue)' cannot be '\(treatment.rawValue)'; it can be \(known)"
        )
    }

    /// What a title says a field holds, and how such a field must be treated.
    enum Meaning {
        /// Names, numbers, telephones and addresses of people.
        case identifier
        case birthDate
        case postcode

        init?(title: String) {
            // Bytes are searched, in a tenth of the time that a search by characters takes: every field of every program comes by.
            func has(_ words: [String]) -> Bool { words.contains { strstr(title, $0) != nil } }
            if has(["邮政编码", "邮编"]) {
                self = .postcode
            } else if has(["出生日期", "出生年月"]) {
                self = .birthDate
            } else if has(["姓名", "证件号", "身份证", "电话", "手机号", "住址", "地址", "健康卡号", "病案号", "住院号", "就诊卡号"]),
                !has(["类型", "类别", "机构", "医院", "实验室"])
            {
                self = .identifier
            } else {
                return nil
            }
        }
    }

    /// What is wrong with how a field is treated, given what its title says.
    static func refusal(of title: String, _ sensitivity: Sensitivity, _ treatment: Deidentification) -> BilingualText? {
        switch Meaning(title: title) {
        case .identifier where sensitivity != .direct:
            BilingualText(
                zh: "“\(title)”指向个人：'sensitivity' 应为 direct",
                en: "'\(title)' points at a person: 'sensitivity' must be direct")
        case .identifier where treatment == .scrub:
            BilingualText(
                zh: "“\(title)”本身就是身份信息，不能用 scrub 保留；可用 drop, pseudonym",
                en: "'\(title)' is itself what identifies a person, so scrub would keep it; it can be drop, pseudonym")
        case .birthDate where treatment != .year && treatment != .drop:
            BilingualText(
                zh: "出生日期只能保留年份：应为 year 或 drop", en: "of a date of birth only the year is kept: it must be year or drop"
            )
        case .postcode where treatment != .area && treatment != .drop:
            BilingualText(
                zh: "邮政编码只能保留前四位：应为 area 或 drop", en: "of a postcode only the area is kept: it must be area or drop")
        default: nil
        }
    }

    /// Whether a title says that the field holds a postcode.
    static func isPostcode(_ title: BilingualText) -> Bool {
        let en = title.en.lowercased()
        return strstr(title.zh, "邮") != nil
            || (["postcode", "postal", "post code", "zip"] as [String]).contains { strstr(en, $0) != nil }
    }
}
