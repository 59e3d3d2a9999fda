import SurveillanceKit
import Timeliness

/// Days by weeks, each with the state of what fell due on it: a heat map that can be read without colours, too.
struct DutyCalendar {
    private let weeks: CalendarWeeks
    private let byDay: [CivilDate: [Obligation]]
    private let titles: [String: BilingualText]

    /// - Parameter obligations: those of one institution.
    init(_ obligations: [Obligation], _ weeks: CalendarWeeks, titles: [String: BilingualText]) {
        self.weeks = weeks
        byDay = Dictionary(grouping: obligations, by: \.dueDay)
        self.titles = titles
    }

    func html(_ reader: Reader) -> HTML {
        HTML(joining: [weeks.html(reader) { marks($0, reader) }, legend(reader)])
    }

    private func marks(_ day: CivilDate, _ reader: Reader) -> HTML {
        HTML(
            joining: (byDay[day] ?? []).map { obligation in
                let name = titles[obligation.program].map { reader.say($0) } ?? obligation.program
                let state = reader.say(obligation.state.title)
                return a(
                    .class("mark \(obligation.state.tone)"), .title("\(day) \(name): \(state)"),
                    .href(.explanation(of: obligation)), .aria(.label, "\(day) \(name): \(state)")
                ) { obligation.state.sign }
            })
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
