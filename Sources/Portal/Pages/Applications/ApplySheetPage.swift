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
                    " · 用浏览器打印本页（两页 A4），盖章后扫描上传。",
                    " · Print this page (two sheets of A4), have it stamped, then upload the scans.")
            }
            section(.class("card sheet")) {
                h1(text: reader.say("医疗机构信息收集表", "Information sheet of a medical institution"))
                dl(.class("facts")) {
                    for field in ApplicationField.allCases where field != .feverClinic {
                        dt(text: reader.say(field.title))
                        dd(text: application.form[field].isEmpty ? "—" : application.form[field])
                    }
                    dt(text: reader.say(ApplicationField.feverClinic.title))
                    dd(
                        text: application.form[.feverClinic] == "true" ? reader.say("是", "yes") : reader.say("否", "no"))
                }
                signature(reader)
            }
            section(.class("card sheet")) {
                h1(text: reader.say("系统使用须知及同意书", "Terms of use and consent"))
                ol(.class("steps")) {
                    li(
                        text: reader.say(
                            "本机构按各监测项目的要求如实、按时上报，并对数据的真实性和完整性负责。",
                            "The institution reports truthfully and in time as the programs ask, and answers for its data."
                        ))
                    li(
                        text: reader.say(
                            "账号仅由指定的数据管理员使用，不得转借；人员变更时及时申请变更。",
                            "The account is used by the named data manager alone; a change of the person is applied for at once."
                        ))
                    li(
                        text: reader.say(
                            "平台对数据去标识后入库，仅用于公共卫生监测。",
                            "The platform stores data de-identified, for public-health surveillance alone."))
                    li(
                        text: reader.say(
                            "发现账号或数据异常，立即通知平台。",
                            "The platform is told at once of anything wrong with the account or the data."))
                }
                p(text: reader.say("本机构已阅读并同意以上内容。", "The institution has read this and agrees."))
                signature(reader)
            }
        }
    }

    private func signature(_ reader: Reader) -> HTML {
        div(.class("seal")) {
            div {
                p(text: reader.say("法定代表人签字：", "Signature of the legal representative:"))
                p(text: reader.say("单位公章：", "Stamp of the institution:"))
                p(text: reader.say("日期：", "Date:"))
                p(.class("hint")) {
                    reader.say("表格编号：", "Sheet: ")
                    code(text: application.codeLine)
                }
            }
            if let code = QRCode(application.codeLine) { HTML(code, label: application.codeLine) }
        }
    }
}
