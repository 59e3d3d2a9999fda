import Foundation

/// The zone in which a moment's parts are asked for: `t.getHours('Asia/Shanghai')`.
///
/// Source: google/cel-spec, doc/langdef.md, "Timezones".
enum Zone: Sendable {
    /// Seconds east of UTC.
    case fixed(Int)
    /// A zone of the IANA database, whose offset is another at other times.
    case named(TimeZone)

    /// `UTC`, `+08:00`, `-02:30`, `08:00`, `Asia/Kathmandu`; nil for what is none of these.
    ///
    /// Abbreviations are no names: CST is China's time to one reader and Chicago's to another.
    init?(_ text: String) {
        if let offset = TimeText.zoneOffset(text) {
            self = .fixed(offset)
            return
        }
        guard Zone.namesLikeAbbreviations.contains(text) || TimeZone.abbreviationDictionary[text] == nil,
            let zone = TimeZone(identifier: text), zone.identifier == text
        else { return nil }
        self = .named(zone)
    }

    /// Those of the IANA database's own names that read like abbreviations.
    private static let namesLikeAbbreviations: Set<String> = [
        "CET", "EET", "EST", "GMT", "HST", "MET", "MST", "UCT", "WET",
    ]

    /// Seconds east of UTC at a moment, given in seconds since 1970.
    func offset(at seconds: Int64) -> Int64 {
        switch self {
        case .fixed(let offset): Int64(offset)
        case .named(let zone): Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
        }
    }
}
