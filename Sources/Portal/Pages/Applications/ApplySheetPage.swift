import HTTPServer
import QRCodes
import Registrations
import SurveillanceKit

/// The information sheet and the consent, filled in, to be printed and stamped. A code line binds them to this version of the form.
struct ApplySheetPage {
    var application: Application

    func page(_ reader: Reader) -> Page {
        Page(reader.say("打印表格", "Sheets to print"), path: SitePath("apply", "sheet")) {
            p(.class("noprint")) {
                a(.href(SitePath("apply", "files")), text: reader.say("返回上传", "Back to the scans"))
                reader.say(
                    " · 下载 PDF 或用浏览器打印本页（两页 A4），盖章后扫描上传：",
                    " · Download the PDF files or print this page (two sheets of A4), have them stamped, then upload the scans: "
                )
                SheetLinks.html(reader)
            }
            section(.class("card sheet")) {
                h1(text: reader.say(ApplicationSheets.Sheet.information.title))
                dl(.class("facts")) {
                    for fact in ApplicationSheets.facts(application.form) {
                        dt(text: reader.say(fact.title))
                        dd(text: reader.say(fact.value))
                    }
                }
                signature(reader)
            }
            section(.class("card sheet")) {
                h1(text: reader.say(ApplicationSheets.Sheet.agreement.title))
                ol(.class("steps")) {
                    for term in ApplicationSheets.terms { li(text: reader.say(term)) }
                }
                p(text: reader.say(ApplicationSheets.consent))
                signature(reader)
            }
        }
    }

    /// What is shown in place of sheets while the form has gaps or mistakes: a stamped sheet with gaps is refused anyway.
    static func incomplete(_ application: Application, _ reader: Reader) -> Response {
        let faults = application.form.faults()
        let page = Page(reader.say("先填写资料", "Fill in the form first"), path: SitePath("apply", "sheet")) {
            h1(text: reader.say("表格还不能打印", "The sheets cannot be printed yet"))
            div(.class("note warn"), .role("alert")) {
                p(
                    text: reader.say(
                        "表格按您填写的资料生成。还有 \(faults.count) 项需要填写或改正：",
                        "The sheets are made of what you fill in. \(faults.count.counted("entry is", "entries are")) missing or wrong:"
                    ))
                ul(.class("list")) {
                    for field in ApplicationField.allCases {
                        if let fault = faults[field] {
                            li(text: reader.say("\(field.title.zh)：\(fault.zh)", "\(field.title.en): \(fault.en)"))
                        }
                    }
                }
            }
            p { a(.class("button"), .href(SitePath("apply", "form")), text: reader.say("填写资料", "Fill in the form")) }
        }
        return page.response(for: reader, status: .unprocessableContent)
    }

    private func signature(_ reader: Reader) -> HTML {
        div(.class("seal")) {
            div {
                for blank in ApplicationSheets.blanks { p(text: reader.say(blank)) }
                p(.class("hint")) {
                    reader.say("表格编号：", "Sheet: ")
                    code(text: application.codeLine)
                }
            }
            if let code = QRCode(application.codeLine) { HTML(code, label: application.codeLine) }
        }
    }
}

/// The sheets as files to download.
enum SheetLinks {
    static func html(_ reader: Reader) -> HTML {
        HTML(
            joining: ApplicationSheets.Sheet.allCases.map { sheet in
                HTML(joining: [
                    a(
                        .href(SitePath("apply", "sheet", "\(sheet.rawValue).pdf")),
                        text: reader.say("《\(sheet.fileName(.zh))》", sheet.fileName(.en))), HTML(text: " "),
                ])
            })
    }
}
