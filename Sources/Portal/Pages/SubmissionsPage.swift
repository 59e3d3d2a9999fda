import Accounts
import HTTPServer
import Intake
import SurveillanceKit

/// The front page: what was sent and what became of it, the latest first.
struct SubmissionsPage {
    static let length = 30

    var submissions: [Submission]
    var counts: [SubmissionState: Int]
    /// How many have something open.
    var openCount = 0
    /// Which are shown.
    var query = SubmissionsQuery()
    var programs: [Program] = []
    /// Whether today is done, for a hospital.
    var today: TodayView?
    /// What an administrator must know each morning.
    var morning: MorningView?
    var now: Instant
    /// The last submission here, where there are older ones.
    var olderThan: SubmissionID?
    /// The search has not looked at the older ones yet.
    var isSearchStopped = false
    var isFirst = true
    /// Whether nobody has said which region the account oversees, so that it sees nothing.
    var lacksRegion = false
    /// Names of the institutions, for those who see several.
    var institutionName: @Sendable (String) -> BilingualText?
    /// What administrators are told.
    var notices: [BilingualText] = []
    /// Announcements that a hospital's account has not read.
    var unread = 0

    func page(_ reader: Reader) -> Page {
        let isWaiting = submissions.contains { !$0.state.isFinal }
        let path = query.apply(to: SitePath())
        return Page(
            reader.say("上报记录", "Submissions"), path: path, place: .submissions, refreshSeconds: isWaiting ? 5 : nil
        ) {
            div(.class("head")) {
                div {
                    h1(text: reader.say("上报记录", "Submissions"))
                    if let institution = reader.institution {
                        p(.class("lead"), text: reader.say(institution.name))
                    }
                }
                if reader.account?.institution != nil {
                    a(.class("button"), .href(SitePath("upload")), text: reader.say("上传数据包", "Upload a package"))
                }
            }
            for notice in notices { div(.class("note bad"), .role("status")) { p(text: reader.say(notice)) } }
            if unread > 0 {
                div(.class("note info"), .role("status")) {
                    p {
                        a(.href(SitePath("resources", "announcements")), text: AnnouncementsPage.unread(unread, reader))
                    }
                }
            }
            if let morning {
                filters(reader)
                morning.html(reader)
            }
            if lacksRegion {
                div(.class("note bad"), .role("status")) { p(text: reader.say(Problem.noRegionAdvice)) }
            } else if counts.values.reduce(0, +) == 0 {
                nothingYet(reader)
            } else {
                if let today { today.html(reader) }
                chips(reader)
                if morning == nil { filters(reader) }
                listing(reader)
            }
        }
    }

    private func nothingYet(_ reader: Reader) -> HTML {
        section(.class("card empty")) {
            h2(text: reader.say("还没有上报记录", "Nothing has been sent yet"))
            if reader.account?.institution != nil {
                p(
                    text: reader.say(
                        "上传医院系统导出的 zip 或 CSV 文件，几秒钟后即可看到每个文件的记录数、达标数和需要修改之处。",
                        """
                        Upload the zip or CSV that your hospital's system exports. Seconds later you see for each file how many \
                        records it has, how many are accepted, and what to correct.
                        """))
                p {
                    a(
                        .class("button"), .href(SitePath("upload")),
                        text: reader.say("上传第一个数据包", "Upload the first package"))
                }
                p(.class("hint")) {
                    reader.say("不清楚文件应包含哪些字段？请看", "Not sure which columns a file needs? See ")
                    a(.href(SitePath("programs")), text: reader.say("监测项目", "Programs"))
                    reader.say("。", ".")
                }
            } else {
                p(text: reader.say("医疗机构上报后，记录会显示在这里。", "What institutions send will be listed here."))
            }
        }
    }

    private func chips(_ reader: Reader) -> HTML {
        let total = counts.values.reduce(0, +)
        return ul(.class("chips"), .aria(.label, reader.say("按状态筛选", "By state"))) {
            chip(reader.say("全部", "All"), total, query.with(state: nil), reader)
            if openCount > 0 || query.isOpen {
                chip(reader.say("待处理", "Open"), openCount, query.with(state: nil, isOpen: true), reader)
            }
            for state in SubmissionState.allCases {
                if let count = counts[state], count > 0 || state == query.state {
                    chip(reader.say(state.title), count, query.with(state: state), reader)
                }
            }
        }
    }

    private func chip(_ name: String, _ count: Int, _ query: SubmissionsQuery, _ reader: Reader) -> HTML {
        li {
            a(
                .href(query.apply(to: SitePath())), query == self.query ? .aria(.current, "true") : nil,
                text: "\(name) \(reader.number(count))")
        }
    }

    private func filters(_ reader: Reader) -> HTML {
        form(.get, .action(SitePath()), .class("card filter")) {
            if let state = query.isOpen ? "open" : query.state?.rawValue {
                input(.type("hidden"), .name("state"), .value(state))
            }
            div(.class("row two")) {
                div {
                    label(.for("program"), text: reader.say("监测项目", "Program"))
                    select(.id("program"), .name("program")) {
                        option(.value(""), text: reader.say("全部", "All"))
                        for program in programs {
                            option(
                                .value(program.id), program.id == query.program ? .selected : nil,
                                text: reader.say(program.title))
                        }
                    }
                }
                div {
                    label(.for("day"), text: reader.say("接收日期", "Received on"))
                    input(
                        .id("day"), .name("day"), .type("date"), .value(query.day.map { "\($0)" } ?? ""))
                }
                div {
                    label(.for("q"), text: reader.say("名称或编号", "Name or id"))
                    input(
                        .id("q"), .name("q"), .type("search"), .value(query.text ?? ""), .maximumLength(100),
                        .autocomplete("off"))
                }
                if reader.account?.institution == nil {
                    div {
                        label(.for("region"), text: reader.say("行政区划代码", "Region code"))
                        input(
                            .id("region"), .name("region"), .type("text"), .value(query.region?.prefix ?? ""),
                            .placeholder("43"), .maximumLength(6), .autocomplete("off"))
                    }
                    div {
                        label(.for("level"), text: reader.say("医院级别", "Level"))
                        LevelWords.choice(query.level, reader)
                    }
                }
                div(.class("go")) {
                    button(.type("submit"), text: reader.say("筛选", "Filter"))
                    if !query.isEmpty { a(.class("button plain"), .href(SitePath()), text: reader.say("清除", "Clear")) }
                }
            }
        }
    }

    private func listing(_ reader: Reader) -> HTML {
        let showsInstitution = reader.account?.institution == nil
        let received = reader.say("接收时间", "Received")
        let package = reader.say("数据包", "Package")
        let by = reader.say("医疗机构", "Institution")
        let state = reader.say("状态", "State")
        let total = reader.say("记录总数", "Records")
        let good = reader.say("达标数", "Accepted")
        let errors = reader.say("错误", "Errors")
        let warnings = reader.say("警告", "Warnings")
        return section(.class("card tablecard")) {
            div(.class("scroll")) {
                table(.class("cards tight")) {
                    thead {
                        tr {
                            th(.scope("col"), text: received)
                            th(.scope("col"), text: package)
                            if showsInstitution { th(.scope("col"), text: by) }
                            th(.scope("col"), text: state)
                            for name in [total, good, errors, warnings] {
                                th(.scope("col"), .class("number"), text: name)
                            }
                        }
                    }
                    tbody {
                        for (submission, day) in withDays(reader) {
                            if let day {
                                tr(.class("day")) {
                                    th(.scope("rowgroup"), .columns(showsInstitution ? 8 : 7), text: day)
                                }
                            }
                            tr {
                                cell(received, "time") { reader.moment(submission.receivedAt) }
                                cell(package, "name") {
                                    a(
                                        .href(SitePath("submissions", submission.id.description)),
                                        text: submission.fileName)
                                    span(.class("hint"), text: hint(submission, reader))
                                }
                                if showsInstitution {
                                    cell(by) {
                                        a(
                                            .href(SitePath("board", "institutions", submission.institution)),
                                            text: institutionName(submission.institution).map { reader.say($0) }
                                                ?? submission.institution)
                                    }
                                }
                                cell(state, "state") { submission.tag(reader) }
                                if submission.state.isFinal, submission.state != .failed {
                                    numberCell(total, submission.rows, reader)
                                    numberCell(good, submission.accepted, reader)
                                    numberCell(errors, submission.errors, reader)
                                    numberCell(warnings, submission.warnings, reader)
                                } else {
                                    td(.columns(4)) { HTML.empty }
                                }
                            }
                        }
                    }
                }
            }
            if isSearchStopped {
                let most = reader.number(Visitors.mostSearched)
                p(
                    .class("pad hint"),
                    text: reader.say(
                        "已查找 \(most) 次上报；点“更早的记录”继续查找。", "\(most) submissions were searched; “Older” goes on."))
            } else if submissions.isEmpty {
                p(.class("pad hint"), text: reader.say("没有符合条件的上报。", "No submission matches."))
            }
            if olderThan != nil || !isFirst { pager(reader) }
        }
    }

    /// Each submission, and before the first of a day what the day is called.
    private func withDays(_ reader: Reader) -> [(Submission, String?)] {
        func day(_ instant: Instant) -> String {
            String(instant.civil(secondsEastOfUTC: reader.secondsEastOfUTC).prefix(10))
        }
        let today = day(now)
        var last: String?
        return submissions.map { submission in
            let own = day(submission.receivedAt)
            defer { last = own }
            guard own != last else { return (submission, nil) }
            return (submission, own == today ? reader.say("今天 \(own)", "Today, \(own)") : own)
        }
    }

    /// Its programs, and that the same bytes came before: each time has its own receipt.
    private func hint(_ submission: Submission, _ reader: Reader) -> String {
        let ids = Set(submission.files.compactMap(\.program))
        var parts = programs.filter { ids.contains($0.id) }.map { reader.say($0.title) }
        if submission.sameBytesAs != nil {
            parts.append(reader.say("内容与此前相同，另有回执", "same bytes as before, with a receipt of its own"))
        }
        if submission.repairs != nil { parts.append(reader.say("改正此前退回的行", "corrects rows rejected before")) }
        return parts.joined(separator: " · ")
    }

    private func pager(_ reader: Reader) -> HTML {
        let path = query.apply(to: SitePath())
        return nav(.class("pager"), .aria(.label, reader.say("翻页", "Pages"))) {
            if isFirst { span { HTML.empty } } else { a(.href(path), text: reader.say("最新", "Latest")) }
            if let olderThan {
                a(.href(path.with("before", olderThan.description)), text: reader.say("更早的记录", "Older"))
            }
        }
    }
}
