import SurveillanceKit

/// Which of several rules is in force on which days.
///
/// On each day it is one of the highest source that has one: an administrator's before the configuration's before the program's. Within
/// a source a rule ends where the next begins.
struct RuleTimeline: Sendable {
    struct Entry {
        var from: CivilDate
        var until: CivilDate?
        var source: RuleOrigin.Source
    }

    private struct Span {
        var days: ClosedRange<Int>
        var rule: Int
    }

    private let spans: [Span]

    /// - Parameter rules: told by their places.
    init(_ rules: [Entry]) {
        let bounded = RuleTimeline.bounded(rules)
        let starts = Set(bounded.flatMap { [$0.days.lowerBound, min($0.days.upperBound, .max - 1) + 1] }).sorted()
        var spans: [Span] = []
        for (start, next) in zip(starts, starts.dropFirst() + [.max]) {
            let inForce = bounded.filter { $0.days.contains(start) }
            guard let best = inForce.max(by: { rules[$0.rule].source < rules[$1.rule].source }) else { continue }
            spans.append(Span(days: start...(next == .max ? .max : next - 1), rule: best.rule))
        }
        self.spans = spans
    }

    private static func bounded(_ rules: [Entry]) -> [Span] {
        RuleOrigin.Source.allCases.flatMap { source in
            let own = rules.indices.filter { rules[$0].source == source }.sorted { rules[$0].from < rules[$1].from }
            return own.enumerated().compactMap { place, rule -> Span? in
                let next = place + 1 < own.count ? rules[own[place + 1]].from.daysSince1970 - 1 : Int.max
                let last = min(rules[rule].until?.daysSince1970 ?? .max, next)
                let first = rules[rule].from.daysSince1970
                return first <= last ? Span(days: first...last, rule: rule) : nil
            }
        }
    }

    /// The rule in force on a day.
    func rule(on day: Int) -> Int? { spans.first { $0.days.contains(day) }?.rule }
}
