import SurveillanceKit

/// What a field may hold, said in words.
struct FieldRequirements {
    var field: Field
    var program: Program

    /// One requirement.
    private enum Part {
        case words(BilingualText)
        case list(CodeList)
        case pattern(String)
    }

    func view(_ reader: Reader) -> HTML {
        HTML(
            joining: parts.map { part in
                div {
                    switch part {
                    case .words(let text): reader.say(text)
                    case .list(let list): link(list, reader)
                    case .pattern(let pattern):
                        reader.say("符合 ", "matches ")
                        code(text: pattern)
                    }
                }
            })
    }

    /// The same for print.
    func texts(in language: Language) -> [String] {
        parts.map { part in
            switch part {
            case .words(let text): text[language]
            case .list(let list): FieldRequirements.listPrefix[language] + "\(list.id) \(list.title[language])"
            case .pattern(let pattern): BilingualText(zh: "符合 ", en: "matches ")[language] + pattern
            }
        }
    }

    private static let listPrefix = BilingualText(zh: "代码表 ", en: "Code list ")

    private var parts: [Part] {
        let limits = field.constraints
        var parts: [Part] = []
        func add(_ zh: String, _ en: String) { parts.append(.words(BilingualText(zh: zh, en: en))) }
        switch field.type {
        case .date: add("格式 2026-01-31", "like 2026-01-31")
        case .datetime: add("格式 2026-01-31 08:05:00", "like 2026-01-31 08:05:00")
        case .string, .integer, .number, .boolean: break
        }
        if let list = field.codeList {
            parts.append(.list(list))
            if list.isKnown, let first = list.entries.first {
                add("例：\(first.code)（\(first.meaning.zh)）", "such as \(first.code) (\(first.meaning.en))")
            }
        }
        switch (limits.minimumLength, limits.maximumLength) {
        case (let low?, let high?) where low == high: add("\(high) 个字符", high.counted("character"))
        case (let low?, let high?): add("\(low) 至 \(high) 个字符", "\(low) to \(high) characters")
        case (nil, let high?): add("最多 \(high) 个字符", "at most \(high.counted("character"))")
        case (let low?, nil): add("至少 \(low) 个字符", "at least \(low.counted("character"))")
        case (nil, nil): break
        }
        switch (limits.minimum, limits.maximum) {
        case (let low?, let high?): add("\(plain(low)) 至 \(plain(high))", "\(plain(low)) to \(plain(high))")
        case (let low?, nil): add("不小于 \(plain(low))", "at least \(plain(low))")
        case (nil, let high?): add("不大于 \(plain(high))", "at most \(plain(high))")
        case (nil, nil): break
        }
        if let decimals = limits.maximumDecimals { add("最多 \(decimals) 位小数", "at most \(decimals.counted("decimal"))") }
        if let digits = limits.maximumIntegerDigits {
            add("整数部分最多 \(digits) 位", "at most \(digits.counted("digit")) before the point")
        }
        if !limits.enumeration.isEmpty {
            add(
                "取值：\(limits.enumeration.joined(separator: "、"))",
                "one of \(limits.enumeration.joined(separator: ", "))")
        }
        if let pattern = limits.pattern {
            parts.append(.pattern(pattern))
        }
        if !field.separators.isEmpty {
            let separators = field.separators.map(String.init).joined(separator: " ")
            add("可填多个，用 \(separators) 分隔", "may hold several, parted by \(separators)")
        }
        if !field.placeholders.isEmpty {
            let placeholders = field.placeholders.joined(separator: " ")
            add("不详填 \(placeholders)", "\(placeholders) where it is not known")
        }
        return parts
    }

    private func link(_ list: CodeList, _ reader: Reader) -> HTML {
        let name = "\(list.id) \(reader.say(list.title))"
        guard list.isKnown else {
            return HTML(text: reader.say(FieldRequirements.listPrefix) + name)
        }
        return HTML(joining: [
            HTML(text: reader.say(FieldRequirements.listPrefix)),
            a(.href(SitePath("programs", program.id, "codelists", list.id)), text: name),
        ])
    }

    private func plain(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
}

extension FieldType {
    var title: BilingualText {
        switch self {
        case .string: BilingualText(zh: "文本", en: "text")
        case .integer: BilingualText(zh: "整数", en: "whole number")
        case .number: BilingualText(zh: "数值", en: "number")
        case .boolean: BilingualText(zh: "是/否", en: "yes/no")
        case .date: BilingualText(zh: "日期", en: "date")
        case .datetime: BilingualText(zh: "日期时间", en: "date and time")
        }
    }
}
