import Institutions
import JSON
import SurveillanceKit

/// `vedette institution explain`: what an institution's code says, without a server.
enum InstitutionCommand: Command {
    static let name = "institution"
    static let summary = BilingualText(zh: "解读机构代码并核对校验码", en: "explain an institution's code and check it")
    static let manual = Manual(
        usage: [.init("vedette institution explain CODE [options]")],
        text: [
            BilingualText(
                zh:
                    "explain 说明一个代码：22 位卫生机构代码（WS 218）、18 位统一社会信用代码（GB 32100）或 9 位组织机构代码（GB 11714）。全角、小写、空格和连字符都可以。校验码不符时给出应有的字符。其他长度的代码不算错，由审核人员确认。",
                en:
                    "explain tells what a code says: the 22 characters of WS 218, the 18 of a unified social credit code (GB 32100) or the 9 of an organisation code (GB 11714). Full width, lower case, blanks and hyphens do not matter. For a wrong check character the right one is named. A code of another length is no error; a reviewer confirms it."
            )
        ],
        options: [.init("--format", "text|json", zh: "输出格式（默认 text）", en: "text or json (default: text)")],
        exit: BilingualText(
            zh: "0 没有错误，1 校验码或字符有误，2 无法运行",
            en: "0 nothing wrong, 1 a check character or another character is wrong, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands.count >= 2, arguments.operands[0] == "explain" else {
            throw UsageError("请给出代码：institution explain CODE", "give a code: institution explain CODE")
        }
        // A code that was typed in groups arrives as several words.
        let typed = arguments.operands.dropFirst().joined(separator: " ")
        guard let code = InstitutionCode(typed) else {
            throw UsageError(
                "“\(typed)”不是代码：应有 1 至 \(InstitutionCode.maximumLength) 个数字或字母",
                "'\(typed)' is no code: 1 to \(InstitutionCode.maximumLength) digits or letters are needed")
        }
        let explanation = CodeExplanation(code)
        let isJSON = try arguments.choice("--format", of: ["text", "json"], default: "text") == "json"
        print(isJSON ? String(decoding: explanation.json.encoded(), as: UTF8.self) : text(explanation))
        return explanation.isPlausible ? 0 : 1
    }

    private static func text(_ explanation: CodeExplanation) -> String {
        let language = Terminal.language
        let code = explanation.code
        var lines = ["\(code)  \(explanation.kind[language])"]
        func add(_ zh: String, _ en: String, _ value: String?) {
            if let value { lines.append("  \(say(zh, en)): \(value)") }
        }
        add("组织机构代码", "organisation code", code.organizationCode)
        add("登记管理部门", "authority", explanation.authority?[language])
        add("地区", "region", explanation.region?[language])
        add("经济类型", "economic type", explanation.economicType?[language])
        add("类别", "category", explanation.category.map { "\($0.code) \($0.title[language])" })
        add("管理分类", "management class", explanation.managementClass?.title[language])
        for finding in explanation.findings {
            let severity = finding.severity == .error ? say("错误", "error") : say("提示", "warning")
            lines.append("  \(severity): \(finding.message[language])")
        }
        if explanation.findings.isEmpty { lines.append("  " + say("没有发现问题", "nothing wrong")) }
        return lines.joined(separator: "\n")
    }
}
