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
