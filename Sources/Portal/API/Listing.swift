import HTTPServer
import SurveillanceKit

/// The days `from` and `to` of a list, as instants.
struct DaySpan {
    var from: Instant?
    /// The end of the last day.
    var until: Instant?

    init(_ query: FormFields, secondsEastOfUTC: Int) throws(Problem) {
        func day(_ name: String) throws(Problem) -> CivilDate? {
            guard let text = query[name] else { return nil }
            guard let day = CivilDate(text) else { throw .unknownValue(name, text) }
            return day
        }
        let (first, last) = (try day("from"), try day("to"))
        if let first, let last, last < first { throw .daysBackwards(first, last) }
        func start(_ daysSince1970: Int) -> Instant {
            Instant(seconds: Int64(daysSince1970) * 86_400 - Int64(secondsEastOfUTC))
        }
        from = first.map { start($0.daysSince1970) }
        until = last.map { start($0.daysSince1970 + 1) }
    }
}

extension Response {
    /// Says where the next page of a list is, where there is one.
    ///
    /// Source: RFC 8288.
    mutating func linkNext(of request: Request, _ parameter: String, _ value: String?) {
        guard let value else { return }
        headers["Link"] = "<\(SitePath(of: request.head).with(parameter, value))>; rel=\"next\""
    }
}

extension Problem {
    /// Parameters of which each is fine, and that cannot be answered together.
    static func notTogether(_ one: String, _ other: String) -> Problem {
        Problem(
            "not-together", status: .unprocessableContent,
            title: BilingualText(zh: "参数不能同时使用", en: "These parameters do not go together"),
            detail: BilingualText(zh: "\(one) 与 \(other) 不能同时使用。", en: "\(one) and \(other) do not go together."))
    }

    /// What was given as the end of a page is none.
    static func unknownPlace(_ text: String) -> Problem {
        Problem(
            "unknown-place", status: .unprocessableContent,
            title: BilingualText(zh: "分页位置无效", en: "No page ends there"),
            detail: BilingualText(
                zh: "after 应为上一页的 next，不能是“\(text)”。", en: "after is the next of the page before, not '\(text)'."))
    }

    static func daysBackwards(_ from: CivilDate, _ to: CivilDate) -> Problem {
        .badSpan(BilingualText(zh: "from \(from) 晚于 to \(to)。", en: "from \(from) is after to \(to)."))
    }
}
