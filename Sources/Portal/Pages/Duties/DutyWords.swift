import SurveillanceKit
import Timeliness

extension Obligation.State {
    var title: BilingualText {
        switch self {
        case .upcoming: BilingualText(zh: "未开始", en: "Upcoming")
        case .due: BilingualText(zh: "待报", en: "Due")
        case .inTime: BilingualText(zh: "按时", en: "In time")
        case .late: BilingualText(zh: "迟报", en: "Late")
        case .missing: BilingualText(zh: "漏报", en: "Missing")
        case .exempt: BilingualText(zh: "豁免", en: "Exempt")
        }
    }

    /// The class of its colour in the stylesheet.
    var tone: String {
        switch self {
        case .inTime: "good"
        case .late: "warn"
        case .missing: "bad"
        case .due: "info"
        case .upcoming, .exempt: "quiet"
        }
    }

    func tag(_ reader: Reader) -> HTML { span(.class("tag \(tone)"), text: reader.say(title)) }
}

extension DeadlineRule.Kind {
    var title: BilingualText {
        switch self {
        case .firstReport: BilingualText(zh: "首次上报", en: "First report")
        case .daily: BilingualText(zh: "日报", en: "Daily report")
        case .workingDays: BilingualText(zh: "工作日报", en: "Working-day report")
        case .weekly: BilingualText(zh: "周报", en: "Weekly report")
        case .monthly: BilingualText(zh: "月报", en: "Monthly report")
        case .once: BilingualText(zh: "一次性上报", en: "One-off report")
        case .afterEvent: BilingualText(zh: "事件后上报", en: "Report after an event")
        }
    }

    var isEveryDay: Bool { self == .daily || self == .workingDays }
}

extension Obligation {
    /// `2026-11-29`, or the days that it covers where it is not for one.
    var days: String {
        switch kind {
        case .daily, .workingDays: "\(to)"
        default: "\(from) – \(to)"
        }
    }
}

extension StateCounts {
    init(_ obligations: some Sequence<Obligation>) {
        self.init()
        for obligation in obligations { add(obligation.state) }
    }

    var total: Int { Obligation.State.allCases.reduce(0) { $0 + self[$1] } }

    /// Of those whose deadline has passed and that are not exempt, how many were in time: in thousandths; nil where there are none.
    var timeliness: Int? {
        let judged = self[.inTime] + self[.late] + self[.missing]
        return judged == 0 ? nil : (self[.inTime] * 1000 + judged / 2) / judged
    }
}

extension Reader {
    /// Thousandths as a percentage: `97.3 %`.
    func percent(_ thousandths: Int?) -> String {
        thousandths.map { "\($0 / 10).\($0 % 10) %" } ?? "—"
    }

    /// `2026-11-29 17:00:00（Asia/Shanghai）`; as every other moment where there is no zone of its own.
    func moment(_ moment: Instant, in zone: CivilZone?) -> HTML {
        guard let zone else { return self.moment(moment) }
        let civil = moment.civil(secondsEastOfUTC: zone.offset(at: moment))
        return time(
            .class("time"), .datetime(zone.text(moment)),
            text: say("\(civil)（\(zone.identifier)）", "\(civil) (\(zone.identifier))"))
    }

    /// `2 小时 13 分`; less than a minute is told as such.
    func span(_ milliseconds: Int64) -> String {
        let minutes = milliseconds / 60_000
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
        if days > 0 { return say("\(days) 天 \(hours) 小时", "\(days) d \(hours) h") }
        if hours > 0 { return say("\(hours) 小时 \(rest) 分", "\(hours) h \(rest) min") }
        return minutes > 0 ? say("\(rest) 分", "\(rest) min") : say("不到 1 分钟", "less than a minute")
    }
}

extension SitePath {
    /// Why an institution's duty stands as it does.
    static func explanation(of institution: String, _ program: String, dueOn day: CivilDate) -> SitePath {
        SitePath("duties", "explain").with("institution", institution).with("program", program).with("date", "\(day)")
    }

    static func explanation(of duty: Obligation) -> SitePath {
        explanation(of: duty.institution, duty.program, dueOn: duty.dueDay)
    }
}
