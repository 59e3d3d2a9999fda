import SurveillanceKit

/// Finds the numbers by which a person can be reached or told apart, by their shape.
///
/// Groups of digits with blanks or hyphens between them count as one number where they are one together.
struct PersonalNumber {
    /// As few digits as a local telephone number has.
    static let shortestNumber = 7
    /// As many digits as a mobile number has.
    private static let groupedNumber = 11

    private let text: FoldedText.View
    private var groups: [Range<Int>] = []

    /// What a number is taken for.
    enum Suspicion {
        /// Every long number, as in what a doctor types.
        case anyLong
        /// What has the shape of a resident ID, telephone or bank card number, or stands behind a word such as `电话`; codes pass.
        case shape
    }

    init(_ text: FoldedText.View) { self.text = text }

    /// The end of the personal number that begins at the digit at `start`, and its beginning; or nil, and where to look next.
    mutating func find(at start: Int, _ suspicion: Suspicion) -> (number: Range<Int>?, next: Int) {
        let firstEnd = endOfDigits(start)
        if isDate(start) { return (nil, endOfDate(start)) }
        gather(start)
        // A number that is whole: also one behind a short other one, `38 13800001234`.
        for first in groups.indices where digits(groups.startIndex..<first) < Self.shortestNumber {
            for last in first..<groups.count {
                guard let end = endOfWhole(first...last) else { continue }
                let number = groups[first].lowerBound..<end
                if suspicion == .anyLong || isApart(number) { return (number, end) }
            }
        }
        let all = digits(groups.indices)
        let end = groups[groups.count - 1].upperBound
        if all >= Self.shortestNumber, isAnnounced(start) { return (start..<end, end) }
        switch suspicion {
        case .anyLong:
            // Measured values in a row, `12 13 14`, are no number.
            if all >= Self.groupedNumber, groups.contains(where: { $0.count >= 3 }) {
                let end = withCheck(end, all)
                return (start..<end, end)
            }
            if firstEnd - start >= Self.shortestNumber { return (start..<firstEnd, firstEnd) }
        case .shape:
            if (isCard(all) || isLandline(all)) && isApart(start..<end) { return (start..<end, end) }
        }
        return (nil, firstEnd)
    }

    /// The digits at `start` and those behind it that may belong to the same number.
    private mutating func gather(_ start: Int) {
        groups.removeAll(keepingCapacity: true)
        var index = start
        while true {
            let end = endOfDigits(index)
            groups.append(index..<end)
            var next = end
            while next < text.count, next - end < 2, isGap(next) { next += 1 }
            // `(010) 62345678`
            if groups.count == 1, text.bytes[index] == 0x30, next < text.count, text.bytes[next] == UInt8(ascii: ")") {
                next += 1
            }
            while next < text.count, next - end < 3, isGap(next) { next += 1 }
            guard next > end, next < text.count, isDigit(next), !isDate(next) else { return }
            index = next
        }
    }

    private func digits(_ range: Range<Int>) -> Int { groups[range].reduce(0) { $0 + $1.count } }

    /// Where some groups are a mobile number or a resident ID together, where it ends.
    private func endOfWhole(_ range: ClosedRange<Int>) -> Int? {
        let count = groups[range].reduce(0) { $0 + $1.count }
        let end = groups[range.upperBound].upperBound
        guard (11...18).contains(count) else { return nil }
        var number: [UInt8] = []
        for group in groups[range] { number += text.bytes[group].map { $0 - 0x30 } }
        func value(_ from: Int, _ length: Int) -> Int { number[from..<from + length].reduce(0) { $0 * 10 + Int($1) } }
        func isMobile(_ from: Int) -> Bool { number[from] == 1 && (3...9).contains(number[from + 1]) }
        func isDay(_ year: Int, _ at: Int) -> Bool {
            CivilDate(year: year, month: value(at, 2), day: value(at + 2, 2)) != nil
        }
        let isDivision = (11...83).contains(value(0, 2))
        switch count {
        case 11: return isMobile(0) ? end : nil
        case 13: return number[0] == 8 && number[1] == 6 && isMobile(2) ? end : nil
        case 15: return isDivision && isDay(1900 + value(6, 2), 8) ? end : nil
        case 17:
            // The check character, also behind a blank.
            var next = end
            if next < text.count, isGap(next) { next += 1 }
            guard next < text.count, text.bytes[next] == UInt8(ascii: "x"), isDivision,
                isBirth(value(6, 4), value(10, 2), value(12, 2))
            else { return nil }
            return next + 1
        case 18: return isDivision && isBirth(value(6, 4), value(10, 2), value(12, 2)) ? end : nil
        default: return nil
        }
    }

    private func isBirth(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        (1850...2100).contains(year) && CivilDate(year: year, month: month, day: day) != nil
    }

    /// The check character of a resident ID whose digits are not one's.
    private func withCheck(_ end: Int, _ digits: Int) -> Int {
        digits >= 17 && end < text.count && text.bytes[end] == UInt8(ascii: "x") ? end + 1 : end
    }

    /// Bank cards have 16 to 19 digits. Source: ISO/IEC 7812.
    private func isCard(_ digits: Int) -> Bool { (16...19).contains(digits) && groups.allSatisfy { $0.count >= 3 } }

    /// An area code, which begins with 0 and has three or four digits, and seven or eight.
    private func isLandline(_ digits: Int) -> Bool {
        text.bytes[groups[0].lowerBound] == 0x30 && (10...12).contains(digits)
            && (groups.count == 1 || (3...4).contains(groups[0].count))
    }

    /// No letter or digit beside it, as there is in a code.
    private func isApart(_ number: Range<Int>) -> Bool {
        func isWord(_ index: Int) -> Bool {
            index >= 0 && index < text.count && (isDigit(index) || text.bytes[index] &- 0x61 < 26)
        }
        return !isWord(number.lowerBound - 1) && !isWord(number.upperBound)
    }

    private static let announcing = ["电话", "手机", "联系", "微信", "身份证", "证件", "卡号", "tel", "phone", "mobile", "qq"].map {
        Array($0.utf8)
    }

    /// For each byte whether one of those words begins with it: most places are passed over at once.
    private static let beginnings: [Bool] = {
        var beginnings = [Bool](repeating: false, count: 256)
        for word in announcing { beginnings[Int(word[0])] = true }
        return beginnings
    }()

    /// Whether a word such as `电话` stands shortly before it.
    private func isAnnounced(_ start: Int) -> Bool {
        let beginnings = Self.beginnings
        for place in max(0, start - 16)..<start where beginnings[Int(text.bytes[place])] {
            let rest = text.bytes[place..<start]
            if Self.announcing.contains(where: { rest.starts(with: $0) }) { return true }
        }
        return false
    }

    /// `2026-11-03`, `2026/11/3`, and the like: no number, though it has eight digits.
    private func isDate(_ start: Int) -> Bool { endOfDate(start) > start }

    private func endOfDate(_ start: Int) -> Int {
        let yearEnd = endOfDigits(start)
        guard yearEnd - start == 4, text.bytes[start] == 0x31 || text.bytes[start] == 0x32, yearEnd < text.count else {
            return start
        }
        let mark = text.bytes[yearEnd]
        guard mark == FoldedText.gap || mark == UInt8(ascii: "/") || mark == UInt8(ascii: ".") else { return start }
        let monthEnd = endOfDigits(yearEnd + 1)
        guard (1...2).contains(monthEnd - yearEnd - 1), monthEnd < text.count, text.bytes[monthEnd] == mark else {
            return start
        }
        let dayEnd = endOfDigits(monthEnd + 1)
        guard (1...2).contains(dayEnd - monthEnd - 1) else { return start }
        func value(_ range: Range<Int>) -> Int { text.bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let day = CivilDate(
            year: value(start..<yearEnd), month: value(yearEnd + 1..<monthEnd), day: value(monthEnd + 1..<dayEnd))
        return day == nil ? start : dayEnd
    }

    private func endOfDigits(_ start: Int) -> Int {
        var end = start
        while end < text.count, isDigit(end) { end += 1 }
        return end
    }

    private func isDigit(_ index: Int) -> Bool { text.bytes[index] &- 0x30 <= 9 }
    private func isGap(_ index: Int) -> Bool { text.bytes[index] == FoldedText.gap }
}
