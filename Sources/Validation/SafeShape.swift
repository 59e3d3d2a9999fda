/// Tells values that cannot be a person's by their shape, and numbers that may be.
enum SafeShape {
    /// As few digits as a local telephone number has.
    static let shortestNumber = 7

    /// A day or moment, an amount with or without a unit, or several of them: `2026-11-06至2026-11-08`, `4.00-10.00`, `65岁3月`.
    static func holds(_ plain: VisibleText, isMomentField: Bool) -> Bool {
        let text = plain.scalars[...]
        guard !text.isEmpty, text.count <= 64 else { return text.isEmpty }
        if isMoment(text, isMomentField: isMomentField) || isAmount(text) { return true }
        let parts = text.split(omittingEmptySubsequences: false) { "至~～;；".unicodeScalars.contains($0) }
        if parts.count > 1, parts.count <= 4,
            parts.allSatisfy({ isMoment(trimmed($0), isMomentField: false) || isAmount(trimmed($0)) })
        {
            return true
        }
        // A range of decimals, or of few digits; whole numbers in groups may be a telephone's.
        let ends = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" || $0 == "×" }
        let isFew = text.count(where: VisibleText.isDigit) < shortestNumber
        return (2...3).contains(ends.count) && ends.allSatisfy { isAmount($0) && (isFew || $0.contains(".")) }
    }

    private static func trimmed(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }

    // MARK: Moments

    /// Words and marks between the parts of a moment.
    private static let momentMarks = Set("-/.:年月日号时点分秒上下午TZ+ ".unicodeScalars)
    private static let dayMarks = Set("-/.年".unicodeScalars)
    private static let timeMarks = Set(":时点T".unicodeScalars)

    /// `2026-11-6`, `6/11/2026 8:01`, `2026年13月40日`, `20260305`, `2026-11-06T08:01:02.0Z`: also one that no calendar has.
    ///
    /// Twelve and fourteen digits in one are taken for a moment in a moment's own field alone: record numbers begin with a day, too.
    private static func isMoment(_ text: ArraySlice<Unicode.Scalar>, isMomentField: Bool) -> Bool {
        var text = text
        for half in ["AM", "PM", "am", "pm"] where text.reversed().starts(with: half.unicodeScalars.reversed()) {
            text = trimmed(text.dropLast(2))
        }
        guard text.count <= 40, text.allSatisfy({ VisibleText.isDigit($0) || momentMarks.contains($0) }),
            text.first.map(VisibleText.isDigit) == true
        else { return false }
        let groups = text.split { !VisibleText.isDigit($0) }
        guard let first = groups.first else { return false }
        let marks = text.split { VisibleText.isDigit($0) }
        guard marks.allSatisfy({ $0.count <= 3 }) else { return false }
        if first.count == 12 || first.count == 14 {
            return isMomentField && groups.count == 1 && isDay(first.prefix(8))
        }
        if first.count == 8 { return isDay(first) && isTime(groups.dropFirst()) }
        guard groups.count >= 3 else {
            // `2026年11月`
            return groups.count == 2 && isYear(first) && groups[1].count <= 2
        }
        // A blank parts a day's numbers as it does a telephone's.
        guard marks[0].contains(where: dayMarks.contains) else { return false }
        if groups.count > 4, !marks.dropFirst(2).contains(where: { $0.contains(where: timeMarks.contains) }) {
            return false
        }
        let isYearFirst = isYear(first) && groups[1].count <= 2 && groups[2].count <= 2
        let isYearLast = first.count <= 2 && groups[1].count <= 2 && (isYear(groups[2]) || groups[2].count <= 2)
        return (isYearFirst || isYearLast) && isTime(groups.dropFirst(3))
    }

    /// Hours, minutes, seconds, a fraction of up to seven digits, and a zone.
    private static func isTime(_ groups: ArraySlice<ArraySlice<Unicode.Scalar>>) -> Bool {
        guard groups.count <= 6 else { return false }
        return groups.enumerated().allSatisfy { place, group in
            group.count <= 2 || (place == 3 && group.count <= 7)
        }
    }

    private static func isYear(_ group: ArraySlice<Unicode.Scalar>) -> Bool {
        guard group.count == 4, let year = number(group) else { return false }
        return (1700...2300).contains(year) || year <= 1 || year == 9999
    }

    private static func isDay(_ group: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let year = number(group.prefix(4)), let month = number(group.dropFirst(4).prefix(2)),
            let day = number(group.dropFirst(6))
        else { return false }
        return (1850...2150).contains(year) && (1...12).contains(month) && (1...31).contains(day)
    }

    private static func number(_ digits: ArraySlice<Unicode.Scalar>) -> Int? {
        digits.isEmpty || digits.count > 9
            ? nil : digits.reduce(0) { $0 * 10 + Int($1.value - 0x30) }
    }

    // MARK: Amounts

    /// What people write behind a number.
    static let units: [String] = [
        "岁", "周岁", "个月", "月龄", "月", "天", "日", "周", "年", "小时", "时", "分钟", "分", "秒", "元", "万元", "人民币", "次", "片", "粒",
        "支", "盒", "瓶", "袋", "包", "级", "度", "摄氏度", "℃", "°C", "℉", "%", "‰", "克", "千克", "公斤", "毫克", "毫升", "升", "厘米", "米",
        "毫米汞柱", "次/分", "mmHg", "mmol/L", "kg", "mg", "μg", "ug", "g", "ml", "mL", "L", "cm", "mm", "U", "IU",
    ].sorted { $0.unicodeScalars.count > $1.unicodeScalars.count }
    private static let unitScalars = units.map { Array($0.unicodeScalars) }

    /// Up to three numbers, each with its unit where there are several: `39.2℃`, `￥12.50`, `1,234.50元`, `65岁3月`, `71.060000000000002`.
    private static func isAmount(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        var rest = text
        if let first = rest.first, "+-<>≤≥约¥$".unicodeScalars.contains(first) { rest = trimmed(rest.dropFirst()) }
        for _ in 0..<3 {
            let number = rest.prefix { VisibleText.isDigit($0) || $0 == "." || $0 == "," }
            guard isFewDigits(number) else { return false }
            rest = trimmed(rest.dropFirst(number.count))
            if rest.isEmpty { return true }
            guard let unit = unitScalars.first(where: { rest.starts(with: $0) }) else { return false }
            rest = trimmed(rest.dropFirst(unit.count))
            if rest.isEmpty { return true }
        }
        return false
    }

    /// Up to six digits before the point; up to eight where decimals say that it is a cost: `62345678.0` may be a telephone number that a
    /// tool took for a number.
    private static func isFewDigits(_ number: ArraySlice<Unicode.Scalar>) -> Bool {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !number.isEmpty else { return false }
        let groups = parts[0].split(separator: ",", omittingEmptySubsequences: false)
        guard
            groups.count == 1 || ((1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 })
        else { return false }
        let whole = groups.reduce(0) { $0 + $1.count }
        guard parts.count == 2 else { return (1..<shortestNumber).contains(whole) }
        let decimals = parts[1]
        guard decimals.allSatisfy(VisibleText.isDigit) else { return false }
        return whole < shortestNumber ? decimals.count <= 20 : whole <= 8 && (2...4).contains(decimals.count)
    }

    // MARK: Institutions

    /// 22 characters of letters and digits as the ministry gives them, or nearly so; or a unified social credit code whose check
    /// character fits. No personal number has either form.
    /// Source: WS 218-2002, 4; GB 32100-2015, 4.
    static func isInstitutionCode(_ plain: VisibleText) -> Bool {
        let code = plain.scalars
        guard code.allSatisfy({ VisibleText.isDigit($0) || ("A"..."Z").contains($0) }) else { return false }
        return (20...24).contains(code.count) ? !isRepeatedNumber(code) : isCreditCode(code)
    }

    /// Two telephone numbers in one.
    private static func isRepeatedNumber(_ code: [Unicode.Scalar]) -> Bool {
        code.count == 22 && code.allSatisfy(VisibleText.isDigit) && code[0] == "1" && code[11] == "1"
    }

    private static func isCreditCode(_ code: [Unicode.Scalar]) -> Bool {
        let characters = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".unicodeScalars)
        guard code.count == 18 else { return false }
        var (sum, weight) = (0, 1)
        for scalar in code.dropLast() {
            guard let value = characters.firstIndex(of: scalar) else { return false }
            sum += value * weight
            weight = weight * 3 % 31
        }
        let isResident = code.dropLast().allSatisfy(VisibleText.isDigit)
        return !isResident && characters[(31 - sum % 31) % 31] == code[17]
    }

    // MARK: Personal numbers

    /// Seven digits or more that may be one number: a telephone, ID, card or record number, with blanks, hyphens, dots or brackets in it.
    static func holdsPersonalNumber(_ plain: VisibleText) -> Bool {
        var digits: [Unicode.Scalar] = []
        var group = 0
        var gap: [Unicode.Scalar] = []
        func isPersonal() -> Bool {
            digits.count >= shortestNumber && digits.contains { $0 != digits[0] }
                && digits.dropFirst().contains { $0 != "0" }
        }
        for (place, scalar) in plain.scalars.enumerated() {
            if VisibleText.isDigit(scalar) {
                if !gap.isEmpty {
                    let next = plain.scalars[place...].prefix(while: VisibleText.isDigit).count
                    let isList = gap.contains { ",;:，；：、".unicodeScalars.contains($0) }
                    if isList && (group < 3 || next < 3) {
                        if isPersonal() { return true }
                        digits.removeAll()
                    }
                    group = 0
                    gap.removeAll()
                }
                digits.append(scalar)
                group += 1
            } else if !digits.isEmpty, gap.count < 3, !scalar.properties.isAlphabetic {
                gap.append(scalar)
            } else {
                if isPersonal() { return true }
                digits.removeAll()
                gap.removeAll()
                group = 0
            }
        }
        return isPersonal()
    }
}
