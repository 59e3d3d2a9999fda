import SurveillanceKit

/// What the help shows: the guide for hospitals, that of the agent, and every kind of finding with how to mend it.
enum HelpBook {
    /// In the reader's language.
    static func guide(_ language: Language) -> Markdown { language == .zh ? guideZH : guideEN }

    /// The documents as they are written, in both languages.
    static var guideText: String { "\(guideHelpText)" }
    static var findingsText: String { "\(findingsHelpText)" }
    static var agentText: BilingualText {
        BilingualText(zh: "\(agentGuideZHHelpText)", en: "\(agentGuideHelpText)")
    }

    /// How the hospital's agent is set up, in the reader's language.
    static func agent(_ language: Language) -> Markdown { language == .zh ? agentZH : agentEN }

    static let findings = Markdown("\(findingsHelpText)")
    private static let guideZH = Markdown("\(guideHelpText)").part(0)
    private static let agentZH = Markdown("\(agentGuideZHHelpText)")
    private static let agentEN = Markdown("\(agentGuideHelpText)")
    private static let guideEN = Markdown("\(guideHelpText)").part(1)

    /// Where a link of the documentation leads on this server; nil for pages that it does not have.
    static func target(_ address: String) -> SitePath? {
        let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path: SitePath? =
            switch parts[0] {
            case "": nil
            case "findings.md": SitePath("help", "findings")
            case "hospitals.md": SitePath("help", "guide")
            case "agent.md": SitePath("help", "agent").with("lang", "en")
            case "agent.zh.md": SitePath("help", "agent").with("lang", "zh")
            case let file where file.hasPrefix("../Surveillance/Influenza/"): SitePath("programs", "influenza")
            case let file where file.hasPrefix("../Surveillance/FeverClinic/"): SitePath("programs", "fever-clinic")
            default: nil
            }
        guard parts.count == 2, !parts[0].hasPrefix("../") else { return path }
        return (path ?? SitePath("help", "guide")).at(parts[1])
    }

    /// Where a finding's kind is explained.
    static func path(of code: String) -> SitePath { SitePath("help", "findings").at(code) }

    /// Something that was found.
    struct Hit: Sendable {
        var path: SitePath
        var title: String
        var excerpt: String
    }

    /// Sections in which all words stand, in the order of the book.
    static func search(_ words: [String], in language: Language) -> [Hit] {
        let guide = guide(language).sections.map { (SitePath("help", "guide"), $0) }
        let agent = agent(language).sections.map { (SitePath("help", "agent"), $0) }
        let codes = findings.sections.map { (SitePath("help", "findings"), $0) }
        return (codes + guide + agent).compactMap { path, section in
            let text = Markdown(blocks: section.blocks).plainText
            let lower = text.lowercased()
            guard !section.id.isEmpty, words.allSatisfy(lower.contains) else { return nil }
            return Hit(path: path.at(section.id), title: section.title, excerpt: excerpt(text, words))
        }
    }

    /// The part of a text around the first word.
    private static func excerpt(_ text: String, _ words: [String]) -> String {
        let line = String(text.drop { $0 != "\n" }.dropFirst().map { $0 == "\n" ? " " : $0 })
        let lower = line.lowercased()
        guard let word = words.first, let found = lower.firstRange(of: word), lower.count == line.count else {
            return String(line.prefix(120))
        }
        let place = lower.distance(from: lower.startIndex, to: found.lowerBound)
        let start = max(0, place - 40)
        return (start > 0 ? "…" : "") + line.dropFirst(start).prefix(140)
    }
}
