import JSON
import SurveillanceKit

/// Reads the members of one JSON object and notes whatever is not as it must be: a misspelt name, a wrong type, a value that is not known.
///
/// Each reading function answers nil where the member is not there or is wrong; it has noted then what is needed.
struct ObjectReader {
    let source: SourceFile
    /// The byte at which the object begins.
    let offset: Int
    private let members: [JSONMember]
    /// What the object is, before each message: `field SEX: `.
    var subject = BilingualText(zh: "", en: "")

    init?(_ value: JSONNode, in source: SourceFile, subject: BilingualText? = nil) {
        guard case .object(let members) = value.content else {
            source.note(value.offset, "这里需要一个对象 { … }", "an object { … } is needed here")
            return nil
        }
        self.source = source
        self.members = members
        offset = value.offset
        if let subject { self.subject = subject }
    }

    // MARK: What is wrong

    /// Notes a mistake at a member's value, or at the object's beginning where there is no such member.
    func fault(_ name: String, _ zh: String, _ en: String) { fault(at: value(name)?.offset ?? offset, zh, en) }

    func fault(at offset: Int, _ zh: String, _ en: String) {
        source.note(offset, subject.zh + zh, subject.en + en)
    }

    private func missing(_ name: String, _ what: BilingualText) {
        fault(at: offset, "缺少 '\(name)'；应为\(what.zh)", "'\(name)' is missing; it must be \(what.en)")
    }

    /// - Returns: nil, so that a reading function ends with it.
    private func wrong<Value>(_ name: String, _ what: BilingualText) -> Value? {
        fault(name, "'\(name)' 应为\(what.zh)", "'\(name)' must be \(what.en)")
        return nil
    }

    /// Notes names that nobody reads: a misspelt one must not pass for a default.
    func allow(_ names: [String]) {
        for member in members
        where !names.contains(where: { $0.utf8.count == member.name.utf8.count && $0 == member.name }) {
            let known = names.filter { $0 != "$schema" }.joined(separator: ", ")
            fault(
                at: member.nameOffset, "未知的属性 '\(member.name)'；可用的有 \(known)",
                "unknown property '\(member.name)'; known are \(known)")
        }
    }

    // MARK: Members

    var names: [String] { members.map(\.name) }
    func has(_ name: String) -> Bool { index(name) != nil }
    func value(_ name: String) -> JSONNode? { index(name).map { members[$0].value } }

    /// Lengths are compared first: most names differ in them, and they cost a tenth of a comparison.
    private func index(_ name: String) -> Int? {
        let length = name.utf8.count
        return members.firstIndex { $0.name.utf8.count == length && $0.name == name }
    }

    /// A text that is not blank, or at least not empty.
    func string(_ name: String, isNeeded: Bool = true, mayBeBlank: Bool = false) -> String? {
        guard let value = value(name) else {
            if isNeeded { missing(name, Self.text) }
            return nil
        }
        guard case .string(let text) = value.content, !text.isEmpty,
            mayBeBlank || text.unicodeScalars.contains(where: \.isVisible)
        else {
            return wrong(name, Self.text)
        }
        return text
    }

    /// A text of a certain form.
    func string(_ name: String, like form: NameForm, isNeeded: Bool = true) -> String? {
        guard let text = string(name, isNeeded: isNeeded) else { return nil }
        guard form.matches(text) else {
            fault(
                name, "'\(name)' 是 '\(text)'；应为\(form.words.zh)", "'\(name)' is '\(text)'; it must be \(form.words.en)")
            return nil
        }
        return text
    }

    func number(_ name: String) -> Double? {
        guard let value = value(name) else { return nil }
        guard case .number(let number) = value.content else {
            return wrong(name, BilingualText(zh: "数字", en: "a number"))
        }
        return number
    }

    /// A whole number not below a limit.
    func wholeNumber(_ name: String, from least: Int) -> Int? {
        guard has(name) else { return nil }
        guard case .number(let number)? = value(name)?.content, let whole = Int(exactly: number), whole >= least else {
            return wrong(name, BilingualText(zh: "不小于 \(least) 的整数", en: "a whole number, \(least) or more"))
        }
        return whole
    }

    func flag(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let flag) = value.content else {
            return wrong(name, BilingualText(zh: " true 或 false", en: "true or false"))
        }
        return flag
    }

    func choice<Value: RawRepresentable>(_ name: String, among values: [Value], isNeeded: Bool = true) -> Value?
    where Value.RawValue == String {
        guard let value = value(name) else {
            if isNeeded { missing(name, Self.oneOf(values)) }
            return nil
        }
        guard case .string(let raw) = value.content else { return wrong(name, Self.oneOf(values)) }
        guard let chosen = values.first(where: { $0.rawValue == raw }) else {
            let what = Self.oneOf(values)
            fault(name, "'\(name)' 是 '\(raw)'；应为\(what.zh)", "'\(name)' is '\(raw)'; it must be \(what.en)")
            return nil
        }
        return chosen
    }

    private static func oneOf<Value: RawRepresentable>(_ values: [Value]) -> BilingualText
    where Value.RawValue == String {
        let known = values.map(\.rawValue).joined(separator: ", ")
        return BilingualText(zh: "其中之一：\(known)", en: "one of \(known)")
    }

    func object(_ name: String, isNeeded: Bool = false) -> ObjectReader? {
        guard let value = value(name) else {
            if isNeeded { missing(name, BilingualText(zh: "对象 { … }", en: "an object { … }")) }
            return nil
        }
        guard case .object = value.content else {
            return wrong(name, BilingualText(zh: "对象 { … }", en: "an object { … }"))
        }
        return ObjectReader(value, in: source, subject: subject)
    }

    /// The values of a list that has at least one.
    func list(_ name: String, isNeeded: Bool = false, least: Int = 1) -> [JSONNode]? {
        let what =
            least == 0
            ? BilingualText(zh: "列表 [ … ]", en: "a list [ … ]")
            : BilingualText(zh: "至少有一项的列表 [ … ]", en: "a list [ … ] with at least one entry")
        guard let value = value(name) else {
            if isNeeded { missing(name, what) }
            return nil
        }
        guard case .array(let values) = value.content, values.count >= least else { return wrong(name, what) }
        return values
    }

    /// The objects of a list; those that are none have been noted.
    func objects(_ name: String, isNeeded: Bool = false, least: Int = 1) -> [ObjectReader?] {
        list(name, isNeeded: isNeeded, least: least)?.map { ObjectReader($0, in: source, subject: subject) } ?? []
    }

    /// The texts of a list, each once.
    ///
    /// - Parameters:
    ///   - mayBeEmpty: whether a text may be empty.
    ///   - mayBeNone: whether the list may be.
    func strings(
        _ name: String, isNeeded: Bool = false, like form: NameForm? = nil, mayBeEmpty: Bool = false,
        mayBeNone: Bool = false
    ) -> [String] {
        var texts: [String] = []
        for value in list(name, isNeeded: isNeeded, least: mayBeNone ? 0 : 1) ?? [] {
            guard case .string(let text) = value.content, mayBeEmpty || !text.isEmpty else {
                fault(at: value.offset, "'\(name)' 中应为文字", "'\(name)' must be a list of texts")
                continue
            }
            if let form, !form.matches(text) {
                fault(
                    at: value.offset, "'\(name)' 中有 '\(text)'；应为\(form.words.zh)",
                    "'\(name)' has '\(text)'; it must be \(form.words.en)")
                continue
            }
            if texts.contains(text) {
                fault(at: value.offset, "'\(name)' 中 '\(text)' 出现两次", "'\(text)' stands twice in '\(name)'")
                continue
            }
            texts.append(text)
        }
        return texts
    }

    /// `{ "zh": …, "en": … }`.
    ///
    /// - Parameter isProse: the Chinese text must have a Chinese character; otherwise it can be a code or a number.
    func text(_ name: String, isNeeded: Bool = true, isProse: Bool = true) -> BilingualText? {
        guard has(name) else {
            if isNeeded {
                missing(
                    name,
                    BilingualText(
                        zh: "两种语言的文字 { \"zh\": …, \"en\": … }", en: "text in both languages, { \"zh\": …, \"en\": … }"))
            }
            return nil
        }
        guard let object = object(name) else { return nil }
        object.allow(["zh", "en"])
        guard let zh = object.string("zh"), let en = object.string("en") else { return nil }
        object.judge(zh: ("zh", zh), isProse: isProse)
        object.judge(en: ("en", en), zh: zh)
        return BilingualText(zh: zh, en: en)
    }

    /// Notes a Chinese text without Chinese.
    func judge(zh: (name: String, text: String), isProse: Bool) {
        guard isProse, !zh.text.unicodeScalars.contains(where: \.isHan) else { return }
        fault(zh.name, "'\(zh.name)' 应为中文：'\(zh.text)'", "'\(zh.name)' must be Chinese; it is '\(zh.text)'")
    }

    /// Notes an English text that is the Chinese one again, or has Chinese alone.
    func judge(en: (name: String, text: String), zh: String) {
        guard !en.text.utf8.allSatisfy({ $0 < 0x80 }) else { return }
        let scalars = en.text.unicodeScalars
        guard scalars.contains(where: \.isHan),
            en.text == zh || !scalars.contains(where: { $0.isASCII && $0.properties.isAlphabetic })
        else { return }
        fault(en.name, "'\(en.name)' 应为英文：'\(en.text)'", "'\(en.name)' must be English; it is '\(en.text)'")
    }

    private static let text = BilingualText(zh: "非空的文字", en: "a text that is not blank")
}

extension Unicode.Scalar {
    /// Whether it is no white space; ASCII and Chinese without a look at Unicode's properties.
    var isVisible: Bool { (0x21...0x7E).contains(value) || isHan || !properties.isWhitespace }

    /// Whether it is a Chinese character. Ranges, since looking up the property takes several times as long.
    var isHan: Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x3007, 0xF900...0xFAFF, 0x2_0000...0x3_FFFF: true
        default: false
        }
    }
}
