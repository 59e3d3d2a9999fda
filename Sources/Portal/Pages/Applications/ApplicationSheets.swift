import QRCodes
import Registrations
import SurveillanceKit

/// The sheets that an applicant prints, has stamped and uploads: filled in, each page with the code line that binds it to this version of the form.
enum ApplicationSheets {
    enum Sheet: String, CaseIterable {
        case information, agreement

        var title: BilingualText {
            switch self {
            case .information: BilingualText(zh: "医疗机构信息收集表", en: "Information sheet of a medical institution")
            case .agreement: BilingualText(zh: "系统使用须知及同意书", en: "Terms of use and consent")
            }
        }

        /// The name under which it is downloaded.
        func fileName(_ language: Language) -> String { "\(title[language]).pdf" }
    }

    /// What the institution agrees to.
    static let terms = [
        BilingualText(
            zh: "本机构按各监测项目的要求如实、按时上报，并对数据的真实性和完整性负责。",
            en: "The institution reports truthfully and in time as the programs ask, and answers for its data."),
        BilingualText(
            zh: "账号仅由指定的数据管理员使用，不得转借；人员变更时及时申请变更。",
            en: "The account is used by the named data manager alone; a change of the person is applied for at once."),
        BilingualText(
            zh: "平台对数据去标识后入库，仅用于公共卫生监测。",
            en: "The platform stores data de-identified, for public-health surveillance alone."),
        BilingualText(
            zh: "发现账号或数据异常，立即通知平台。",
            en: "The platform is told at once of anything wrong with the account or the data."),
    ]
    static let consent = BilingualText(
        zh: "本机构已阅读并同意以上内容。", en: "The institution has read this and agrees.")
    static let blanks = [
        BilingualText(zh: "法定代表人签字：", en: "Signature of the legal representative:"),
        BilingualText(zh: "单位公章：", en: "Stamp of the institution:"), BilingualText(zh: "日期：", en: "Date:"),
    ]

    /// What was filled in, field by field.
    static func facts(_ form: ApplicationForm) -> [(title: BilingualText, value: BilingualText)] {
        ApplicationField.allCases.map { field in
            guard field == .feverClinic else {
                let value = form[field].isEmpty ? "—" : form[field]
                return (field.title, BilingualText(zh: value, en: value))
            }
            return (
                field.title,
                form[field] == "true" ? BilingualText(zh: "是", en: "yes") : BilingualText(zh: "否", en: "no")
            )
        }
    }

    /// A sheet for print.
    static func document(_ sheet: Sheet, of application: Application, in language: Language) -> PrintedDocument {
        let blanks = PrintedDocument.Block.blanks(blanks.map { $0[language] })
        let blocks: [PrintedDocument.Block] =
            switch sheet {
            case .information:
                [
                    .facts(
                        facts(application.form).map { PrintedDocument.Fact($0.title[language], $0.value[language]) }),
                    blanks,
                ]
            case .agreement:
                [
                    .paragraph(
                        language == .zh ? "机构：\(application.form[.name])" : "Institution: \(application.form[.name])"),
                    .numbered(terms.map { $0[language] }), .paragraph(consent[language]), blanks,
                ]
            }
        let code = QRCode(application.codeLine).map { code in
            (0..<code.width).map { row in (0..<code.width).map { code.isDark(column: $0, row: row) } }
        }
        return PrintedDocument(
            title: sheet.title[language], blocks: blocks,
            codeLine: (language == .zh ? "表格编号：" : "Sheet: ") + application.codeLine, code: code ?? [],
            at: application.changedAt)
    }
}
