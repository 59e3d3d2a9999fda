import Intake
import SurveillanceKit

/// The files of a submission with their counts, two lines each on a phone.
struct SubmissionFilesView {
    var submission: Submission
    var programs: [Program]
    var isOwn: Bool

    func view(_ reader: Reader) -> HTML {
        let file = reader.say("文件", "File")
        let names = [
            reader.say("记录总数", "Records"), reader.say("达标数", "Accepted"), reader.say("未达标", "Rejected"),
            reader.say("错误", "Errors"), reader.say("警告", "Warnings"),
        ]
        return section(.class("card tablecard")) {
            h2(text: reader.say("文件", "Files"))
            div(.class("scroll")) {
                table(.class("cards tight")) {
                    thead {
                        tr {
                            th(.scope("col"), text: file)
                            for name in names { th(.scope("col"), .class("number"), text: name) }
                        }
                    }
                    tbody {
                        for entry in submission.files {
                            tr {
                                cell(file, "name") {
                                    entry.name
                                    // On a phone a file's name says enough where its type is known.
                                    span(.class(entry.fileType == nil ? "hint" : "hint wideonly")) {
                                        type(entry, reader)
                                    }
                                }
                                numberCell(names[0], entry.rows, reader)
                                numberCell(names[1], entry.accepted, reader)
                                numberCell(names[2], entry.rejected, reader)
                                found(names[3], entry.errors, entry, .error, reader)
                                found(names[4], entry.warnings, entry, .warning, reader)
                            }
                        }
                    }
                }
            }
            if !notes.isEmpty { told(notes, reader) }
        }
    }

    /// What is worth knowing, in one line until it is opened.
    private func told(_ notes: [(note: FileNote, files: [String])], _ reader: Reader) -> HTML {
        details(.class("notes"), .id("notes")) {
            summary(
                text: reader.say(
                    "说明 \(notes.count) 条：不是错误，也不是警告",
                    "\(notes.count) \(notes.count == 1 ? "note" : "notes"): neither errors nor warnings"))
            for entry in notes { told(entry.note, of: entry.files, reader) }
        }
    }

    /// What is worth knowing of the files and is no finding, each once with the names of its files.
    private var notes: [(note: FileNote, files: [String])] {
        var notes: [(note: FileNote, files: [String])] = []
        for file in submission.files {
            for note in file.notes {
                if let place = notes.firstIndex(where: { $0.note == note }) {
                    notes[place].files.append(file.name)
                } else {
                    notes.append((note, [file.name]))
                }
            }
        }
        return notes
    }

    /// A note, with the way to the dictionaries that it is about for those who can upload a table.
    private func told(_ note: FileNote, of files: [String], _ reader: Reader) -> HTML {
        div {
            p(.class("place")) {
                strong(text: files.joined(separator: reader.say("、", ", ")))
                reader.say("：", ": ")
                reader.say(note.message)
            }
            if isOwn {
                p {
                    for dictionary in dictionaries(of: note) {
                        a(
                            .href(SitePath("dictionaries").at(dictionary.id)),
                            text: reader.say("上传", "Upload: ") + reader.say(dictionary.title))
                        reader.say("　", "  ")
                    }
                }
            }
        }
    }

    private func dictionaries(of note: FileNote) -> [CodeDictionary] {
        note.dictionaries.compactMap { id in programs.lazy.flatMap(\.dictionaries).first { $0.id == id } }
    }

    /// A number of findings, which leads to them.
    private func found(
        _ name: String, _ count: Int, _ file: FileReport, _ severity: Severity, _ reader: Reader
    ) -> HTML {
        guard count > 0 else { return numberCell(name, count, reader) }
        let query = FindingsQuery(file: file.name, severity: severity)
        return cell(name, "number") {
            a(
                .href(query.apply(to: SitePath("submissions", submission.id.description, "findings"))),
                text: reader.number(count))
        }
    }

    private func type(_ file: FileReport, _ reader: Reader) -> HTML {
        guard let program = programs.first(where: { $0.id == file.program }),
            let type = file.fileType.flatMap(program.fileType)
        else {
            return file.errors > 0
                ? span(.class("tag bad"), text: reader.say("无法识别", "Unknown"))
                : span(.class("tag"), text: reader.say("不是上报文件", "No report"))
        }
        var parts = [
            a(.href(SitePath("programs", program.id, type.id)), text: reader.say(type.title)),
            HTML(text: " · " + reader.say(program.title)),
        ]
        if isOwn, file.rejected > 0 {
            parts += [HTML(text: " · "), rejectedRows(file, reader)]
        }
        return HTML(joining: parts)
    }

    private func rejectedRows(_ file: FileReport, _ reader: Reader) -> HTML {
        let path = SitePath("submissions", submission.id.description, "corrections.csv").with("file", file.name)
        return a(
            .href(path.with("lang", reader.language.rawValue)), .download,
            text: reader.say("退回行 CSV", "rejected rows (CSV)"))
    }
}
