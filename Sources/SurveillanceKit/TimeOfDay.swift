/// A civil time of day, in milliseconds since midnight.
public struct TimeOfDay: Hashable, Comparable, Sendable {
    /// 0 to 86,399,999.
    public let milliseconds: Int

    static let millisecondsPerDay = 86_400_000

    /// The last millisecond of a day: what a bare date means as a deadline, and what `24:00` means.
    public static let endOfDay = TimeOfDay(unchecked: millisecondsPerDay - 1)
    public static let midnight = TimeOfDay(unchecked: 0)

    private init(unchecked milliseconds: Int) { self.milliseconds = milliseconds }

    /// `17:00`, `17:00:00` or `17:00:00.000`, with two digits each; `24:00` is the last millisecond of the day.
    ///
    /// Source of `24:00`: Chinese rules say "周一24:00前" of the end of that Monday.
    ///
    /// - Returns: nil for any other text, such as `25:00`, `24:01` or `5 pm`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) else {
            return nil
        }
        func number(_ text: Substring, digits: Int) -> Int? {
            guard text.utf8.count == digits, text.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
            return Int(text)
        }
        guard let hour = number(parts[0], digits: 2), let minute = number(parts[1], digits: 2) else { return nil }
        var second = 0
        var fraction = 0
        if parts.count == 3 {
            let pieces = parts[2].split(separator: ".", omittingEmptySubsequences: false)
            guard let whole = number(pieces[0], digits: 2) else { return nil }
            second = whole
            if pieces.count == 2 {
                guard let rest = number(pieces[1], digits: 3) else { return nil }
                fraction = rest
            } else if pieces.count != 1 {
                return nil
            }
        }
        if hour == 24, minute == 0, second == 0, fraction == 0 {
            self = .endOfDay
            return
        }
        guard hour < 24, minute < 60, second < 60 else { return nil }
        milliseconds = ((hour * 60 + minute) * 60 + second) * 1000 + fraction
    }

    public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool { left.milliseconds < right.milliseconds }
}

extension TimeOfDay: CustomStringConvertible {
    /// `17:00`, with seconds and milliseconds where there are any.
    public var description: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let seconds = milliseconds / 1000
        var text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2))"
        guard milliseconds % 60_000 != 0 else { return text }
        text += ":\(padded(seconds % 60, 2))"
        return milliseconds % 1000 == 0 ? text : text + ".\(padded(milliseconds % 1000, 3))"
    }
}
