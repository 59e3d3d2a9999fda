import Glibc
import SurveillanceKit

/// A number of a cell as text: what it stands for, and no more digits than a spreadsheet keeps.
struct CellNumber {
    /// Days are counted from 1904 instead of 1900.
    var countsFrom1904 = false

    /// Spreadsheets keep so many digits of a number.
    private static let digits = 15

    /// Appends a number that is written as text, which must end with a zero byte: the text itself, where it holds all digits.
    ///
    /// A whole number of more digits stands as it is written where a library has written it whole; where zeros have taken the place of
    /// digits it becomes scientific, as a spreadsheet shows it, so that nobody takes it for a number that it is not.
    func append(_ written: UnsafeBufferPointer<UInt8>, _ format: CellFormat, to text: inout [UInt8]) {
        if format == .number, CellNumber.isPlain(written) {
            text.append(contentsOf: written)
            return
        }
        guard let start = written.baseAddress, !written.isEmpty else { return }
        var end: UnsafeMutablePointer<CChar>?
        let value = start.withMemoryRebound(to: CChar.self, capacity: written.count) { strtod($0, &end) }
        let isWhole = end.map { UnsafeRawPointer($0) == UnsafeRawPointer(start + written.count) } ?? false
        guard isWhole, value.isFinite else {
            // No number: shown as it stands, for the cell's check to tell.
            text.append(contentsOf: written)
            return
        }
        append(value, format, to: &text)
    }

    func append(_ value: Double, _ format: CellFormat, to text: inout [UInt8]) {
        switch format {
        case .number: break
        case .moment(let hasDay, let hasTime):
            if appendMoment(value, hasDay: hasDay, hasTime: hasTime, to: &text) { return }
        case .zeros(let count):
            guard value >= 0, value < 1e15, value == value.rounded() else { break }
            let digits = String(Int64(value))
            text.append(contentsOf: String(repeating: "0", count: max(0, count - digits.utf8.count)).utf8)
            text.append(contentsOf: digits.utf8)
            return
        }
        text.append(contentsOf: CellNumber.text(of: value).utf8)
    }

    /// Whether a number stands as it means: digits with at most one point among them, and not too many.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var digits = 0
        var trailingZeros = 0
        var hasPoint = false
        for (index, byte) in text.enumerated() {
            if byte &- 0x30 <= 9 {
                digits += 1
                trailingZeros = byte == 0x30 ? trailingZeros + 1 : 0
            } else if byte == UInt8(ascii: "."), !hasPoint, index > 0 {
                hasPoint = true
            } else if byte != UInt8(ascii: "-") || index > 0 {
                return false
            }
        }
        guard digits > CellNumber.digits else { return digits > 0 }
        return !hasPoint && trailingZeros < digits - CellNumber.digits
    }

    /// The shortest text with 15 digits; scientific beyond them.
    static func text(of value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        let shown = withVaList([value]) { arguments in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
                let count = Int(vsnprintf(buffer.baseAddress, 32, "%.14E", arguments))
                return String(decoding: buffer.prefix(min(count, 31)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
        }
        // -d.ddddddddddddddE+XX
        let isNegative = shown.hasPrefix("-")
        let parts = shown.drop { $0 == "-" }.split(separator: "E")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return shown }
        var digits = Array(parts[0].filter { $0 != "." })
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let sign = isNegative && digits != ["0"] ? "-" : ""
        if exponent >= CellNumber.digits || exponent < -9 {
            let mantissa = String(digits[0]) + (digits.count > 1 ? "." + String(digits[1...]) : "")
            let size = String(abs(exponent))
            return sign + mantissa + (exponent < 0 ? "E-" : "E+") + (size.count < 2 ? "0" + size : size)
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
        if digits.count <= exponent + 1 {
            return sign + String(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
        }
        return sign + String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
    }

    /// Appends a day and a time as `2026-11-08 10:30:00`; false where the number is no moment that a calendar has.
    ///
    /// Source: ECMA-376 part 1, 18.17.4: day 1 is 1900-01-01, and day 60 the 29th of February that 1900 did not have.
    private func appendMoment(_ value: Double, hasDay: Bool, hasTime: Bool, to text: inout [UInt8]) -> Bool {
        let lastDay = countsFrom1904 ? 2_957_003.0 : 2_958_465.0
        guard value >= 0, value < lastDay + 1 else { return false }
        var day = Int(value)
        var seconds = Int(((value - Double(day)) * 86_400).rounded())
        if seconds == 86_400 { (day, seconds) = (day + 1, 0) }
        let showsDay = hasDay || day > 0
        if showsDay {
            if countsFrom1904 { day += 1_462 }
            guard day > 0, day != 60 else { return false }
            // 1899-12-30 is 25,569 days before 1970.
            let date = CivilDate(daysSince1970: day - 25_569 + (day < 60 ? 1 : 0)).yearMonthDay
            CellNumber.append(date.year, 4, "-", &text)
            CellNumber.append(date.month, 2, "-", &text)
            CellNumber.append(date.day, 2, hasTime || seconds > 0 ? " " : "", &text)
        }
        if hasTime || seconds > 0 || !showsDay {
            CellNumber.append(seconds / 3600, 2, ":", &text)
            CellNumber.append(seconds / 60 % 60, 2, ":", &text)
            CellNumber.append(seconds % 60, 2, "", &text)
        }
        return true
    }

    private static func append(_ number: Int, _ width: Int, _ behind: String, _ text: inout [UInt8]) {
        let digits = String(number)
        for _ in 0..<max(0, width - digits.utf8.count) { text.append(0x30) }
        text.append(contentsOf: digits.utf8)
        text.append(contentsOf: behind.utf8)
    }
}
