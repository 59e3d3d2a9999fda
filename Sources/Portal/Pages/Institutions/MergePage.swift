import Accounts
import Registrations
import SurveillanceKit

/// What merging a duplicate into another institution would change, with the button that does it.
struct MergePage {
    var preview: MergePreview
    /// Why it was not done.
    var refusal: MergeError?

    private var duplicate: Institution { preview.duplicate }
    private var path: SitePath { SitePath("institutions", duplicate.code) }

    func page(_ reader: Reader) -> Page {
        Page(reader.say("合并机构", "Merge institutions"), path: path.appending("merge"), place: .institutions) {
            h1(text: reader.say("合并重复登记的机构", "Merge a duplicate"))
            if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal.message)) } }
            if let obstacle = preview.obstacle, obstacle != refusal {
                div(.class("note bad"), .role("alert")) { p(text: reader.say(obstacle.message)) }
            }
            if preview.obstacle == nil, let kept = preview.kept {
                both(kept, reader)
                changes(kept, reader)
                stays(kept, reader)
                confirm(kept, reader)
            }
            p { a(.href(path), text: reader.say("返回", "Back")) }
        }
    }

    private func both(_ kept: Institution, _ reader: Reader) -> HTML {
        section(.class("card")) {
            dl(.class("facts")) {
                dt(text: reader.say("重复登记，将并入另一家", "The duplicate"))
                dd(text: line(duplicate, preview.submissions, reader))
                dt(text: reader.say("保留", "Goes on"))
                dd(text: line(kept, preview.keptSubmissions, reader))
            }
        }
    }

    private func line(_ institution: Institution, _ submissions: Int, _ reader: Reader) -> String {
        reader.say(institution)
            + reader.say(
                "，\(LevelWords.text(of: institution, reader))，\(RegionName.of(institution.region, reader))，上报 \(reader.number(submissions)) 次",
                ", \(LevelWords.text(of: institution, reader)), \(RegionName.of(institution.region, reader)), \(reader.number(submissions)) submissions"
            )
    }

    private func changes(_ kept: Institution, _ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("合并后立即改变", "What changes at once"))
            ul(.class("list")) {
                if let lastDay = preview.lastDay {
                    li(
                        text: reader.say(
                            "\(duplicate.code)：\(lastDay) 之后不再有上报任务；此前的任务和记录保持不变。",
                            "\(duplicate.code) owes no report after \(lastDay); what it owed before stays as it is."))
                }
                li(
                    text: preview.accounts.isEmpty
                        ? reader.say("\(duplicate.code) 没有账号。", "\(duplicate.code) has no accounts.")
                        : reader.say(
                            "\(duplicate.code) 的 \(preview.accounts.count) 个账号只能查看本机构的数据，不能再上报："
                                + preview.accounts.map(\.name).joined(separator: "、") + "。页面会告知改用 \(kept.code) 的账号。",
                            "\(preview.accounts.count.counted("account")) of \(duplicate.code) may only read what that institution has sent, and report no more: "
                                + preview.accounts.map(\.name).joined(separator: ", ")
                                + ". Its pages say to use an account of \(kept.code)."))
                if let after = preview.after {
                    for line in after.differences(from: kept) { li(text: "\(kept.code): \(reader.say(line))") }
                }
                li(
                    text: reader.say(
                        "\(kept.code) 的上报文件中可以使用 \(duplicate.code) 的代码和名称。",
                        "Reports of \(kept.code) may hold the codes and names of \(duplicate.code)."))
            }
        }
    }

    private func stays(_ kept: Institution, _ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("保持不变", "What stays"))
            ul(.class("list")) {
                li(
                    text: reader.say(
                        "两家的上报、回执、入库数据、指标、扫描件和变更历史都保留在各自的代码下，并在 \(kept.code) 的页面一并列出。",
                        "Submissions, receipts, records, figures, scans and history of both stay under the code that they came under; the page of \(kept.code) lists both."
                    ))
                li(
                    text: reader.say(
                        "正在上传的数据包照常接收并处理，记在发送账号的机构名下。",
                        "An upload that is under way is received and processed for the institution that sends it."))
                li(
                    text: reader.say(
                        "两家都报过的日期，病例会计两次；如有重复，请由重复登记的机构在合并前撤回多余的上报。",
                        "Cases of days that both have reported count twice; where they do, have the duplicate withdraw those submissions before you merge."
                    ))
                li(
                    text: reader.say(
                        "可以随时撤销：撤销后两家的登记与没有合并过时完全相同。",
                        "You can take it back at any time: the register is then what it would be without the merge."))
            }
        }
    }

    private func confirm(_ kept: Institution, _ reader: Reader) -> HTML {
        form(.post, .action(path.appending("merge"))) {
            formToken(reader)
            input(.type("hidden"), .name("into"), .value(kept.code))
            input(.type("hidden"), .name("seen"), .value(preview.seen))
            button(.type("submit"), text: reader.say("确认合并", "Confirm the merge"))
        }
    }
}

/// The merges of an institution, on its page: what it is merged into, what was merged into it, and the way back.
struct MergeSections {
    var record: RegisteredRecord
    var maySet: Bool

    private var code: String { record.institution.code }

    @HTMLBuilder func html(_ reader: Reader) -> HTML {
        for duplicate in record.duplicates { section(duplicate, reader) }
        let earlier = record.merges.filter { !$0.isInForce }
        if !earlier.isEmpty {
            Portal.section(.class("card")) {
                h2(text: reader.say("已撤销的合并", "Merges that were taken back"))
                ul(.class("list")) {
                    for merge in earlier {
                        li {
                            reader.moment(merge.at)
                            reader.say(
                                "  \(merge.duplicate) 并入 \(merge.kept)，\(merge.author)；",
                                "  \(merge.duplicate) into \(merge.kept), by \(merge.author); ")
                            if let undone = merge.undoneAt { reader.moment(undone) }
                            reader.say(" 由 \(merge.undoneBy ?? "") 撤销", " taken back by \(merge.undoneBy ?? "")")
                        }
                    }
                }
            }
        }
    }

    private func section(_ duplicate: MergedRecord, _ reader: Reader) -> HTML {
        let own = duplicate.merge.duplicate
        return Portal.section(.class("card")) {
            h2(text: reader.say("并入的机构：", "Merged: ") + reader.say(duplicate.institution))
            p {
                reader.moment(duplicate.merge.at)
                reader.say(
                    "  由 \(duplicate.merge.author) 并入；最后上报日 \(duplicate.merge.lastDay)。",
                    "  by \(duplicate.merge.author); it owed reports until \(duplicate.merge.lastDay).")
            }
            p {
                a(.href(SitePath("institutions", own)), text: reader.say("登记和历史", "Its entry and history"))
                " · "
                a(
                    .href(SitePath("board", "institutions", own)),
                    text: reader.say("上报任务和日历", "Its duties and calendar"))
                " · "
                a(.href(SitePath().with("q", own)), text: reader.say("上报记录", "Its submissions"))
            }
            if !duplicate.accounts.isEmpty {
                p(
                    text: reader.say("账号（只能查看）：", "Accounts, which may only read: ")
                        + duplicate.accounts.map(\.name).joined(separator: reader.say("、", ", ")))
            }
            if !duplicate.versions.isEmpty {
                p(text: reader.say("登记的各版本：", "Versions of its entry:"))
                ul(.class("list")) {
                    for version in duplicate.versions {
                        li {
                            reader.moment(version.madeAt)
                            reader.say(
                                "  第 \(version.number) 版，\(version.author)",
                                "  version \(version.number), \(version.author)")
                        }
                    }
                }
            }
            if maySet { MergeSections.undo(duplicate.merge, reader) }
        }
    }

    /// The button that takes a merge back.
    static func undo(_ merge: InstitutionMerge, _ reader: Reader) -> HTML {
        ConfirmedAction(
            name: reader.say("撤销合并", "Take the merge back"),
            consequence: reader.say(
                "\(merge.duplicate) 立即恢复为独立的机构：上报任务和账号与没有合并时相同；\(merge.kept) 不再使用它的代码和名称。合并期间 \(merge.kept) 收到的上报仍属于 \(merge.kept)。",
                "\(merge.duplicate) is an institution of its own again at once, with the duties and accounts that it would have without the merge; \(merge.kept) loses its codes and names. What \(merge.kept) has sent meanwhile stays its own."
            ),
            confirm: reader.say("确认撤销", "Take it back"),
            action: SitePath("institutions", merge.duplicate, "unmerge")
        ).html(reader)
    }

    /// What stands on the page of an institution that counts as another.
    @HTMLBuilder static func banner(_ record: RegisteredRecord, maySet: Bool, _ reader: Reader) -> HTML {
        if let merge = record.merged {
            div(.class("note warn")) {
                p {
                    reader.say("该机构已并入 ", "It is merged into ")
                    a(.href(SitePath("institutions", merge.kept)), text: merge.kept)
                    reader.say(
                        "：\(merge.lastDay) 之后没有上报任务，其账号只能查看。",
                        ": it owes no report after \(merge.lastDay), and its accounts may only read.")
                }
                if maySet { undo(merge, reader) }
            }
        }
    }

    /// Begins a merge: asks into which institution.
    static func start(_ institution: Institution, _ reader: Reader) -> HTML {
        Portal.section(.class("card")) {
            h2(text: reader.say("合并重复登记", "Merge a duplicate"))
            form(.get, .action(SitePath("institutions", institution.code, "merge")), .class("fields")) {
                div {
                    label(
                        .for("into"),
                        text: reader.say(
                            "该机构是重复登记，应并入的机构代码", "This is a duplicate; the code of the institution that goes on"))
                    input(.id("into"), .name("into"), .maximumLength(64), .required)
                    p(
                        .class("hint"),
                        text: reader.say(
                            "先显示会改变什么，确认后才生效，并可撤销。", "You see what would change before it does, and can take it back."))
                }
                button(.class("plain"), .type("submit"), text: reader.say("查看合并后的变化", "See what would change"))
            }
        }
    }
}
