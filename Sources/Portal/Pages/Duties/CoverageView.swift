import SurveillanceKit
import Timeliness

/// Which of the days that a program's reports cover hold rows, which fewer than usual, and which none.
struct CoverageView {
    var program: Program
    /// The earliest first.
    var days: [DutyCoverage.Day]

    func html(_ reader: Reader) -> HTML {
        let (date, count, say) = (reader.say("日期", "Day"), reader.say("记录数", "Rows"), reader.say("判断", "Verdict"))
        return section(.class("card tablecard")) {
            h2(text: reader.say("\(program.title.zh)：各日数据", "\(program.title.en): data by day"))
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            th(.scope("col"), text: date)
                            th(.scope("col"), .class("number"), text: count)
                            th(.scope("col"), text: say)
                        }
                    }
                    tbody {
                        for day in days.reversed() {
                            tr {
                                cell(date, "time") { "\(day.day)" }
                                numberCell(count, day.rows, reader)
                                cell(say) {
                                    if let verdict = day.verdict {
                                        span(.class("tag \(verdict.tone)"), text: reader.say(verdict.title))
                                    } else {
                                        span(.class("tag quiet"), text: reader.say("当天未结束", "the day is not over"))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension UsualRows.Verdict {
    var title: BilingualText {
        switch self {
        case .usual: BilingualText(zh: "正常", en: "as usual")
        case .fewer(let expected):
            BilingualText(zh: "明显偏少，通常约 \(expected)", en: "far fewer than usual, about \(expected)")
        case .none(let expected): BilingualText(zh: "没有数据，通常约 \(expected)", en: "none, usually about \(expected)")
        case .noneUnjudged: BilingualText(zh: "没有数据", en: "none")
        }
    }

    var tone: String {
        switch self {
        case .usual: "good"
        case .fewer: "warn"
        case .none: "bad"
        case .noneUnjudged: "quiet"
        }
    }
}
