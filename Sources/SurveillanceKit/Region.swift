/// A part of China by its GB/T 2260 code: a province (2 digits), a prefecture (4) or a county (6).
///
/// A code whose last pairs are `00` names the larger division: `430000` and `4300` are Hunan, `43`.
public struct Region: Hashable, Sendable, CustomStringConvertible {
    /// The digits with which every code in this region begins.
    public let prefix: String

    /// - Returns: nil for a text that is not 2, 4 or 6 ASCII digits, or that begins with no province's code.
    public init?(_ text: String) {
        var digits = Array(text.utf8)
        guard [2, 4, 6].contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        while digits.count > 2, digits.suffix(2).elementsEqual("00".utf8) { digits.removeLast(2) }
        guard Self.provinces.contains(String(decoding: digits.prefix(2), as: UTF8.self)) else { return nil }
        prefix = String(decoding: digits, as: UTF8.self)
    }

    public func contains(_ code: String) -> Bool { code.hasPrefix(prefix) }

    public var description: String { prefix }

    /// Source: GB/T 2260; 66 is the Xinjiang Production and Construction Corps, which the health authorities count by itself.
    private static let provinces: Set = [
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
        "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "66", "71", "81", "82",
    ]
}
