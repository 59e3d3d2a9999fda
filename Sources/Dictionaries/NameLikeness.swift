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
