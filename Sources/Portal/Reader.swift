import Accounts
import HTTPServer
import SurveillanceKit

/// Whom a page is for: the language it is read in, and who has signed in.
struct Reader: Sendable {
    var language: Language
    var session: Session?
    var institution: Institution?
    /// The institution that goes on where the reader's own was merged into it.
    var kept: Institution?
    /// Programs that take no reports at present; of which whoever has signed in is told on every page.
    var setAside: [SetAsideProgram] = []
    var secondsEastOfUTC: Int = 8 * 3600
    var version = ""
    /// Whom to ask for help, the nearest first.
    var support: [SupportContact] = []

    static let languageCookie = "vedette_lang"

    /// As the address asks, or the cookie; else as the browser would rather read, Chinese where it does not say.
    static func language(of head: RequestHead) -> Language {
        let asked = head.query["lang"] ?? head.cookies[languageCookie]
        return asked.flatMap(Language.init(rawValue:)) ?? head.acceptedLanguage
    }

    /// Keeps a language in the browser for a year.
    static func cookie(of language: Language) -> Cookie {
        Cookie(languageCookie, language.rawValue, maximumAgeSeconds: 365 * 86_400, sameSite: .lax)
    }

    var account: Account? { session?.account }

    /// Whether whoever reads may change what the institution has sent; a colleague may not.
    var mayChange: Bool { kept == nil && account?.rights ?? .manager == .manager }
    /// Whether whoever reads may send; a colleague who only reads may not, nor anybody whose institution was merged.
    var maySend: Bool { kept == nil && account?.rights ?? .manager != .read }
    /// Whether whoever reads may see what reports hold; a colleague who only sends may not.
    var maySeeContent: Bool { account?.rights ?? .manager != .send }

    func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
    func say(_ text: BilingualText) -> String { text[language] }

    /// Its name and code.
    func say(_ institution: Institution) -> String {
        let name = say(institution.name)
        return say("\(name)（\(institution.code)）", "\(name) (\(institution.code))")
    }

    /// Digits in groups of three.
    func number(_ value: Int) -> String {
        var grouped = ""
        for (index, digit) in String(abs(value)).reversed().enumerated() {
            if index > 0, index % 3 == 0 { grouped = "," + grouped }
            grouped = String(digit) + grouped
        }
        return value < 0 ? "-" + grouped : grouped
    }

    func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1024: "\(bytes) B"
        case ..<(1 << 20): "\(tenths(bytes, 1 << 10)) KB"
        default: "\(tenths(bytes, 1 << 20)) MB"
        }
    }

    private func tenths(_ bytes: Int, _ unit: Int) -> String {
        let tenths = (bytes * 10 + unit / 2) / unit
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// In which civil time the pages tell moments.
    var zone: String {
        if secondsEastOfUTC == 8 * 3600 { return say("页面时间为北京时间", "Times are Beijing time") }
        let minutes = abs(secondsEastOfUTC) / 60
        let offset =
            "UTC\(secondsEastOfUTC < 0 ? "−" : "+")\(minutes / 60)" + (minutes % 60 == 0 ? "" : ":\(minutes % 60)")
        return say("页面时间为 \(offset)", "Times are \(offset)")
    }

    func moment(_ moment: Instant) -> HTML {
        time(.class("time"), .datetime(moment.utc), text: moment.civil(secondsEastOfUTC: secondsEastOfUTC))
    }
}
