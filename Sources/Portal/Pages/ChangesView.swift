import FoundationEssentials
import Intake
import SurveillanceKit

/// What storing a package changed, or would change: counts a file, and the records.
struct ChangesView {
    var files: [FileReport]
    var changes: SubmissionChanges
    /// Leads to more records; nil where all are shown.
    var more: SitePath?
    /// Nothing was kept.
    var isForetold = false

    func view(_ reader: Reader) -> HTML {
        section(.class("card tablecard")) {
            if isForetold { h2(text: reader.say("入库后的变化", "What storing would change")) }
            counts(reader)
            if !changes.records.isEmpty { records(reader) }
            if let more { p { a(.href(more), text: reader.say("更多", "More")) } }
            if changes.files.contains(where: { $0.vanished > 0 }) {
                p(
                    .class("hint"),
                    text: reader.say(
                        "“未再上报”：已入库、属于本次应覆盖的日期、但不在本数据包中的记录。它们仍然保留；如确需撤回，请在 _action 列填 withdraw 上报。",
                        """
                        “Vanished” are stored records of the days that this package covers that are not in it. They stay stored; to \
                        withdraw one, report it with “withdraw” in the column _action.
                        """))
            }
        }
    }

    private func name(_ kind: ChangedRecord.Kind, _ reader: Reader) -> String {
        switch kind {
        case .new: reader.say("新增", "New")
        case .changed: reader.say("变更", "Changed")
        case .withdrawn: reader.say("撤回", "Withdrawn")
        case .vanished: reader.say("未再上报", "Vanished")
        }
    }

    private func counts(_ reader: Reader) -> HTML {
        let file = reader.say("文件", "File")
        let names = [
            name(.new, reader), name(.changed, reader), reader.say("未变", "Unchanged"), name(.withdrawn, reader),
            name(.vanished, reader),
        ]
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead {
                    tr {
                        th(.scope("col"), text: file)
                        for name in names { th(.scope("col"), .class("number"), text: name) }
                    }
                }
                tbody {
                    for (place, entry) in files.enumerated() {
                        tr {
                            td(.class("name"), .data(.label, file), text: entry.name)
                            for (name, value) in zip(names, numbers(of: place)) {
                                td(.class("number"), .data(.label, name), text: reader.number(value))
                            }
                        }
                    }
                }
            }
        }
    }

    private func numbers(of file: Int) -> [Int] {
        let own = changes.of(file)
        return [own.new, own.changed, own.unchanged, own.withdrawn, own.vanished]
    }

    private func records(_ reader: Reader) -> HTML {
        let heads = [
            reader.say("变化", "Change"), reader.say("文件", "File"), reader.say("记录（主键）", "Record (key)"),
            reader.say("变更的字段", "Fields changed"),
        ]
        return div(.class("scroll")) {
            table(.class("cards")) {
                thead { tr { for head in heads { th(.scope("col"), text: head) } } }
                tbody {
                    for record in changes.records {
                        tr {
                            for (head, value) in zip(heads, cells(record, reader)) {
                                td(.data(.label, head), text: value)
                            }
                        }
                    }
                }
            }
        }
    }

    private func cells(_ record: ChangedRecord, _ reader: Reader) -> [String] {
        let key = record.key.map { key in key.map { "\($0.name) \($0.value ?? "")" }.joined(separator: ", ") }
        return [
            name(record.change, reader), files.indices.contains(record.file) ? files[record.file].name : "",
            key ?? reader.say("不再保存", "no longer kept"), record.fields?.joined(separator: ", ") ?? "",
        ]
    }
}

/// What a submission changed in what is stored.
struct ChangesPage {
    var submission: Submission
    var changes: SubmissionChanges
    var offset = 0

    func page(_ reader: Reader) -> Page {
        let own = SitePath("submissions", submission.id.description, "changes")
        let title = reader.say("入库变化", "Changes")
        return Page("\(title) · \(submission.fileName)", path: own, place: .submissions) {
            p { a(.href(SitePath("submissions", submission.id.description)), text: "← " + submission.fileName) }
            h1(text: title)
            if changes.files.isEmpty {
                p(.class("hint"), text: reader.say("没有可以显示的变化。", "There are no changes to show."))
            } else {
                let next = offset + changes.records.count
                let isMore = next < changes.listed && !changes.records.isEmpty
                ChangesView(
                    files: submission.files, changes: changes, more: isMore ? own.with("offset", String(next)) : nil
                ).view(reader)
            }
        }
    }
}

/// The verdict of packages of which nothing was kept.
struct DryRunPage {
    var runs: [DryRun]

    func page(_ reader: Reader) -> Page {
        Page(reader.say("仅核验", "Checked only"), path: SitePath("upload"), place: .upload) {
            h1(text: reader.say("仅核验", "Checked only"))
            div(.class("note info"), .role("status")) {
                p(
                    text: reader.say(
                        "以下为核验结果和入库后的变化；没有保存任何内容，也没有回执。确认后请正式上传。",
                        "This is the verdict and what storing would change. Nothing was kept and there is no receipt; upload it to report it."
                    ))
            }
            for run in runs { verdict(run, reader) }
            p { a(.class("button"), .href(SitePath("upload")), text: reader.say("返回上传", "Back to the upload")) }
        }
    }

    private func verdict(_ run: DryRun, _ reader: Reader) -> HTML {
        let (rows, accepted) = run.files.reduce(into: (0, 0)) { $0 = ($0.0 + $1.rows, $0.1 + $1.accepted) }
        let findings = run.findings.prefix(100).compactMap { try? JSONDecoder().decode(Finding.self, from: Data($0)) }
        return HTML(joining: [
            div(.class("head")) {
                h2(text: run.fileName)
                div { run.state.tag(reader, rows: rows) }
            },
            p(
                text: reader.say(
                    "\(reader.number(rows)) 行中 \(reader.number(accepted)) 行达标；发现问题 \(reader.number(run.findingsCount)) 个。",
                    "\(reader.number(accepted)) of \(reader.number(rows)) rows accepted; findings: \(reader.number(run.findingsCount))."
                )),
            ChangesView(
                files: run.files,
                changes: SubmissionChanges(files: run.changes.files, records: Array(run.changes.records.prefix(100))),
                isForetold: true
            ).view(reader),
            findings.isEmpty ? HTML.empty : list(findings, reader),
        ])
    }

    private func list(_ findings: [Finding], _ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("问题（最多显示 100 个）", "Findings (the first 100)"))
            ul(.class("list")) {
                for finding in findings {
                    li(
                        text: [
                            finding.file, finding.row.map { reader.say("第 \($0) 行", "row \($0)") }, finding.field,
                            reader.say(finding.message),
                        ].compactMap(\.self).joined(separator: " · "))
                }
            }
        }
    }
}
