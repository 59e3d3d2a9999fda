import Foundation
public import SurveillanceKit

/// A zone of the IANA database, between civil time and instants.
///
/// A civil time that clocks skip is moved on by what they skip; one that they show twice is the later one, so that nobody has less time.
public struct CivilZone: Sendable {
    public let identifier: String
    private let zone: TimeZone
    /// Seconds east of UTC from 2000 to 2100, where they are the same all the time: as in China.
    private let fixedOffset: Int?

    private static let fixedRange = 946_684_800...4_102_444_800

    /// - Returns: nil where the database has no zone of this name.
    public init?(_ identifier: String) {
        guard CivilZone.isKnown(identifier), let zone = TimeZone(identifier: identifier) else { return nil }
        self.identifier = identifier
        self.zone = zone
        func offset(_ seconds: Int) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))) }
        // No zone changes its clocks for less than two weeks.
        let first = offset(CivilZone.fixedRange.lowerBound)
        let weeks = stride(from: CivilZone.fixedRange.lowerBound, to: CivilZone.fixedRange.upperBound, by: 14 * 86_400)
        fixedOffset = weeks.allSatisfy { offset($0) == first } ? first : nil
    }

    /// Whether the IANA database has a zone of exactly this name.
    ///
    /// Abbreviations are no names: CST is China's time to one reader and Chicago's to another.
    public static func isKnown(_ identifier: String) -> Bool {
        if identifier == "UTC" { return true }
        guard TimeZone.abbreviationDictionary[identifier] == nil else { return false }
        return TimeZone(identifier: identifier)?.identifier == identifier
    }

    /// Seconds east of UTC at an instant.
    public func offset(at instant: Instant) -> Int {
        let seconds = Int(instant.seconds)
        if let fixedOffset, CivilZone.fixedRange.contains(seconds) { return fixedOffset }
        return zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }

    /// The civil day on which an instant lies.
    public func day(at instant: Instant) -> CivilDate {
        let seconds = Int(instant.seconds) + offset(at: instant)
        return CivilDate(daysSince1970: (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400)
    }

    /// The instant that a day stands for where it is asked what was known: its end, and on the day itself now.
    public func end(of day: CivilDate, noLaterThan now: Instant) -> Instant {
        let end = instant(day.advanced(byDays: 1), .midnight).advanced(by: -1)
        return self.day(at: now) == day ? min(end, now) : end
    }

    /// The instant of a civil time of a day.
    public func instant(_ day: CivilDate, _ time: TimeOfDay) -> Instant {
        let local = Int64(day.daysSince1970) * 86_400_000 + Int64(time.milliseconds)
        func instant(offset: Int) -> Instant { Instant(milliseconds: local - Int64(offset) * 1000) }
        let before = offset(at: Instant(milliseconds: local - 86_400_000))
        let after = offset(at: Instant(milliseconds: local + 86_400_000))
        if before == after { return instant(offset: before) }
        let candidates = [before, after].filter { offset(at: instant(offset: $0)) == $0 }.map(instant)
        return candidates.max() ?? instant(offset: before)
    }

    /// `2020-08-25T17:00:00.000+08:00`
    public func text(_ instant: Instant) -> String { instant.text(secondsEastOfUTC: offset(at: instant)) }

    /// `2020-08-25 17:00:00.000 Asia/Shanghai`: for people, who are never shown a time without its zone.
    public func shown(_ instant: Instant) -> String {
        let text = self.text(instant)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(12)) \(identifier)"
    }
}
