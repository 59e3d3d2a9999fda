import HTTPServer
import SurveillanceKit
import Timeliness

/// The last weeks of a program in a region: how many of the reports that fell due on each day came in time.
struct BoardCalendarPage {
    static let weeks = 5

    var program: Program
    var region: Region?
    var today: CivilDate
    /// By day, in days since 1970.
    var counts: [Int: DutyCounts]

    func page(_ reader: Reader) -> Page {
        let title = reader.say("上报日历", "Calendar")
        let path = SitePath("board", "calendar").with("program", program.id).with("region", region?.prefix)
        return Page(title, path: path, place: .board) {
            h1(text: title)
            p(
                .class("lead"),
                text: reader.say(program.title) + (region.map { " · " + RegionName.of($0.prefix, reader) } ?? ""))
            p { a(.href(SitePath("board").with("region", region?.prefix)), text: reader.say("← 返回看板", "← Board")) }
            section(.class("card")) {
                grid(reader)
                p(
                    .class("hint"),
                    text: reader.say(
                        "每格为当天到期的上报的及时率：按时 ÷（按时 + 迟报 + 漏报）。",
                        "Each day shows the share in time of the reports that fell due on it: in time ÷ (in time + late + missing)."
                    ))
            }
        }
    }

    private func grid(_ reader: Reader) -> HTML {
        let names =
            reader.language == .zh
            ? ["一", "二", "三", "四", "五", "六", "日"] : ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
        let first = DutyCalendar.first(weeks: BoardCalendarPage.weeks, today: today).daysSince1970
        return div(.class("scroll")) {
            table(.class("calendar")) {
                thead { tr { for name in names { th(.scope("col"), text: name) } } }
                tbody {
                    for monday in stride(from: first, to: first + 7 * BoardCalendarPage.weeks, by: 7) {
                        tr { for day in monday..<monday + 7 { cell(day, reader) } }
                    }
                }
            }
        }
    }

    private func cell(_ number: Int, _ reader: Reader) -> HTML {
        let day = CivilDate(daysSince1970: number)
        let share = counts[number]?.timeliness
        let (_, month, dayOfMonth) = day.yearMonthDay
        return td(.class(day == today ? "today" : "day")) {
            small(text: "\(month)-\(dayOfMonth)")
            if let share {
                a(
                    .class("mark \(BoardCalendarPage.tone(share))"),
                    .href(
                        SitePath("board", "institutions").with("date", "\(day)").with("program", program.id)
                            .with("region", region?.prefix)),
                    text: reader.percent(share))
            }
        }
    }

    private static func tone(_ thousandths: Int) -> String {
        switch thousandths {
        case 950...: "good"
        case 800...: "warn"
        default: "bad"
        }
    }
}
