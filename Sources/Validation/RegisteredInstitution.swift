import SurveillanceKit

/// What the register says of the institution that reports: its code, its name and other names that it may be called by.
public struct RegisteredInstitution: Sendable {
    public var code: String
    public var name: String?
    let names: Set<String>
    /// The code itself and the bound ones, without hyphens, blanks and case; empty where none is bound.
    private let codes: Set<String>

    /// - Parameters:
    ///   - name: nil where only the code is known; then no name is compared with it.
    ///   - aliases: names that count as right too.
    ///   - codeAliases: codes that count as right too, of whatever length.
    public init(code: String, name: String? = nil, aliases: [String] = [], codeAliases: [String] = []) {
        self.code = code
        self.name = name
        names = Set(([name].compactMap(\.self) + aliases).map(RegisteredInstitution.folded))
        codes = codeAliases.isEmpty ? [] : Set(([code] + codeAliases).map(RegisteredInstitution.foldedCode))
    }

    /// Whether a cell holds the registered code or one that is bound to it.
    func hasCode(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if text.elementsEqual(code.utf8) { return true }
        return !codes.isEmpty && text.count <= 256
            && codes.contains(RegisteredInstitution.foldedCode(String(decoding: text, as: UTF8.self)))
    }

    /// Whether a name is the registered one or an alias. Full width, blanks and the case of letters do not matter.
    func isCalled(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        names.contains(RegisteredInstitution.folded(String(decoding: name, as: UTF8.self)))
    }

    private static func foldedCode(_ code: String) -> String { folded(code).filter { $0 != "-" } }

    private static func folded(_ name: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !scalar.properties.isWhitespace {
            let isFullWidth = (0xFF01...0xFF5E).contains(scalar.value)
            folded.append(isFullWidth ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        return String(folded).lowercased()
    }

    /// A template of what is expected of the institution's own fields, with what is registered.
    func described(_ template: FindingTemplate, _ index: Int, in type: CompiledFileType) -> FindingTemplate {
        var template = template
        if let field = type.institutionField, index == FindingTemplates.index(field: field, .institution) {
            template.expected = BilingualText(
                zh: "登记的机构代码 \(code)，全文件一致", en: "the registered code \(code), in every row")
        } else if let name, let field = type.institutionNameField,
            index == FindingTemplates.index(field: field, .institutionName)
        {
            let title = type.fileType.fields[field].title
            template.message = BilingualText(
                zh: "“\(title.zh)”不是登记的机构名称或别名",
                en: "'\(title.en)' is not the institution's registered name or an alias")
            template.expected = BilingualText(
                zh: "登记的名称“\(name)”；如确有别名，请平台管理员登记",
                en: "the registered name '\(name)'; an administrator can register an alias")
        }
        return template
    }
}
