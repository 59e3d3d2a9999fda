import SurveillanceKit

/// What a spreadsheet has made of a code.
enum CodeDamage {
    /// `1.00E+02`
    case scientific
    /// `2026-11-08`, `8月1日`
    case date
    /// `#REF!`
    case errorValue

    init?(_ code: String) {
        let bytes = Array(code.uppercased().utf8)
        if CodeDamage.isScientific(bytes) {
            self = .scientific
        } else if code.hasPrefix("#"),
            code.last == "!" || code.last == "?" || code == "#N/A" || code.allSatisfy({ $0 == "#" })
        {
            self = .errorValue
        } else if CodeDamage.isDate(code) {
            self = .date
        } else {
            return nil
        }
    }

    /// Digits, a point and an exponent with its sign: `E11.9` and `M80000/0` are codes.
    private static func isScientific(_ bytes: [UInt8]) -> Bool {
        guard let exponent = bytes.firstIndex(of: UInt8(ascii: "E")), exponent > 0, exponent + 2 < bytes.count,
            bytes[exponent + 1] == UInt8(ascii: "+") || bytes[exponent + 1] == UInt8(ascii: "-")
        else { return false }
        func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
        return bytes[..<exponent].allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } && isDigit(bytes[0])
            && bytes[(exponent + 2)...].allSatisfy(isDigit)
    }

    private static func isDate(_ code: String) -> Bool {
        if code.hasSuffix("日"), code.contains("月") { return true }
        let parts = code.split(whereSeparator: { $0 == "-" || $0 == "/" }).map { $0.prefix { $0 != " " } }
        return parts.count == 3 && parts[0].count == 4 && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
            && CivilDate(
                parts[0] + "-" + (parts[1].count < 2 ? "0" : "") + parts[1] + "-" + (parts[2].count < 2 ? "0" : "")
                    + parts[2]) != nil
    }

    func message(_ code: String) -> BilingualText {
        switch self {
        case .scientific:
            BilingualText(
                zh: "编码 \(code) 是科学计数法，已被表格软件改写；请把编码列设为“文本”后重新填写",
                en:
                    "code \(code) is in scientific notation: a spreadsheet has rewritten it; set the column to Text and fill it again"
            )
        case .date:
            BilingualText(
                zh: "编码 \(code) 变成了日期，已被表格软件改写；请把编码列设为“文本”后重新填写",
                en:
                    "code \(code) has become a date: a spreadsheet has rewritten it; set the column to Text and fill it again"
            )
        case .errorValue:
            BilingualText(
                zh: "编码 \(code) 是表格软件的错误值", en: "code \(code) is an error value of a spreadsheet")
        }
    }
}

/// How many digits stand before and behind the points of a table's codes, so that those that have lost zeros stand out.
///
/// `J10.1` for `J10.100` and `0.01` for `00.0100`: a spreadsheet takes zeros off what it holds for a number.
struct CodeShapes {
    private struct Shape: Hashable {
        var before: Int
        var behind: Int
    }

    private var counts: [Shape: Int] = [:]
    private var examples: [Shape: (row: Int, code: String)] = [:]
    private var total = 0

    mutating func count(_ code: String, row: Int) {
        let bytes = Array(code.utf8)
        guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return }
        // What follows the digits is an extension of the hospital's or the nation's: `J10.100x005`.
        let behind = bytes[(point + 1)...].prefix { $0 &- 0x30 <= 9 }.count
        guard behind > 0 else { return }
        let shape = Shape(before: point, behind: behind)
        counts[shape, default: 0] += 1
        total += 1
        if examples[shape] == nil { examples[shape] = (row, code) }
    }

    /// Said where nearly all codes have one shape and a few have fewer digits.
    var warning: BilingualText? {
        guard total >= 20, let usual = counts.max(by: { $0.value < $1.value }), usual.value * 20 >= total * 19 else {
            return nil
        }
        let shorter = counts.filter {
            $0.key != usual.key && $0.key.before <= usual.key.before && $0.key.behind <= usual.key.behind
        }
        let count = shorter.values.reduce(0, +)
        guard count > 0, let first = shorter.keys.compactMap({ examples[$0] }).min(by: { $0.row < $1.row }) else {
            return nil
        }
        return BilingualText(
            zh: "有 \(count) 个编码的位数比其他编码少，可能被表格软件去掉了零（如第 \(first.row) 行的 \(first.code.prefix(40))）；请核对，编码列应设为“文本”。",
            en:
                "\(count.counted("code")) with fewer digits than the others may have lost zeros to a spreadsheet (row \(first.row): \(first.code.prefix(40))); look at them, and set the column to Text."
        )
    }
}
