import SurveillanceKit

/// The form in which names are compared for likeness: what is written, and how it is read.
///
/// A name that was typed by ear has other characters and the same sounds.
struct NameForm: Hashable, Sendable {
    /// Letters, digits and Chinese characters in upper case; brackets, blanks and signs are left out.
    let text: [UInt32]
    /// Each Chinese character of `text` as its syllable, the others as they are.
    let sounds: [UInt32]

    init(_ name: String) {
        var text: [UInt32] = []
        for scalar in String(decoding: CodeText.plain(name.utf8), as: UTF8.self).unicodeScalars
        where scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
            text.append(scalar.value)
        }
        self.text = text
        sounds = text.map { Pinyin.syllables[$0] ?? $0 }
    }

    /// How alike two names are, from 0 to 1: the larger of what is written alike, and a little less than what is read alike.
    func likeness(to other: NameForm) -> Double {
        if text.isEmpty || other.text.isEmpty { return 0 }
        if text == other.text { return 1 }
        return max(NameForm.share(text, other.text), NameForm.share(sounds, other.sounds) * 0.95)
    }

    /// The share of characters and of pairs of neighbours that two texts have in common (Dice), pairs counting as much as characters.
    private static func share(_ one: [UInt32], _ other: [UInt32]) -> Double {
        let single = dice(one.map { UInt64($0) }, other.map { UInt64($0) })
        let pairs = one.count > 1 && other.count > 1 ? dice(grams(one), grams(other)) : single
        return single * 0.5 + pairs * 0.5
    }

    private static func dice(_ one: [UInt64], _ other: [UInt64]) -> Double {
        var counts: [UInt64: Int] = [:]
        for gram in one { counts[gram, default: 0] += 1 }
        var common = 0
        for gram in other where counts[gram, default: 0] > 0 {
            counts[gram, default: 0] -= 1
            common += 1
        }
        return Double(2 * common) / Double(one.count + other.count)
    }

    /// Pairs of neighbours.
    static func grams(_ text: [UInt32]) -> [UInt64] {
        zip(text, text.dropFirst()).map { UInt64($0) << 32 | UInt64($1) }
    }
}

/// How Chinese characters are read.
enum Pinyin {
    /// A character's syllable as a number beyond all characters.
    static let syllables: [UInt32: UInt32] = {
        var syllables: [UInt32: UInt32] = [:]
        for (number, line) in PinyinTable.text.split(separator: "\n").enumerated() {
            guard let characters = line.split(separator: " ").last else { continue }
            for scalar in characters.unicodeScalars { syllables[scalar.value] = 0x11_0000 + UInt32(number) }
        }
        return syllables
    }()
}
