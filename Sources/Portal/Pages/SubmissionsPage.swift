import Accounts
import HTTPServer
import Intake
import SurveillanceKit

/// The front page: what was sent and what became of it, the latest first.
struct SubmissionsPage {
    static let length = 30

    var submissions: [Submission]
    var counts: [SubmissionState: Int]
    /// The state that is looked at; nil for all.
    var state: SubmissionState?
    /// The last submission here, where there are older ones.
    var olderThan: SubmissionID?
    var isFirst = true
    /// Whether nobody has said which region the account oversees, so that it sees nothing.
    var lacksRegion = false
    /// Names of the institutions, for those who see several.
    var institutionName: @Sendable (String) -> BilingualText?
    /// What administrators are told.
    var notices: [BilingualText] = []

    func page(_ reader: Reader) -> Page {
        let isWaiting = submissions.contains { !$0.state.isFinal }
        let path = SitePath().with("state", state?.rawValue)
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
            if lacksRegion {
                div(.class("note bad"), .role("status")) { p(text: reader.say(Problem.noRegionAdvice)) }
            } else if counts.values.reduce(0, +) == 0 {
                nothingYet(reader)
            } else {
                chips(reader)
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
                        records it has, how many stand, and what to mend.
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
            chip(reader.say("全部", "All"), total, SitePath(), isCurrent: state == nil, reader)
            for state in SubmissionState.allCases {
                if let count = counts[state], count > 0 || state == self.state {
                    chip(
                        reader.say(state.title), count, SitePath().with("state", state.rawValue),
                        isCurrent: state == self.state, reader)
                }
            }
        }
    }

    private func chip(_ name: String, _ count: Int, _ path: SitePath, isCurrent: Bool, _ reader: Reader) -> HTML {
        li { a(.href(path), isCurrent ? .aria(.current, "true") : nil, text: "\(name) \(reader.number(count))") }
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
                table(.class("cards")) {
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
                        for submission in submissions {
                            tr {
                                cell(received, "time") { reader.moment(submission.receivedAt) }
                                cell(package, "name") {
                                    a(
                                        .href(SitePath("submissions", submission.id.description)),
                                        text: submission.fileName)
                                }
                                if showsInstitution {
                                    cell(by) {
                                        institutionName(submission.institution).map { reader.say($0) }
                                            ?? submission.institution
                                    }
                                }
                                cell(state) { submission.tag(reader) }
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
            if submissions.isEmpty {
                p(.class("pad hint"), text: reader.say("没有处于该状态的上报。", "No submission is in this state."))
            }
            if olderThan != nil || !isFirst { pager(reader) }
        }
    }

    private func pager(_ reader: Reader) -> HTML {
        let path = SitePath().with("state", state?.rawValue)
        return nav(.class("pager"), .aria(.label, reader.say("翻页", "Pages"))) {
            if isFirst { span { HTML.empty } } else { a(.href(path), text: reader.say("最新", "Latest")) }
            if let olderThan {
                a(.href(path.with("before", olderThan.description)), text: reader.say("更早的记录", "Older"))
            }
        }
    }
}
