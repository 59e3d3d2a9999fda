import Accounts
import Registrations
import SurveillanceKit

/// One institution: what is registered, who its people are, and how it came to be so.
struct InstitutionPage {
    var record: RegisteredRecord
    var maySet: Bool
    var isDone = false
    var refusal: BilingualText?

    private var institution: Institution { record.institution }
    private var path: SitePath { SitePath("institutions", institution.code) }

    func page(_ reader: Reader) -> Page {
        Page(reader.say(institution.name), path: path, place: .institutions) {
            h1(text: reader.say(institution.name))
            if isDone { div(.class("note good"), .role("status")) { p(text: reader.say("已保存。", "Done.")) } }
            if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal)) } }
            if record.isSuspended {
                div(.class("note warn")) {
                    p(text: reader.say("该机构已停用，其账号不能登录。", "It is suspended: its accounts cannot sign in."))
                }
            }
            MergeSections.banner(record, maySet: maySet, reader)
            facts(reader)
            people(reader)
            history(reader)
            MergeSections(record: record, maySet: maySet).html(reader)
            if maySet {
                changes(reader)
                if record.merged == nil { MergeSections.start(institution, reader) }
            }
        }
    }

    private func facts(_ reader: Reader) -> HTML {
        let lines: [(String, String?)] = [
            (reader.say("代码", "Code"), institution.code),
            (reader.say("其他代码", "Other codes"), institution.codeAliases.joined(separator: ", ")),
            (reader.say("别名", "Other names"), institution.aliases.joined(separator: ", ")),
            (reader.say("等级", "Level"), LevelWords.text(of: institution, reader)),
            (reader.say("类别", "Category"), institution.category?.rawValue),
            (reader.say("地区", "Region"), RegionName.of(institution.region, reader)),
            (
                reader.say("发热门诊", "Fever clinic"),
                institution.hasFeverClinic ? reader.say("有", "yes") : reader.say("无", "no")
            ), (reader.say("有效期", "In force"), institution.days),
        ]
        return section(.class("card")) {
            dl(.class("facts")) {
                for (name, value) in lines {
                    if let value, !value.isEmpty {
                        dt(text: name)
                        dd(text: value)
                    }
                }
            }
            p {
                a(
                    .href(SitePath("board", "institutions", institution.code)),
                    text: reader.say("上报任务和日历", "Its duties and calendar"))
                " · "
                a(
                    .href(SitePath().with("q", institution.code)), text: reader.say("上报记录", "Its submissions"))
            }
        }
    }

    private func people(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("账号", "Accounts"))
            if record.accounts.isEmpty { p(text: reader.say("没有账号。", "None.")) }
            ul(.class("list")) {
                for account in record.accounts {
                    li {
                        code(text: account.name)
                        " \(account.displayName)"
                        if account.isDisabled { span(.class("tag warn"), text: reader.say("已停用", "disabled")) }
                    }
                }
            }
        }
    }

    private func history(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("变更历史", "History"))
            if record.versions.isEmpty {
                p(text: reader.say("来自部署的机构名录文件。", "It stands in the deployment's file of institutions."))
            }
            ol(.class("plainlist")) {
                for (index, version) in record.versions.enumerated() {
                    li {
                        reader.moment(version.madeAt)
                        reader.say(
                            "  第 \(version.number) 版，\(version.author)",
                            "  version \(version.number), \(version.author)")
                        if version.application != nil { reader.say("，来自申请", ", of an application") }
                        if version.isSuspended { span(.class("tag warn"), text: reader.say("停用", "suspended")) }
                        if index + 1 < record.versions.count {
                            ul(.class("list")) {
                                for line in version.institution.differences(
                                    from: record.versions[index + 1].institution)
                                {
                                    li(text: reader.say(line))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func changes(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("停用和关闭", "Suspend or close"))
            if record.isSuspended {
                form(.post, .action(path.appending("resume"))) {
                    formToken(reader)
                    button(.type("submit"), text: reader.say("恢复使用", "Let it go on"))
                }
            } else {
                form(.post, .action(path.appending("suspend"))) {
                    formToken(reader)
                    p {
                        label(.for("confirmed")) {
                            input(.id("confirmed"), .name("confirmed"), .type("checkbox"), .value("yes"), .required)
                            reader.say(
                                " 停用：所有账号立即不能登录，会话和令牌失效。",
                                " Suspend it: no account can sign in from now on, sessions and tokens end.")
                        }
                    }
                    button(.class("plain"), .type("submit"), text: reader.say("停用", "Suspend"))
                }
            }
            // What a merge shows as the last day is not what is registered.
            if record.merged == nil { closing(reader) }
        }
    }

    private func closing(_ reader: Reader) -> HTML {
        form(.post, .action(path.appending("close")), .class("fields")) {
            formToken(reader)
            div {
                label(
                    .for("until"),
                    text: reader.say("关闭：最后一天（该日之后不再有上报任务）", "Close it: the last day on which it owes reports"))
                input(
                    .id("until"), .name("until"), .type("date"),
                    .value(institution.until.map { "\($0)" } ?? ""), .required)
            }
            button(.class("plain"), .type("submit"), text: reader.say("保存终止日期", "Set the last day"))
        }
    }
}
