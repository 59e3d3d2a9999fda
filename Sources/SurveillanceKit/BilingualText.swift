public import JSON

/// Text that people read, in Chinese and in English: `{ "zh": "…", "en": "…" }` in every file of ours.
public struct BilingualText: Codable, Hashable, Sendable {
    public var zh: String
    public var en: String

    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    public subscript(language: Language) -> String {
        switch language {
        case .zh: zh
        case .en: en
        }
    }
}

/// The languages of the house. Chinese stands first in pages, English first in code and docs.
public enum Language: String, Codable, CaseIterable, Sendable {
    case zh
    case en
}

extension JSONText {
    /// Appends a member of an object that has members already, in both languages.
    public static func append(field name: StaticString, _ value: BilingualText, to output: inout [UInt8]) {
        begin(field: name, to: &output)
        output += "{\"zh\":".utf8
        append(value.zh, to: &output)
        output += ",\"en\":".utf8
        append(value.en, to: &output)
        output.append(0x7D)
    }
}
