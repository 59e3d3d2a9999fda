import HTTPServer
import SurveillanceKit

/// What administrators write for others: in Chinese, and in English where they like.
extension FormFields {
    /// The text of a field and of its neighbour `…-en`. What is not written in English is shown as it was written in Chinese.
    ///
    /// - Returns: nil where the Chinese text is missing, or either is too long.
    func bilingual(_ name: String, longest: Int) -> BilingualText? {
        let (zh, en) = ((self[name] ?? "").trimmed, (self["\(name)-en"] ?? "").trimmed)
        guard !zh.isEmpty, zh.count <= longest, en.count <= longest else { return nil }
        return BilingualText(zh: zh, en: en.isEmpty ? zh : en)
    }

    /// A field of one line under its label, with what was written into it.
    func line(_ name: StaticString, _ title: String, longest: Int, isRequired: Bool) -> HTML {
        let key = "\(name)"
        return div {
            label(.for(key), text: title)
            input(
                .id(key), .type("text"), .name(name), .value(self[key] ?? ""), .maximumLength(longest),
                isRequired ? .required : nil)
        }
    }
}
