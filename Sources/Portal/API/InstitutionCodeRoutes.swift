import HTTPServer
import Institutions
import SurveillanceKit

/// What an institution's code says. It needs no account: whoever applies for one has none, and nothing is looked up.
struct InstitutionCodeRoutes: Sendable {
    var routes: [Route] {
        [
            .get("/api/v1/institution-codes/{code}") { request in
                let typed = request.parameters["code"] ?? ""
                guard let code = InstitutionCode(typed) else { throw Problem.noInstitutionCode }
                return .json(CodeExplanation(code).json)
            }
        ]
    }
}

extension Problem {
    static let noInstitutionCode = Problem(
        "no-institution-code", status: .unprocessableContent,
        title: BilingualText(zh: "不是机构代码", en: "This is no institution's code"),
        detail: BilingualText(
            zh: "代码应有 1 至 \(InstitutionCode.maximumLength) 个数字或字母。",
            en: "A code has 1 to \(InstitutionCode.maximumLength) digits or letters."))
}
