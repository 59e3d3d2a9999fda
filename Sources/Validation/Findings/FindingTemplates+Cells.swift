import SurveillanceKit

extension FindingTemplates {
    /// What a fault of a cell says: the message names the field, `expected` what belongs there.
    static func cell(
        _ fault: CellFault, _ field: Field, _ index: Int, _ fileType: FileType, isKey: Bool
    ) -> FindingTemplate {
        let zh = field.title.zh
        let en = field.title.en
        let constraints = field.constraints
        func template(_ code: FindingCode, _ expected: BilingualText?, _ zh: String, _ en: String) -> FindingTemplate {
            FindingTemplate(
                severity: fault.severity(in: field, isKey: isKey), code: code, field: index, expected: expected,
                message: BilingualText(zh: zh, en: en), showsValue: fault.showsValue,
                isPlainValue: fault == .missingWord)
        }
        let expected = ExpectedText.describe(field, unit: fileType.lengthUnit)
        switch fault {
        case .required:
            // What a warning says is no order: the row is accepted as it is.
            return fault.severity(in: field, isKey: isKey) == .error
                ? template(.constraintError, expected, "“\(zh)”必须填写", "'\(en)' must be filled")
                : template(.constraintError, expected, "“\(zh)”没有填写", "'\(en)' is empty")
        case .type:
            let kind = ExpectedText.kind(of: field.type)
            return template(.typeError, expected, "“\(zh)”不是有效的\(kind.zh)", "'\(en)' is not \(kind.en)")
        case .minimumLength:
            return template(
                .constraintError, expected,
                "“\(zh)”少于 \(constraints.minimumLength ?? 0) 个字符",
                "'\(en)' is shorter than \((constraints.minimumLength ?? 0).counted("character"))")
        case .maximumLength:
            let limit = constraints.maximumLength ?? 0
            let unit = ExpectedText.unit(fileType.lengthUnit, of: limit)
            return template(
                .constraintError, expected, "“\(zh)”超过 \(limit) \(unit.zh)",
                "'\(en)' is longer than \(limit) \(unit.en)")
        case .minimum:
            let limit = ExpectedText.number(constraints.minimum ?? 0)
            return template(
                .constraintError, expected, "“\(zh)”小于 \(limit)", "'\(en)' is below \(limit)")
        case .maximum:
            let limit = ExpectedText.number(constraints.maximum ?? 0)
            return template(
                .constraintError, expected, "“\(zh)”大于 \(limit)", "'\(en)' is above \(limit)")
        case .decimals:
            let limit = constraints.maximumDecimals ?? 0
            return template(
                .constraintError, expected, "“\(zh)”的小数超过 \(limit) 位",
                "'\(en)' has more than \(limit.counted("decimal"))")
        case .integerDigits:
            let limit = constraints.maximumIntegerDigits ?? 0
            return template(
                .constraintError, expected, "“\(zh)”的整数部分超过 \(limit) 位",
                "'\(en)' has more than \(limit.counted("digit")) before the point")
        case .pattern:
            return template(
                .constraintError, expected, "“\(zh)”的格式不对", "'\(en)' has the wrong form")
        case .enumeration:
            return template(
                .constraintError, expected, "“\(zh)”不是允许的值", "'\(en)' is not one of the values allowed")
        case .codeList:
            let list = field.codeList?.id ?? ""
            return template(
                .constraintError, expected,
                "“\(zh)”不在代码表 \(list) 中", "'\(en)' is not a code of \(list)")
        case .institution:
            return template(
                .constraintError,
                BilingualText(zh: "上报机构自己的代码，全文件一致", en: "the reporting institution's own code, in every row"),
                "“\(zh)”不是上报机构的代码", "'\(en)' is not the reporting institution's code")
        case .institutionName:
            return template(
                .constraintError,
                BilingualText(zh: "同一机构名称，全文件一致", en: "one name of the institution, in every row"),
                "“\(zh)”与其他行不一致", "'\(en)' is not what other rows say")
        case .encoding:
            return template(
                .encodingError,
                BilingualText(zh: "UTF-8 或 GB18030（GBK）文本", en: "text in UTF-8 or GB18030 (GBK)"),
                "“\(zh)”中有无法识别的字符，请检查导出时的字符编码", "'\(en)' has bytes that are no text; check the export's charset")
        case .zeroByte:
            return template(
                .sourceError,
                BilingualText(zh: "不含零字节的文本", en: "text without zero bytes"),
                "“\(zh)”中有零字节（0x00），请在导出程序中去掉", "'\(en)' holds a zero byte; take it out in the export")
        case .missingCell:
            return template(
                .missingCell,
                BilingualText(zh: "与表头列数相同", en: "as many cells as the header has columns"),
                "该行比表头少单元格，从“\(zh)”起缺失。若内容中有换行，请给单元格加上英文双引号",
                "the row ends before '\(en)'; a cell with a line break in it needs quotes round it")
        case .lostText:
            return template(
                .encodingError,
                BilingualText(zh: "导出时字符没有丢失的文本", en: "text whose characters the export has kept"),
                "“\(zh)”的字符在上报之前已丢失（如 ????、锟斤拷），共 {} 行，从该行起。行已照常接收，请检查导出程序的字符编码",
                "characters of '\(en)' were lost before the file was sent ('????', '锟斤拷'), in {} {row|rows} from here on; the {row is taken as it is|rows are taken as they are}, but check the export's charset"
            )
        case .malformedQuotes:
            return template(
                .sourceError, pairedQuotes,
                "“\(zh)”的英文双引号没有成对，该行无法读取", "the quotes of '\(en)' do not close; the row cannot be read")
        case .missingWord, .digitsLost:
            let message = fault == .missingWord ? missingWord(field) : digitsLost(field)
            return template(
                fault == .missingWord ? .constraintError : .rewrittenCell, expected, message.zh, message.en)
        case .secondsMissing, .timeMissing, .otherZone, .placeholderDate, .unlikelyDate, .future:
            let message = time(fault, field, isKey: isKey)
            return template(
                [.secondsMissing, .timeMissing, .otherZone].contains(fault) ? .typeError : .constraintError, expected,
                message.zh, message.en)
        }
    }

    private static func missingWord(_ field: Field) -> BilingualText {
        let (zh, en) = (field.title.zh, field.title.en)
        let allowsDash = field.placeholders.contains("-")
        return BilingualText(
            zh: "“\(zh)”填的是程序表示空值的文字，等于没有填写。请填写实际内容" + (allowsDash ? "，不详时填“-”" : ""),
            en: "'\(en)' holds a word that programs write for nothing: the value is missing. Write the real one"
                + (allowsDash ? ", or '-' where it is not known" : ""))
    }

    private static func digitsLost(_ field: Field) -> BilingualText {
        BilingualText(
            zh: "“\(field.title.zh)”变成了科学计数法（如 6.22E+18）或超过 15 位的小数，表格软件已替换其中的数字，无法还原。"
                + "请从原系统重新导出，不要用表格软件打开后另存",
            en:
                "'\(field.title.en)' is in scientific notation (such as 6.22E+18) or a decimal of more than 15 digits: the "
                + "spreadsheet has replaced digits, and they cannot be brought back. Export it again and do not save it from a spreadsheet"
        )
    }

    private static func time(_ fault: CellFault, _ field: Field, isKey: Bool) -> BilingualText {
        let (zh, en) = (field.title.zh, field.title.en)
        switch fault {
        case .secondsMissing:
            return BilingualText(
                zh: "“\(zh)”没有秒：文件被表格软件另存过。它是记录标识的一部分，必须精确到秒，请上报系统导出的原文件",
                en:
                    "the seconds of '\(en)' are missing; the file was saved by a spreadsheet. It is part of the key and needs "
                    + "them: send the file as the system exported it")
        case .timeMissing:
            return BilingualText(zh: "“\(zh)”只有日期，没有时间，须写到时分秒", en: "'\(en)' is a day without its time of day")
        case .otherZone:
            return BilingualText(
                zh: "“\(zh)”带有其他时区（如 Z 或 +00:00），请改为本地时间，不带时区",
                en: "'\(en)' is of another time zone (such as Z or +00:00); write local time without a zone")
        case .future:
            return BilingualText(
                zh: "“\(zh)”晚于上报当天，日期在未来，请核对年月日", en: "'\(en)' lies in the future, after the day of receipt")
        case .unlikelyDate:
            return BilingualText(
                zh: "“\(zh)”是系统常用的占位日期，请核实；不详时按要求留空",
                en: "'\(en)' is a day that systems write for nothing; look at it again")
        default:
            let isNeeded = field.constraints.isRequired || isKey
            return BilingualText(
                zh: "“\(zh)”是系统在没有日期时写的占位日期，不是真实日期，"
                    + (isNeeded ? "等于没有填写，请填写真实日期" : "没有时请留空"),
                en: "'\(en)' is a placeholder that systems write where there is no date; "
                    + (isNeeded ? "the value is missing: write the real date" : "leave it empty where there is none"))
        }
    }
}

extension CellFault {
    /// What the field's schema says the fault costs.
    func severity(in field: Field, isKey: Bool) -> Severity {
        switch self {
        case .required: constraint(.required, in: field)
        case .missingWord: isKey ? .error : constraint(.required, in: field)
        case .placeholderDate:
            if isKey {
                .error
            } else if field.constraints.isRequired {
                constraint(.required, in: field)
            } else {
                field.placeholderDates == .error ? .error : .warning
            }
        case .unlikelyDate: .warning
        case .future: field.future == .warning ? .warning : .error
        case .minimumLength: constraint(.minLength, in: field)
        case .maximumLength: constraint(.maxLength, in: field)
        case .minimum: constraint(.minimum, in: field)
        case .maximum: constraint(.maximum, in: field)
        case .decimals, .integerDigits: constraint(.decimals, in: field)
        case .pattern: constraint(.pattern, in: field)
        case .enumeration: constraint(.enum, in: field)
        case .codeList:
            field.warnings.contains(.codeList) ? .warning : max(Severity.warning, field.codeList?.severity ?? .error)
        case .institutionName, .lostText: .warning
        case .type, .institution, .encoding, .zeroByte, .missingCell, .malformedQuotes, .digitsLost, .secondsMissing,
            .timeMissing, .otherZone:
            .error
        }
    }

    private func constraint(_ name: ConstraintName, in field: Field) -> Severity {
        field.warnings.contains(name) ? .warning : .error
    }

    /// Whether the cell says something to who reads the finding.
    var showsValue: Bool {
        switch self {
        case .required, .encoding, .zeroByte, .missingCell, .malformedQuotes, .lostText: false
        // What is missing says it all; the values of a column would be as many causes.
        case .secondsMissing, .timeMissing: false
        default: true
        }
    }
}
