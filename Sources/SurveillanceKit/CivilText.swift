/// Writes civil times as the standards do.
public enum CivilText {
    private static let secondsPerDay = 86_400

    /// `yyyy-MM-dd` or, with the time, `yyyy-MM-dd HH:mm:ss`.
    ///
    /// - Parameter seconds: since 1970-01-01 00:00:00, civil time counted as if it were UTC.
    public static func text(_ seconds: Int64, withTime: Bool) -> String {
        let days = (Int(seconds) >= 0 ? Int(seconds) : Int(seconds) - secondsPerDay + 1) / secondsPerDay
        let date = CivilDate(daysSince1970: days).yearMonthDay
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let year = String(repeating: "0", count: max(0, 4 - String(date.year).count)) + String(date.year)
        let day = "\(year)-\(two(date.month))-\(two(date.day))"
        guard withTime else { return day }
        let time = Int(seconds) - days * secondsPerDay
        return "\(day) \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
    }

    /// Appends the same, as ASCII, without a text in between.
    public static func append(_ seconds: Int64, withTime: Bool, to output: inout [UInt8]) {
        let days = (Int(seconds) >= 0 ? Int(seconds) : Int(seconds) - secondsPerDay + 1) / secondsPerDay
        let date = CivilDate(daysSince1970: days).yearMonthDay
        guard (0...9999).contains(date.year) else {
            output += text(seconds, withTime: withTime).utf8
            return
        }
        func two(_ value: Int) {
            output.append(0x30 &+ UInt8(truncatingIfNeeded: value / 10))
            output.append(0x30 &+ UInt8(truncatingIfNeeded: value % 10))
        }
        two(date.year / 100)
        two(date.year % 100)
        output.append(0x2D)
        two(date.month)
        output.append(0x2D)
        two(date.day)
        guard withTime else { return }
        let time = Int(seconds) - days * secondsPerDay
        output.append(0x20)
        two(time / 3600)
        output.append(0x3A)
        two(time / 60 % 60)
        output.append(0x3A)
        two(time % 60)
    }
}
