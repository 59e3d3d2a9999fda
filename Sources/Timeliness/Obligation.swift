public import SurveillanceKit

/// What one institution owes one program for one period, and what came of it.
public struct Obligation: Hashable, Sendable {
    public var institution: String
    public var program: String
    public var kind: DeadlineRule.Kind
    /// Of a rule that has one.
    public var name: String?
    /// The first and the last day that the report covers.
    public var from: CivilDate
    public var to: CivilDate
    /// At or before it a report is in time.
    public var dueAt: Instant
    /// The civil day of the deadline.
    public var dueDay: CivilDate
    public var state: State
    /// When what decided the state was received; nil where nothing has come.
    public var receivedAt: Instant?
    /// Something that was received in time has not been processed yet: the state is what it is without it, and nobody is told of a
    /// missed deadline before its outcome is known.
    public var isPending = false

    /// At an instant.
    public enum State: String, CaseIterable, Sendable {
        /// The time in which it can be reported has not begun.
        case upcoming
        /// It can be reported, the deadline has not passed, and nothing that counts has come.
        case due
        /// Something that counts came at or before the deadline.
        case inTime = "in-time"
        /// The first thing that counts came after the deadline.
        case late
        /// The deadline has passed, and nothing that counts has come.
        case missing
        /// The institution is excused.
        case exempt
    }
}

/// Why duties cannot be judged.
public enum DutyError: Error, Hashable, Sendable {
    /// A deadline needs to know whether a day is a working day, and the calendars do not say it.
    case unknownWorkingDays(year: Int, program: String, rule: String?, known: String)
    /// Whether an institution owes a report depends on what the register does not say.
    case undecided(institution: String, program: String, condition: String, properties: [String])
    case unknownZone(String, program: String)
    /// An expression that the loader should have refused.
    case faultyCondition(String, program: String, BilingualText)
}

extension DutyError: CustomStringConvertible {
    public var message: BilingualText {
        switch self {
        case .unknownWorkingDays(let year, let program, let rule, let known):
            let place = rule.map { "\($0): " } ?? ""
            return BilingualText(
                zh:
                    "\(place)'\(program)' 的截止时间取决于 \(year) 年的工作日，日历只有 \(known) 年；请在 Config/calendar 中补充 \(year) 年的节假日和调休",
                en:
                    "\(place)a deadline of '\(program)' depends on the working days of \(year), and the calendars know \(known); add the holidays and make-up workdays of \(year) to Config/calendar"
            )
        case .undecided(let institution, let program, let condition, let properties):
            let missing = properties.joined(separator: ", ")
            return BilingualText(
                zh: "机构 \(institution)：'\(program)' 的条件 \(condition) 无法判断，机构名录没有填写 \(missing)；请补充",
                en:
                    "institution \(institution): the condition \(condition) of '\(program)' cannot be decided, because the register does not say its \(missing); add it"
            )
        case .unknownZone(let zone, let program):
            return BilingualText(
                zh: "'\(program)' 的时区 '\(zone)' 未知；请写成 Asia/Shanghai",
                en: "the zone '\(zone)' of '\(program)' is not known; write it as Asia/Shanghai")
        case .faultyCondition(let condition, let program, let reason):
            return BilingualText(
                zh: "'\(program)' 的条件 \(condition)：\(reason.zh)",
                en: "the condition \(condition) of '\(program)': \(reason.en)")
        }
    }

    public var description: String { message.en }
}
