/// The report that a notice is about: ids, declared titles, days. There is no place here for a cell of data.
public struct NoticeSubject: Hashable, Sendable {
    public var program: String
    public var programTitle: BilingualText
    public var institution: String
    public var institutionName: BilingualText
    /// Which of the program's deadlines: `daily`, `first-report`, or the rule's own name.
    public var rule: String
    /// The first and the last day that the report covers.
    public var days: ClosedRange<CivilDate>
    public var dueAt: Instant
    /// The name of the program's zone, and how far east of UTC it is at `dueAt`.
    public var zone: String
    public var secondsEastOfUTC: Int

    public init(
        program: String, programTitle: BilingualText, institution: String, institutionName: BilingualText, rule: String,
        days: ClosedRange<CivilDate>, dueAt: Instant, zone: String, secondsEastOfUTC: Int
    ) {
        self.program = program
        self.programTitle = programTitle
        self.institution = institution
        self.institutionName = institutionName
        self.rule = rule
        self.days = days
        self.dueAt = dueAt
        self.zone = zone
        self.secondsEastOfUTC = secondsEastOfUTC
    }

    /// `2026-03-01`, or `2026-02-23/2026-03-01` for more than one day.
    var period: String {
        days.lowerBound == days.upperBound ? "\(days.upperBound)" : "\(days.lowerBound)/\(days.upperBound)"
    }

    /// `2026-03-01 17:00 (Asia/Shanghai)`; a deadline at a minute's end keeps its seconds.
    fileprivate var deadline: String {
        let text = dueAt.civil(secondsEastOfUTC: secondsEastOfUTC)
        return "\(text.hasSuffix(":00") ? String(text.dropLast(3)) : text) (\(zone))"
    }
}

extension Notice {
    /// A report is due soon and has not come. It is told from `at` on, and never once the deadline has passed.
    public static func reminder(of subject: NoticeSubject, at: Instant) -> Notice {
        about(
            subject, .reminder, at: at, until: subject.dueAt,
            zh: "\(subject.programTitle.zh) \(subject.period) 的数据须在 \(subject.deadline) 前上报，目前尚未收到。",
            en:
                "the report of \(subject.programTitle.en) for \(subject.period) is due by \(subject.deadline) and has not come."
        )
    }

    /// A deadline has passed without a report.
    public static func missed(_ subject: NoticeSubject, at: Instant) -> Notice {
        about(
            subject, .missed, at: at,
            zh: "\(subject.programTitle.zh) \(subject.period) 的数据未在 \(subject.deadline) 前收到，请尽快补报；当日无病例请作零报告。",
            en: """
                the report of \(subject.programTitle.en) for \(subject.period) has not come by \(subject.deadline). Send it as soon as \
                you can; if there were no cases, report zero.
                """)
    }

    /// What was missing has come.
    public static func backInOrder(_ subject: NoticeSubject, at: Instant) -> Notice {
        about(
            subject, .backInOrder, at: at, zh: "\(subject.programTitle.zh) \(subject.period) 的数据已收到，无需再补报。",
            en: "the report of \(subject.programTitle.en) for \(subject.period) has come; nothing is missing any more.")
    }

    /// A feed brings none or far fewer rows than usual. It is of use until the deadline.
    ///
    /// - Parameters:
    ///   - rows: how many rows have come for the last of the days.
    ///   - usual: how many come on such a day.
    public static func feedSilent(_ subject: NoticeSubject, rows: Int, usual: Int, at: Instant) -> Notice {
        var notice = about(
            subject, .feedSilent, at: at, until: subject.dueAt,
            zh:
                "\(subject.programTitle.zh) \(subject.days.upperBound) 目前收到 \(rows) 条记录，同类日期通常约 \(usual) 条；请检查医院接口是否中断。",
            en: """
                \(rows.counted("row")) of \(subject.programTitle.en) \(rows == 1 ? "has" : "have") come for \(subject.days.upperBound), where about \
                \(usual) are usual; look whether the hospital's export has stopped.
                """)
        notice.values["rows"] = "\(rows)"
        notice.values["usual"] = "\(usual)"
        return notice
    }

    /// The key holds what the notice is about, so that it is added once, however often duties are judged.
    private static func about(
        _ subject: NoticeSubject, _ kind: NoticeKind, at: Instant, until: Instant? = nil, zh: String, en: String
    ) -> Notice {
        let (name, title) = (subject.institutionName, subject.programTitle)
        return Notice(
            key: [kind.rawValue, subject.program, subject.institution, subject.rule, subject.period].joined(
                separator: "/"),
            kind: kind, to: .institution(subject.institution), program: subject.program,
            institution: subject.institution, period: subject.period, at: at,
            title: BilingualText(
                zh: "\(kind.title.zh)：\(title.zh) \(subject.period)",
                en: "\(kind.title.en): \(title.en) \(subject.period)"),
            text: BilingualText(
                zh: "\(name.zh)（\(subject.institution)）：\(zh)", en: "\(name.en) (\(subject.institution)): \(en)"),
            values: [
                "institutionName": name.zh, "programTitle": title.zh, "deadline": subject.deadline,
                "day": "\(subject.days.upperBound)",
            ], notBefore: at, until: until)
    }
}
