import SurveillanceKit
import Timeliness

/// Days by weeks, each with the state of what fell due on it: a heat map that can be read without colours, too.
struct DutyCalendar {
    /// From a Monday to a Sunday.
    private let days: ClosedRange<Int>
    private let today: CivilDate
    private let byDay: [Int: [Obligation]]
    private let titles: [String: BilingualText]
    /// Of the institution, in the addresses of explanations.
    private let institution: String

    /// - Parameter obligations: those of one institution.
    init(
        _ obligations: [Obligation], weeks: Int, today: CivilDate, titles: [String: BilingualText], institution: String
    ) {
        let monday = today.daysSince1970 - (today.daysSince1970 + 3) % 7
        days = monday - 7 * (weeks - 1)...monday + 6
        byDay = Dictionary(grouping: obligations, by: \.dueDay.daysSince1970)
        self.today = today
        self.titles = titles
        self.institution = institution
    }

    /// The first day that it shows, for as many weeks.
    static func first(weeks: Int, today: CivilDate) -> CivilDate {
        CivilDate(daysSince1970: today.daysSince1970 - (today.daysSince1970 + 3) % 7 - 7 * (weeks - 1))
    }

    func html(_ reader: Reader) -> HTML {
        HTML(joining: [grid(reader), legend(reader)])
    }

    private func grid(_ reader: Reader) -> HTML {
        let names =
            reader.language == .zh ? ["一", "二", "三", "四", "五", "六", "日"] : ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
        return div(.class("scroll")) {
            table(.class("calendar")) {
                caption(
                    text: reader.say(
                        "\(CivilDate(daysSince1970: days.lowerBound)) 至 \(CivilDate(daysSince1970: days.upperBound))",
                        "\(CivilDate(daysSince1970: days.lowerBound)) to \(CivilDate(daysSince1970: days.upperBound))"))
                thead { tr { for name in names { th(.scope("col"), text: name) } } }
                tbody {
                    for monday in stride(from: days.lowerBound, through: days.upperBound, by: 7) {
                        tr { for day in monday..<monday + 7 { cell(day, reader) } }
                    }
                }
            }
        }
    }

    private func cell(_ number: Int, _ reader: Reader) -> HTML {
        let day = CivilDate(daysSince1970: number)
        let (_, month, dayOfMonth) = day.yearMonthDay
        let found = byDay[number] ?? []
        return td(.class(day == today ? "today" : "day")) {
            small(text: dayOfMonth == 1 || number == days.lowerBound ? "\(month)-\(dayOfMonth)" : "\(dayOfMonth)")
            for obligation in found {
                let name = titles[obligation.program].map { reader.say($0) } ?? obligation.program
                let state = reader.say(obligation.state.title)
                a(
                    .class("mark \(obligation.state.tone)"), .title("\(day) \(name): \(state)"),
                    .href(
                        SitePath("duties", "explain").with("program", obligation.program).with("date", "\(day)")
                            .with("institution", institution)),
                    .aria(.label, "\(day) \(name): \(state)")
                ) { obligation.state.sign }
            }
        }
    }

    private func legend(_ reader: Reader) -> HTML {
        ul(.class("legend")) {
            for state in Obligation.State.allCases {
                li {
                    span(.class("mark \(state.tone)"), text: state.sign)
                    reader.say(state.title)
                }
            }
        }
    }
}

extension Obligation.State {
    /// Tells it apart where there is no colour.
    fileprivate var sign: String {
        switch self {
        case .inTime: "✓"
        case .late: "!"
        case .missing: "✗"
        case .due: "…"
        case .upcoming: "·"
        case .exempt: "–"
        }
    }
}
