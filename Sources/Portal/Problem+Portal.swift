import Accounts
public import HTTPServer
import Intake
import JSON
public import SurveillanceKit

extension Problem {
    /// What a client is told of an error of receiving; nil for what is the platform's own affair.
    init?(_ error: IntakeError) {
        let message = error.message
        switch error {
        case .tooLarge(let maximum): self = .tooLarge(maximumBytes: maximum)
        case .belowReserve, .diskFull:
            self.init(
                "no-space", status: .insufficientStorage,
                title: BilingualText(zh: "服务器空间不足，暂不接收", en: "The server has no room for reports now"), detail: message,
                headers: ["Retry-After": "600"])
        case .tooManyUploads(let maximum):
            self.init(
                "too-many-uploads", status: .tooManyRequests,
                title: BilingualText(zh: "同时上传的文件过多", en: "Too many uploads at once"), detail: message,
                members: [("maximum", .integer(maximum))], headers: ["Retry-After": "5"])
        case .poisoned, .inputOutput, .databaseUnusable:
            self.init(
                "not-receiving", status: .serviceUnavailable,
                title: BilingualText(zh: "暂不接收上报", en: "No reports are taken now"),
                detail: BilingualText(
                    zh: "服务器存储出现故障：本次上传未保存，也暂时无法查询。请稍后重试；若仍然失败，请联系管理员。",
                    en:
                        "The server's storage has failed: this upload was not kept, and nothing can be looked up. Try again later, or tell the administrator."
                ),
                headers: ["Retry-After": "600"])
        case .databaseAway:
            self.init(
                "not-receiving", status: .serviceUnavailable,
                title: BilingualText(zh: "暂不接收上报", en: "No reports are taken now"),
                detail: BilingualText(
                    zh: "数据库暂时不可用，未确认保存本次请求；服务恢复后请重试。",
                    en:
                        "The database cannot be used for the moment, and nothing of this request was acknowledged; try again soon."
                ),
                headers: ["Retry-After": "30"])
        case .idempotencyConflict:
            self.init(
                "idempotency-conflict", status: .conflict,
                title: BilingualText(zh: "Idempotency-Key 已被使用", en: "The Idempotency-Key was used before"),
                detail: message)
        case .noSuchSubmission:
            self = .noSuchSubmission
        case .notKept:
            self.init(
                "not-kept", status: .notFound, title: BilingualText(zh: "内容已不再保存", en: "It is no longer kept"),
                detail: message)
        case .cannotRetry, .cannotWithdraw, .cannotAcknowledge, .withdrawn, .tooOldToWithdraw:
            self.init(
                "conflict", status: .conflict, title: BilingualText(zh: "无法执行", en: "This cannot be done"),
                detail: message)
        case .alreadyEnded, .inUse, .damaged, .keyOpenToOthers, .noKey, .malformedKey, .notProcessing: return nil
        }
    }

    /// An error as a client may read it; what it may not is thrown on, and logged.
    public static func readable(_ error: any Error) -> any Error {
        (error as? IntakeError).flatMap(Problem.init) ?? error
    }

    /// A document cannot be printed: the operator is told what is missing.
    public static func unprintable(_ reason: BilingualText) -> Problem {
        Problem(
            "unprintable", status: .internalServerError,
            title: BilingualText(zh: "无法生成 PDF", en: "The PDF cannot be made"),
            detail: BilingualText(
                zh: "\(reason.zh)。请改用打印页，或联系平台管理员",
                en: "\(reason.en). Use the page to print, or ask the platform's administrator."))
    }

    static func tooLarge(maximumBytes: Int) -> Problem {
        Problem(
            "upload-too-large", status: .contentTooLarge,
            title: BilingualText(zh: "数据包过大", en: "The package is too large"),
            detail: IntakeError.tooLarge(maximumBytes: maximumBytes).message,
            members: [("maximumBytes", .integer(maximumBytes))])
    }

    static var noSuchSubmission: Problem {
        Problem(
            "no-such-submission", status: .notFound,
            title: BilingualText(zh: "没有这个上报", en: "There is no such submission"),
            detail: BilingualText(
                zh: "请检查编号；只能查看本机构或本辖区的上报。",
                en: "Check its id. Only submissions of your own institution or region can be seen."))
    }

    static var noRegion: Problem {
        Problem(
            "no-region", status: .forbidden,
            title: BilingualText(zh: "当前账号没有辖区", en: "This account has no region"), detail: noRegionAdvice)
    }

    static let noRegionAdvice = BilingualText(
        zh: "尚未为该账号指定辖区，因此看不到任何上报。请联系平台管理员（vedette account region）。",
        en:
            "Nobody has given this account its region, so it sees no submission. Ask the administrator (vedette account region)."
    )

    static var notOwnReceipt: Problem {
        Problem(
            "not-own-receipt", status: .forbidden,
            title: BilingualText(zh: "只有上报机构能下载签名回执", en: "Only the institution itself can have its signed receipt"),
            detail: BilingualText(
                zh: "签名回执含文件名，文件名可能含患者姓名。请在网页上查看回执，或使用上报机构的账号。",
                en:
                    "It names files, and a file's name may hold a patient's. See the receipt's page, or use the institution's account."
            ))
    }

    static var notOwnRows: Problem {
        Problem(
            "not-own-rows", status: .forbidden,
            title: BilingualText(zh: "只有上报机构能下载退回行", en: "Only the institution itself can have its rejected rows"),
            detail: BilingualText(
                zh: "退回行含患者信息，请使用上报机构的账号。",
                en: "They name patients. Use an account of the institution that sent them."))
    }

    static var noRejectedRows: Problem {
        Problem(
            "no-rejected-rows", status: .notFound, title: BilingualText(zh: "没有退回行", en: "No row was rejected"),
            detail: BilingualText(
                zh: "请检查文件名（参数 file）；该文件没有需要改正后重报的行。",
                en: "Check the file's name (file=): no row of it has to be corrected and sent again."))
    }

    static func unreadableRows(_ reason: BilingualText) -> Problem {
        Problem(
            "rows-unreadable", status: .conflict,
            title: BilingualText(zh: "该文件无法读出行", en: "No rows can be read from this file"), detail: reason)
    }

    static func unfitRows(_ reason: BilingualText) -> Problem {
        Problem(
            "rows-unfit", status: .conflict,
            title: BilingualText(zh: "退回行不能写成工作簿", en: "The rejected rows do not go into a workbook"), detail: reason)
    }

    static func noSuchAddress(_ path: String) -> Problem {
        Problem(
            "not-found", status: .notFound, title: BilingualText(zh: "没有这个地址", en: "There is nothing at this address"),
            detail: BilingualText(
                zh: "请检查地址是否正确，或从首页重新进入。", en: "Check the address, or start again from the front page."),
            instance: path)
    }

    static var noSuchPage: Problem {
        Problem("not-found", status: .notFound, title: BilingualText(zh: "没有这个页面", en: "There is no such page"))
    }

    /// - Parameter challenges: Whether to ask for HTTP Basic, at which browsers open a window of their own.
    static func signInNeeded(challenges: Bool) -> Problem {
        Problem(
            "sign-in-needed", status: .unauthorized, title: BilingualText(zh: "请先登录", en: "Sign in first"),
            detail: BilingualText(
                zh: "请提供正确的账号和密码（HTTP Basic）、访问令牌（Bearer），或在网页上登录。",
                en: "Send a name and password (HTTP Basic) or a bearer token, or sign in on the web page."),
            headers: challenges ? ["WWW-Authenticate": #"Basic realm="Vedette", charset="UTF-8""#] : [:])
    }

    static func tooManyAttempts(_ message: BilingualText, waitSeconds: Int) -> Problem {
        Problem(
            "too-many-attempts", status: .tooManyRequests,
            title: BilingualText(zh: "尝试次数过多", en: "Too many attempts"), detail: message,
            headers: ["Retry-After": String(waitSeconds)])
    }

    static var foreignForm: Problem {
        Problem(
            "foreign-form", status: .forbidden, title: BilingualText(zh: "页面已失效", en: "The page has gone stale"),
            detail: BilingualText(
                zh: "请重新打开页面后再提交。若通过程序上报，请使用 HTTP Basic 或访问令牌。",
                en: "Open the page again and send the form once more. Programs use HTTP Basic or a bearer token."))
    }

    /// An account asks for what lies outside of what it oversees.
    static var outsideScope: Problem {
        Problem(
            "outside-scope", status: .forbidden,
            title: BilingualText(zh: "不在当前账号的管辖范围", en: "Outside of what the account oversees"),
            detail: BilingualText(
                zh: "医疗机构只能查看本机构；省、市、县级管理员只能查看本辖区，并只能设定本辖区机构的豁免和指定纳入。整个监测项目的截止时间和上报范围由国家级管理员设定。",
                en:
                    "An institution sees itself; administrators of a region see that region, and set exemptions and additions of its institutions. Deadlines and scopes of a whole program are set by national administrators."
            ))
    }

    static var tokenNeeded: Problem {
        Problem(
            "token-needed", status: .forbidden,
            title: BilingualText(zh: "管理类账号请使用访问令牌", en: "Accounts of administrators need a token here"),
            detail: BilingualText(
                zh: "管理类账号的密码须与验证码一起使用，接口不接受单独的密码。请在“账号”页生成访问令牌，以 Authorization: Bearer 发送。",
                en:
                    "An administrator's password counts together with a code only, so the API does not take it. Make a token on the page 'Account' and send it as Authorization: Bearer."
            ))
    }

    /// A page of one role alone.
    static func otherRole(_ role: Role) -> Problem {
        Problem(
            "not-allowed", status: .forbidden,
            title: BilingualText(zh: "当前账号无权执行此操作", en: "This account may not do that"),
            detail: BilingualText(
                zh: "此页面只供“\(role.title.zh)”账号使用。",
                en: "This page is for accounts with the role \(role.rawValue) alone."))
    }

    /// What a colleague's account may not do.
    static func fewerRights(_ rights: ColleagueRights) -> Problem {
        Problem(
            "fewer-rights", status: .forbidden,
            title: BilingualText(zh: "当前账号无权执行此操作", en: "This account may not do that"),
            detail: BilingualText(
                zh: "您的账号权限为“\(rights.title.zh)”。需要更多权限，请联系本机构的数据管理员。",
                en:
                    "Your account: \(rights.title.en.lowercased()). Ask your institution's data manager if you need more."
            ))
    }

    /// What an account of an institution may not do that was merged into another.
    static func mergedInstitution(_ kept: Institution) -> Problem {
        Problem(
            "merged-institution", status: .forbidden,
            title: BilingualText(zh: "本机构已并入另一家机构", en: "This institution was merged into another"),
            detail: .merged(into: kept))
    }

    static var notManager: Problem {
        Problem(
            "not-manager", status: .forbidden,
            title: BilingualText(zh: "当前账号无权执行此操作", en: "This account may not do that"),
            detail: BilingualText(
                zh: "同事账号由医疗机构的数据管理员管理。", en: "An institution's data manager keeps its colleagues' accounts."))
    }

    static var notAllowed: Problem {
        Problem(
            "not-allowed", status: .forbidden,
            title: BilingualText(zh: "当前账号无权执行此操作", en: "This account may not do that"),
            detail: BilingualText(
                zh: "只有国家级和平台管理账号可以重新处理上报，请联系平台管理员。",
                en: "Only national and platform accounts have submissions processed again; ask the administrator."))
    }

    public static var noInstitution: Problem {
        Problem(
            "no-institution", status: .forbidden,
            title: BilingualText(zh: "当前账号不能上报", en: "This account cannot send reports"),
            detail: BilingualText(
                zh: "只有医疗机构的账号可以上报。请换用医疗机构账号。",
                en: "Only accounts of an institution report. Use the institution's account."))
    }

    public static func unknownInstitution(_ code: String) -> Problem {
        Problem(
            "unknown-institution", status: .forbidden,
            title: BilingualText(zh: "机构未登记", en: "The institution is not registered"),
            detail: BilingualText(
                zh: "机构代码 \(code) 不在名录中，请联系管理员。",
                en: "The code \(code) is not in the register; ask the administrator to enter it."))
    }

    static var fileNameMissing: Problem {
        Problem(
            "file-name-missing", status: .unprocessableContent,
            title: BilingualText(zh: "缺少文件名", en: "The file's name is missing"),
            detail: BilingualText(
                zh: "请在地址中加上 ?filename=文件名，例如 ?filename=flu_20260101.csv。",
                en: "Add it to the address, such as ?filename=flu_20260101.csv."))
    }

    static func wrongType(_ fileName: String) -> Problem {
        Problem(
            "wrong-file-type", status: .unsupportedMediaType,
            title: BilingualText(zh: "只接收 zip、CSV 或 Excel 文件", en: "Only zip, CSV and Excel files are taken"),
            detail: BilingualText(
                zh: "“\(fileName)”不是 .zip、.csv、.xlsx 或 .xls 文件。请上传医院系统导出的 CSV 或 Excel 工作簿，或将其打包为 zip。",
                en:
                    "'\(fileName)' ends neither in .zip nor in .csv, .xlsx or .xls. Send the CSV or the workbook that your system exports, or a zip of it."
            ))
    }

    static var noFile: Problem {
        Problem(
            "no-file", status: .unprocessableContent, title: BilingualText(zh: "没有收到文件", en: "No file has come"),
            detail: BilingualText(
                zh: "请选择 zip、CSV 或 Excel 文件后再上传。", en: "Choose a zip, CSV or Excel file and send it as 'file'."))
    }

    static func tooManyFiles(_ maximum: Int) -> Problem {
        Problem(
            "too-many-files", status: .contentTooLarge,
            title: BilingualText(zh: "一次上传的文件过多", en: "Too many files at once"),
            detail: BilingualText(
                zh: "一次最多 \(maximum) 个文件；可把多个文件打包为一个 zip。",
                en: "At most \(maximum.counted("file")) at once; several files may share one zip."))
    }
}

extension BilingualText {
    /// What the people of an institution are told that was merged into another.
    static func merged(into kept: Institution) -> BilingualText {
        BilingualText(
            zh: "本机构已并入“\(kept.name.zh)”（\(kept.code)），此账号只能查看。请用该机构的账号上报；没有账号的，请该机构的数据管理员添加同事账号。",
            en:
                "Your institution was merged into \(kept.name.en) (\(kept.code)), and this account may only read. Report with an account of that institution; its data manager can add you as a colleague."
        )
    }
}
