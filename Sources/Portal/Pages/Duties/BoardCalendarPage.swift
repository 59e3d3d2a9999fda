import HTTPServer
import SurveillanceKit
import Timeliness

/// The last weeks of a program in a region: how many of the reports that fell due on each day came in time.
struct BoardCalendarPage {
    var program: Program
    var region: Region?
    var weeks: CalendarWeeks
    var counts: [CivilDate: StateCounts]

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
                weeks.html(reader) { mark($0, reader) }
                p(
                    .class("hint"),
                    text: reader.say(
                        "每格为当天到期的上报的及时率：按时 ÷（按时 + 迟报 + 漏报）。",
                        "Each day shows the share in time of the reports that fell due on it: in time ÷ (in time + late + missing)."
                    ))
            }
        }
    }

    private func mark(_ day: CivilDate, _ reader: Reader) -> HTML {
        guard let share = counts[day]?.timeliness else { return HTML.empty }
        return a(
            .class("mark \(BoardCalendarPage.tone(share))"),
            .href(
                SitePath("board", "institutions").with("date", "\(day)").with("program", program.id)
                    .with("region", region?.prefix)), text: reader.percent(share))
    }

    private static func tone(_ thousandths: Int) -> String {
        switch thousandths {
        case 950...: "good"
        case 800...: "warn"
        default: "bad"
        }
    }
}
