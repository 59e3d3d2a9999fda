import Intake
import Reporting
import SurveillanceKit
import Timeliness

/// What an administrator must know each morning: who has reported, who is missing or late, what is open of today, and why rows were
/// rejected most often.
struct MorningView {
    /// A cause over all submissions that were looked at.
    struct Reason: Sendable {
        var finding: Finding
        var count: Int
        var submissions: Int
    }

    /// How many of the day's submissions have something open.
    struct Open: Sendable {
        var count: Int
        /// Whether earlier ones of the day were not looked at.
        var isAtLeast = false
    }

    var day: CivilDate
    var isToday = true
    var board: DutyBoard
    /// Those that are looked at.
    var programs: [Program]
    /// Which institutions, and which day, are looked at.
    var query = SubmissionsQuery()
    var open: Open
    var reasons: [Reason]
    /// How many submissions the reasons are taken from.
    var lookedAt: Int
    /// Feeds that have fallen silent today.
    var silent: [SilentFeed] = []
    /// What figures came to last week.
    var moves: [Move] = []
    var institutionName: (String) -> BilingualText? = { _ in nil }

    /// A figure of last week and of the week before.
    struct Move: Sendable {
        var program: Program
        var series: FigureSeries
        var last: Figure
        var former: Figure
    }

    /// The figures that stand for a program: its first, and the first share that is watched for a rise.
    static func headlines(of program: Program) -> [Indicator] {
        let watched = program.indicators.first { $0.kind == .share && $0.alarm == .up && !$0.isExperimental }
        return [program.indicators.first, watched].compactMap(\.self)
    }

    /// So many institutions are named.
    private static let mostNamed = 5

    static let states: [Obligation.State] = [.inTime, .late, .missing, .due]

    func html(_ reader: Reader) -> HTML {
        section(.class("card today"), .id("morning")) {
            div(.class("head")) {
                h2(text: isToday ? reader.say("今天 \(day)", "Today, \(day)") : "\(day)")
                a(
                    .class("button plain"), .href(query.apply(to: SitePath("morning.csv"))),
                    text: reader.say("导出 CSV", "Export as CSV"))
            }
            ul(.class("plainlist")) {
                for program in programs {
                    let counts = counts(of: program)
                    if counts.total > 0 { li { line(program, counts, reader) } }
                }
                if programs.allSatisfy({ counts(of: $0).total == 0 }) {
                    li { reader.say("这一天没有到期的上报。", "No report is due on this day.") }
                }
                if open.count > 0 { li { open(reader) } }
                if !silent.isEmpty { li { silence(reader) } }
                for move in moves { li { change(move, reader) } }
            }
            if !reasons.isEmpty { whys(reader) }
        }
    }

    func counts(of program: Program) -> StateCounts {
        var counts = StateCounts()
        for row in board.rows where row.program == program.id { counts.add(row.counts) }
        return counts
    }

    private func line(_ program: Program, _ counts: StateCounts, _ reader: Reader) -> HTML {
        let list = SitePath("board", "institutions").with("date", "\(day)").with("program", program.id)
            .with("region", query.region?.prefix).with("level", query.level?.rawValue)
        return HTML(
            joining: [
                strong(text: reader.say(program.title)), HTML(text: " "),
                a(
                    .href(
                        SitePath("board").with("date", isToday ? nil : "\(day)").with("region", query.region?.prefix)
                            .with("level", query.level?.rawValue)),
                    text: reader.say("应报 \(reader.number(counts.total))", "\(reader.number(counts.total)) due")),
            ]
                + MorningView.states.filter { counts[$0] > 0 }.map { state in
                    HTML(joining: [
                        HTML(text: " "),
                        a(.class("tag \(state.tone)"), .href(list.with("state", state.rawValue))) {
                            "\(reader.say(state.title)) \(reader.number(counts[state]))"
                        },
                    ])
                })
    }

    private func open(_ reader: Reader) -> HTML {
        var query = query.with(state: nil, isOpen: true)
        query.day = day
        let count = reader.number(open.count)
        let (zh, en) = open.isAtLeast ? ("至少", "At least ") : ("", "")
        return HTML(joining: [
            span(.class("tag warn"), text: reader.say("待处理", "Open")), HTML(text: " "),
            a(
                .href(query.apply(to: SitePath())),
                text: isToday
                    ? reader.say("今天收到的上报中有\(zh) \(count) 次待改正", "\(en)\(count) of today's submissions to be corrected")
                    : reader.say(
                        "当天收到的上报中有\(zh) \(count) 次待改正", "\(en)\(count) of the day's submissions to be corrected")),
        ])
    }

    private func silence(_ reader: Reader) -> HTML {
        let since =
            isToday ? BilingualText(zh: "今天", en: "today") : BilingualText(zh: "自 \(day) 起", en: "since \(day)")
        return HTML(
            joining: [
                span(.class("tag warn"), text: reader.say("数据中断", "Silent feeds")),
                HTML(
                    text: reader.say(
                        " \(since.zh) \(reader.number(silent.count)) 路数据中断或明显减少：",
                        " \(silent.count.counted("feed")) fell silent or shrank \(since.en): ")),
            ]
                + silent.prefix(MorningView.mostNamed).enumerated().map { place, feed in
                    let name = institutionName(feed.institution).map(reader.say) ?? feed.institution
                    let program = programs.first { $0.id == feed.program }.map { reader.say($0.title) } ?? feed.program
                    return HTML(joining: [
                        HTML(text: place > 0 ? reader.say("、", ", ") : ""),
                        a(
                            .href(SitePath("board", "institutions", feed.institution)),
                            text: reader.say("\(name)（\(program)）", "\(name) (\(program))")),
                    ])
                } + [HTML(text: silent.count > MorningView.mostNamed ? reader.say(" 等", " and others") : "")])
    }

    private func change(_ move: Move, _ reader: Reader) -> HTML {
        let decimals = FigureView(series: move.series).decimals
        let unit = move.series.indicator.kind == .share ? "%" : ""
        func text(_ figure: Figure) -> String {
            reader.say(figure.text(decimals: decimals)) + (figure.value == nil ? "" : unit)
        }
        let weeks =
            isToday
            ? (zh: ("上周", "前一周"), en: ("last week", "the week before"))
            : (zh: ("此前一周", "再前一周"), en: ("the week before", "the week before that"))
        var path = SitePath("figures", move.program.id, move.series.indicator.id)
        path = path.with("region", move.series.request.region?.prefix)
        return HTML(joining: [
            a(.href(path), text: reader.say(move.series.indicator.title)),
            HTML(
                text: reader.say(
                    "（\(move.program.title.zh)）\(weeks.zh.0) \(text(move.last))，\(weeks.zh.1) \(text(move.former))",
                    " (\(move.program.title.en)) \(weeks.en.0) \(text(move.last)), \(weeks.en.1) \(text(move.former))")),
            HTML(text: move.rise.map { reader.say("，\($0)", ", \($0)") } ?? ""),
        ])
    }

    /// The program and file type of a reason: programs have fields of one name.
    private func place(of reason: Reason, _ reader: Reader) -> String? {
        guard let type = reason.finding.fileType,
            let program = programs.first(where: { $0.fileType(type) != nil })
        else { return nil }
        return "\(reader.say(program.title)) \(type)"
    }

    private func whys(_ reader: Reader) -> HTML {
        let words = FindingWords(programs: programs)
        return HTML(joining: [
            h3(
                text: isToday
                    ? reader.say(
                        "今天退回最多的原因（最近 \(lookedAt) 次上报）",
                        "Why rows were rejected today, most often first (last \(lookedAt.counted("submission")))")
                    : reader.say(
                        "当天退回最多的原因（最近 \(lookedAt) 次上报）",
                        "Why rows were rejected that day, most often first (last \(lookedAt.counted("submission")))")),
            ol(.class("todo")) {
                for reason in reasons {
                    li {
                        words.code(of: reason.finding)
                        " " + reader.say(reason.finding.message) + " "
                        if let place = place(of: reason, reader) { span(.class("hint inline"), text: place + " ") }
                        span(.class("count")) {
                            reader.say(
                                "\(reader.number(reason.count)) 处，\(reason.submissions) 次上报",
                                "\(reader.number(reason.count)) in \(reason.submissions.counted("submission"))")
                        }
                    }
                }
            },
        ])
    }
}

extension MorningView.Move {
    /// By how much the figure has moved, in percent; nil where one of the two is not known, or the former is nothing.
    var rise: String? {
        guard let last = last.value?.double, let former = former.value?.double, former > 0 else { return nil }
        let percent = Int(((last - former) / former * 100).rounded())
        return percent > 0 ? "+\(percent) %" : percent < 0 ? "−\(-percent) %" : "±0 %"
    }
}

/// Gathers why rows were rejected, over several submissions: the same file type, field, and rule or fault is one reason.
struct RejectionReasons {
    private struct Key: Hashable {
        var fileType: String?
        var field: String?
        var code: FindingCode
        var rule: String?
        /// One code has several faults, which the message tells apart where no rule does.
        var message: String?
    }

    private var reasons: [Key: MorningView.Reason] = [:]

    /// - Parameter maximum: no more findings of the submission are looked at.
    mutating func add(_ lines: FindingLines, maximum: Int) throws {
        var seen: Set<Key> = []
        var looked = 0
        while looked < maximum, let bytes = try lines.next() {
            looked += 1
            guard let line = FindingLine(bytes), line.isError, RejectedParent(line) == nil, let code = line.code else {
                continue
            }
            let key = Key(
                fileType: line.text(.fileType), field: line.text(.field), code: code, rule: line.text(.rule),
                message: line[.rule] == nil ? line.text(.message, .zh)?.filter { !$0.isNumber } : nil)
            if reasons[key] == nil {
                guard let finding = line.finding else { continue }
                reasons[key] = MorningView.Reason(finding: finding, count: 0, submissions: 0)
            }
            reasons[key]?.count += 1
            if seen.insert(key).inserted { reasons[key]?.submissions += 1 }
        }
    }

    /// The most frequent first.
    func most(_ count: Int) -> [MorningView.Reason] {
        Array(
            reasons.values.sorted {
                ($1.count, $0.finding.field ?? "", $0.finding.code.rawValue)
                    < ($0.count, $1.finding.field ?? "", $1.finding.code.rawValue)
            }.prefix(count))
    }
}
