/// The ICD-10 codes that only one sex can have.
///
/// Source: the sex checks of the discharge front page (住院病案首页, hqms).
struct SexSpecificDiagnoses: Sendable {
    static let male = SexSpecificDiagnoses([
        "B26.0", "C60-C63", "D07.4-D07.6", "D17.6", "D29", "D40", "E29", "E89.5", "F52.4", "I86.1", "L29.1", "N40-N51",
        "Q53-Q55", "R86", "S31.2-S31.3", "Z12.5",
    ])
    static let female = SexSpecificDiagnoses([
        "A34", "B37.3", "C51-C58", "C79.6", "D06", "D07.0-D07.3", "D25-D28", "D39", "E28", "E89.4", "F52.5", "F53",
        "I86.3", "N70-N98", "N99.2-N99.3", "O00-O99", "Q50-Q52", "R87", "S31.4", "S37.4-S37.6", "Z32-Z36", "Z39",
    ])

    /// For each subcategory, as letter × 1000 + the three digits after it counted from A00.0, whether the list has it: B26.0 is 1_260.
    private let subcategories: [Bool]

    /// - Parameter table: codes and ranges of codes; a category without a subcategory stands for all of its own.
    init(_ table: [String]) {
        var subcategories = [Bool](repeating: false, count: 26 * 1000)
        for entry in table {
            let ends = entry.split(separator: "-").map { Self.subcategories(of: $0.utf8.span) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil else { continue }
            for subcategory in first.lowerBound...last.upperBound { subcategories[subcategory] = true }
        }
        self.subcategories = subcategories
    }

    /// Whether a code is in the list. A category alone (D07) is in it only with all its subcategories; what is no code is not in it.
    func contains(_ code: Span<UInt8>) -> Bool {
        guard let named = Self.subcategories(of: code) else { return false }
        return named.allSatisfy { subcategories[$0] }
    }

    /// The subcategories a code stands for: one for B26.0, B260 and B26.000, ten for B26 and for B26.x00.
    private static func subcategories(of code: Span<UInt8>) -> ClosedRange<Int>? {
        guard code.count >= 3, let tens = digit(code[1]), let ones = digit(code[2]) else { return nil }
        let letter = Int(code[0] & 0xDF)  // upper case
        guard (65...90).contains(letter) else { return nil }
        let category = (letter - 65) * 1000 + tens * 100 + ones * 10
        let fourth = code.count > 3 && code[3] == UInt8(ascii: ".") ? 4 : 3
        guard code.count > fourth, let subcategory = digit(code[fourth]) else { return category...(category + 9) }
        return (category + subcategory)...(category + subcategory)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (48...57).contains(byte) ? Int(byte) - 48 : nil
    }
}
