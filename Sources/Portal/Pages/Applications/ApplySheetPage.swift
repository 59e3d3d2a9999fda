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
