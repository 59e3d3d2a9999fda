import Accounts
public import Institutions
import PluginKit
public import SurveillanceKit

/// What an institution says of itself when it applies for its account.
public struct ApplicationForm: Hashable, Sendable {
    /// What was typed, by field; what was left empty is missing.
    public var values: [ApplicationField: String]

    public init(_ values: [ApplicationField: String] = [:]) {
        self.values = values.compactMapValues { value in
            let trimmed = value.trimmed
            return trimmed.isEmpty ? nil : trimmed
        }
    }

    public subscript(field: ApplicationField) -> String { values[field] ?? "" }

    /// The institution's code as it would be registered.
    public var code: InstitutionCode? { InstitutionCode(self[.code]) }

    /// All codes that were given.
    public var codes: [InstitutionCode] {
        [ApplicationField.code, .otherCode].compactMap { values[$0].flatMap(InstitutionCode.init) }
    }

    /// What must be mended before it can be sent, by field.
    public func faults() -> [ApplicationField: BilingualText] {
        var faults: [ApplicationField: BilingualText] = [:]
        for field in ApplicationField.allCases {
            let value = self[field]
            if value.isEmpty {
                if field.isRequired { faults[field] = BilingualText(zh: "请填写", en: "This is needed.") }
            } else if value.count > field.maximumLength {
                faults[field] = BilingualText(
                    zh: "最多 \(field.maximumLength) 个字", en: "At most \(field.maximumLength) characters.")
            } else {
                faults[field] = fault(of: value, in: field)
            }
        }
        return faults
    }

    private func fault(of value: String, in field: ApplicationField) -> BilingualText? {
        switch field {
        case .code, .otherCode:
            guard let code = InstitutionCode(value) else {
                return BilingualText(zh: "不是机构代码", en: "This is no institution's code.")
            }
            return CodeExplanation(code).findings.first { $0.severity == .error }?.message
        case .region:
            guard value.utf8.count == 6, Region(value) != nil else {
                return BilingualText(zh: "应为六位行政区划代码", en: "Six digits of GB/T 2260 are needed.")
            }
        case .level:
            guard Institution.Level(rawValue: value) != nil else { return Self.notOffered }
        case .category:
            guard Institution.Category(rawValue: value) != nil else { return Self.notOffered }
        case .managerPhone:
            guard PhoneNumber(value) != nil else {
                return BilingualText(zh: "应为 11 位手机号码", en: "A mobile number of 11 digits is needed.")
            }
        case .managerMail:
            guard ContactKind.mail.accepts(value) else {
                return BilingualText(zh: "不是邮箱地址", en: "This is no mail address.")
            }
        case .name, .nameEnglish, .address, .feverClinic, .legalName, .managerName, .department: break
        }
        return nil
    }

    private static let notOffered = BilingualText(zh: "请从列表中选择", en: "Choose one of the list.")

    /// What a reviewer should look at: warnings of the codes, and what contradicts.
    public func remarks() -> [BilingualText] {
        codes.flatMap { code in
            CodeExplanation(code).findings.map {
                BilingualText(zh: "\(code)：\($0.message.zh)", en: "\(code): \($0.message.en)")
            }
        }
            + CodeConflicts.between(
                codes, region: values[.region], category: Institution.Category(rawValue: self[.category]))
    }

    /// The register's entry that it asks for; nil while something is missing.
    public var institution: Institution? {
        guard faults().isEmpty, let code, let level = Institution.Level(rawValue: self[.level]) else { return nil }
        let name = self[.name]
        return Institution(
            code: code.text, name: BilingualText(zh: name, en: values[.nameEnglish] ?? name),
            codeAliases: codes.dropFirst().map(\.text).filter { $0 != code.text }, level: level,
            category: Institution.Category(rawValue: self[.category]), region: self[.region],
            hasFeverClinic: self[.feverClinic] == "true")
    }
}

/// The fields of an application, in the order of the form.
public enum ApplicationField: String, CaseIterable, Codable, Sendable {
    case name, nameEnglish, code, otherCode, region, address, level, category, feverClinic
    case legalName
    case managerName, managerPhone, managerMail, department

    public var isRequired: Bool {
        switch self {
        case .nameEnglish, .otherCode, .feverClinic, .department: false
        case .name, .code, .region, .address, .level, .category, .legalName, .managerName, .managerPhone, .managerMail:
            true
        }
    }

    public var maximumLength: Int {
        switch self {
        case .name, .nameEnglish, .address, .managerMail: 200
        case .code, .otherCode: InstitutionCode.maximumLength
        default: 60
        }
    }

    public var title: BilingualText {
        switch self {
        case .name: BilingualText(zh: "机构名称", en: "Name of the institution")
        case .nameEnglish: BilingualText(zh: "英文名称", en: "Name in English")
        case .code: BilingualText(zh: "机构代码", en: "Institution code")
        case .otherCode: BilingualText(zh: "其他代码", en: "Another code")
        case .region: BilingualText(zh: "行政区划代码", en: "Region (GB/T 2260)")
        case .address: BilingualText(zh: "详细地址", en: "Address")
        case .level: BilingualText(zh: "医院等级", en: "Level")
        case .category: BilingualText(zh: "机构类别", en: "Category")
        case .feverClinic: BilingualText(zh: "设有发热门诊", en: "Has a fever clinic")
        case .legalName: BilingualText(zh: "法定代表人姓名", en: "Legal representative")
        case .managerName: BilingualText(zh: "数据管理员姓名", en: "Data manager")
        case .managerPhone: BilingualText(zh: "数据管理员手机", en: "Data manager's mobile")
        case .managerMail: BilingualText(zh: "数据管理员邮箱", en: "Data manager's mail")
        case .department: BilingualText(zh: "所在科室", en: "Department")
        }
    }
}
