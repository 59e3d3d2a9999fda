public import ShangMi
public import SurveillanceKit

/// The name of a submission: 26 characters that sort by the time they were made, and that nobody can guess.
///
/// The first 10 characters are the milliseconds since 1970, the other 16 are 80 random bits, in Crockford's base 32.
/// Source: github.com/ulid/spec.
public struct SubmissionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let description: String

    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    public init(at instant: Instant, random: RandomSource) {
        var characters: [UInt8] = []
        characters.reserveCapacity(26)
        for place in stride(from: 45, through: 0, by: -5) {
            characters.append(Self.digits[Int((instant.milliseconds >> Int64(place)) & 31)])
        }
        // A byte has 8 bits to spend on 5: the other 3 are left out, so that every character is equally likely.
        for byte in random.bytes(16) { characters.append(Self.digits[Int(byte & 31)]) }
        description = String(decoding: characters, as: UTF8.self)
    }

    /// The id that a text is, or nil: files are named by ids, so nothing else may become one.
    public init?(_ text: String) {
        guard text.utf8.count == 26, text.utf8.allSatisfy(Self.digits.contains) else { return nil }
        description = text
    }

    /// When it was made: for an upload when its head had been read.
    public var madeAt: Instant {
        let digits = description.utf8.prefix(10).map { Int64(Self.digits.firstIndex(of: $0) ?? 0) }
        return Instant(milliseconds: digits.reduce(0) { $0 << 5 | $1 })
    }

    public static func < (left: SubmissionID, right: SubmissionID) -> Bool { left.description < right.description }
}

extension SubmissionID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = SubmissionID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not the id of a submission")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
