public import SurveillanceKit

extension Language {
    /// The language a client asks for: the one it weighs most, Chinese where it asks for neither.
    ///
    /// Source: RFC 9110, section 12.5.4.
    public init(acceptLanguage: String?) {
        var best: (language: Language, weight: Double) = (.zh, 0)
        for item in (acceptLanguage ?? "").split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let range = parts.first else { continue }
            let name = range.prefix { $0 != "-" }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if let language = Language(rawValue: String(name)), weight > best.weight { best = (language, weight) }
        }
        self = best.language
    }
}
