import Intake
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

    var day: CivilDate
    var board: DutyBoard
    var programs: [Program]
    var region: Region?
    /// How many of today's submissions have something open.
    var openToday: Int
    var reasons: [Reason]
    /// How many submissions the reasons are taken from.
    var lookedAt: Int

    private static let states: [Obligation.State] = [.inTime, .late, .missing, .due]

    func html(_ reader: Reader) -> HTML {
        section(.class("card today"), .id("morning")) {
            h2(text: reader.say("今天 \(day)", "Today, \(day)"))
            ul(.class("plainlist")) {
                for program in programs {
                    let counts = counts(of: program)
                    if counts.total > 0 { li { line(program, counts, reader) } }
                }
                if board.rows.isEmpty { li { reader.say("今天没有到期的上报。", "No report is due today.") } }
                if openToday > 0 { li { open(reader) } }
            }
            if !reasons.isEmpty { whys(reader) }
        }
    }

    private func counts(of program: Program) -> StateCounts {
        var counts = StateCounts()
        for row in board.rows where row.program == program.id { counts.add(row.counts) }
        return counts
    }

    private func line(_ program: Program, _ counts: StateCounts, _ reader: Reader) -> HTML {
        let list = SitePath("board", "institutions").with("date", "\(day)").with("program", program.id)
            .with("region", region?.prefix)
        return HTML(
            joining: [
                strong(text: reader.say(program.title)), HTML(text: " "),
                a(
                    .href(SitePath("board").with("region", region?.prefix)),
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
        let path = SitePath().with("state", "open").with("day", "\(day)").with("region", region?.prefix)
        return HTML(joining: [
            span(.class("tag warn"), text: reader.say("待处理", "Open")), HTML(text: " "),
            a(
                .href(path),
                text: reader.say(
                    "今天收到的上报中有 \(reader.number(openToday)) 次待改正",
                    "\(reader.number(openToday)) of today's submissions to be corrected")),
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
                text: reader.say(
                    "今天退回最多的原因（最近 \(lookedAt) 次上报）",
                    "Why rows were rejected today, most often first (last \(lookedAt.counted("submission")))")),
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
