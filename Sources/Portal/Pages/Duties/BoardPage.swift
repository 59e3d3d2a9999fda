import HTTPServer
import SurveillanceKit
import Timeliness

/// Who has reported on a day, by program and region.
struct BoardPage {
    var board: DutyBoard
    /// How many institutions have rows for the day; nil where that is not counted.
    var filled: [DutyFilled]? = []
    var programs: [Program]
    /// The region that is looked at; nil for all that the reader oversees.
    var region: Region?
    /// That of the institutions that are counted.
    var level: Institution.Level?
    var isToday: Bool
    /// In which its moment is told.
    var zone: CivilZone?

    static let states: [Obligation.State] = [.inTime, .late, .missing, .due, .upcoming, .exempt]

    func page(_ reader: Reader) -> Page {
        let title = reader.say("上报看板", "Board")
        return Page(title, path: path(board.day), place: .board, refreshSeconds: isToday ? 60 : nil) {
            div(.class("head")) {
                div {
                    h1(text: title)
                    p(.class("lead")) {
                        reader.say("\(board.day) 到期的上报 · 截至 ", "Due on \(board.day) · as of ")
                        reader.moment(board.at, in: zone)
                    }
                }
                a(
                    .class("button plain"), .href(list().with("format", "csv")),
                    text: reader.say("导出 CSV", "Export as CSV"))
            }
            days(reader)
            DutyDifficulties(errors: board.unjudged).html(reader)
            figures(reader)
            if board.rows.isEmpty { nothing(reader) }
            for program in programs {
                let rows = board.rows.filter { $0.program == program.id }
                if !rows.isEmpty { card(program, rows, reader) }
            }
        }
    }

    private func path(_ day: CivilDate) -> SitePath {
        SitePath("board").with("date", "\(day)").with("region", region?.prefix).with("level", level?.rawValue)
    }

    private func list() -> SitePath {
        SitePath("board", "institutions").with("date", "\(board.day)").with("region", region?.prefix)
            .with("level", level?.rawValue)
    }

    private func days(_ reader: Reader) -> HTML {
        form(.get, .action(SitePath("board")), .class("row card")) {
            div {
                label(.for("date"), text: reader.say("到期日", "Due on"))
                input(.id("date"), .type("date"), .name("date"), .value("\(board.day)"))
            }
            div {
                label(.for("region"), text: reader.say("行政区划代码（可空）", "Region code (may be empty)"))
                input(.id("region"), .type("text"), .name("region"), .value(region?.prefix ?? ""), .placeholder("43"))
            }
            div {
                label(.for("level"), text: reader.say("医院级别", "Level"))
                LevelWords.choice(level, reader)
            }
            div(.class("go")) {
                button(.type("submit"), text: reader.say("查看", "Show"))
                a(
                    .class("button plain"), .href(path(board.day.advanced(byDays: -1))),
                    text: reader.say("前一天", "Day before"))
                a(
                    .class("button plain"), .href(path(board.day.advanced(byDays: 1))),
                    text: reader.say("后一天", "Day after"))
            }
        }
    }

    private func figures(_ reader: Reader) -> HTML {
        var counts = StateCounts()
        for row in board.rows { counts.add(row.counts) }
        return dl(.class("figures")) {
            for state in [Obligation.State.inTime, .late, .missing, .due] {
                div(.class(state.tone)) {
                    dt(text: reader.say(state.title))
                    dd(text: reader.number(counts[state]))
                }
            }
            div {
                dt(text: reader.say("及时率", "In time"))
                dd(text: reader.percent(counts.timeliness))
            }
        }
    }

    private func nothing(_ reader: Reader) -> HTML {
        section(.class("card empty")) {
            h2(text: reader.say("这一天没有到期的上报", "No report is due on this day"))
            p(
                text: reader.say(
                    "请选择另一天；或检查机构名录，以及监测项目的截止时间和上报范围。",
                    "Choose another day, or look at the register, and at the programs' deadlines and scopes."))
        }
    }

    private func card(_ program: Program, _ rows: [DutyBoard.Row], _ reader: Reader) -> HTML {
        let name = reader.say("地区", "Region")
        let share = reader.say("及时率", "In time")
        return section(.class("card tablecard")) {
            h2(text: reader.say(program.title))
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            th(.scope("col"), text: name)
                            for state in BoardPage.states {
                                th(.scope("col"), .class("number"), text: reader.say(state.title))
                            }
                            th(.scope("col"), .class("number"), text: share)
                            th(.scope("col"), .class("number"), text: data(reader))
                        }
                    }
                    tbody {
                        for row in rows { line(program, row, name: name, share: share, reader) }
                    }
                }
            }
        }
    }

    private func data(_ reader: Reader) -> String { reader.say("有当日数据", "With data") }

    /// Of the institutions that owe a report, how many have rows for the day: in thousandths.
    private func completeness(_ program: Program, _ row: DutyBoard.Row, _ counts: StateCounts) -> Int? {
        let owing = counts.total - counts[.exempt]
        guard owing > 0, program.coverage != nil, let filled else { return nil }
        let with = filled.first { $0.program == program.id && $0.region == row.region }?.institutions ?? 0
        return min(1000, with * 1000 / owing)
    }

    private func line(
        _ program: Program, _ row: DutyBoard.Row, name: String, share: String, _ reader: Reader
    ) -> HTML {
        let counts = row.counts
        let own = list().with("program", program.id).with("region", row.region)
        return tr {
            cell(name) {
                a(.href(own), text: RegionName.of(row.region, reader))
                if row.region.utf8.count < 6 {
                    span(.class("hint inline")) {
                        " "
                        a(
                            .href(
                                SitePath("board").with("date", "\(board.day)").with("region", row.region)
                                    .with("level", level?.rawValue)),
                            text: reader.say("下级", "by part"))
                        " "
                        a(
                            .href(SitePath("board", "calendar").with("program", program.id).with("region", row.region)),
                            text: reader.say("日历", "calendar"))
                    }
                }
            }
            for state in BoardPage.states {
                cell(reader.say(state.title), counts[state] == 0 ? "number zero" : "number") {
                    if counts[state] > 0, state == .late || state == .missing || state == .exempt {
                        a(.href(own.with("state", state.rawValue)), text: reader.number(counts[state]))
                    } else {
                        reader.number(counts[state])
                    }
                }
            }
            cell(share, "number") { reader.percent(counts.timeliness) }
            cell(data(reader), "number") { reader.percent(completeness(program, row, counts)) }
        }
    }
}

/// Institutions and programs that could not be judged.
struct DutyDifficulties {
    var errors: [DutyError]
    private static let shown = 5

    init(errors: [DutyError]) { self.errors = errors }

    func html(_ reader: Reader) -> HTML {
        guard !errors.isEmpty else { return HTML.empty }
        return div(.class("note bad"), .role("status")) {
            p(
                text: reader.say(
                    "有 \(errors.count) 处无法判断，未计入：", "\(errors.count) could not be judged and are not counted:"))
            ul(.class("list")) {
                for error in errors.prefix(DutyDifficulties.shown) { li(text: reader.say(error.message)) }
            }
        }
    }
}
