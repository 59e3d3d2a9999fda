import SurveillanceKit

/// How many guesses a password withstands: the fewest by which its parts can be put together from what guessers try first.
///
/// Parts are words of the list, also with `0` for `o` and the like, names that a guesser knows, walks over the keyboard, sequences,
/// repetitions, years and dates; what is none of them counts by its characters.
/// Source: D. Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016.
struct PasswordStrength {
    enum Part: Hashable {
        case name, commonWord, walk, sequence, repetition, number
        /// Characters of no pattern.
        case plain
    }

    /// The binary logarithm of the guesses.
    let bits: Double
    /// The part that covers most of the password.
    let mainPart: Part

    /// - Parameter names: what the account, its owner and its institution are called.
    init(_ password: String, names: [String]) {
        let estimate = Estimate(Array(password.lowercased().unicodeScalars), names: names)
        (bits, mainPart) = estimate.cheapest()
    }
}

/// The cheapest way to put a password together, part after part.
private struct Estimate {
    typealias Part = PasswordStrength.Part

    let characters: [Unicode.Scalar]
    /// The same, with letters for the digits and marks that stand for them; two ways for `1`.
    private let spellings: [[Unicode.Scalar]]
    private let names: Set<[Unicode.Scalar]>
    private let longestName: Int
    private static let longestWord = 24
    /// Longer passwords are told by what they begin with.
    private static let maximumLength = 128

    init(_ characters: [Unicode.Scalar], names: [String]) {
        self.characters = Array(characters.prefix(Self.maximumLength))
        let l = Self.letters.merging(["1": "l", "!": "l"]) { $1 }
        spellings = [
            self.characters, self.characters.map { Self.letters[$0] ?? $0 }, self.characters.map { l[$0] ?? $0 },
        ]
        var known: Set<[Unicode.Scalar]> = []
        for name in names {
            let whole = Array(name.lowercased().unicodeScalars)
            let parts = whole.split { !$0.properties.isAlphabetic && !("0"..."9").contains($0) }.map(Array.init)
            for part in [whole, Array(parts.joined())] + parts where part.count >= 2 {
                known.insert(part)
                known.insert(part.reversed())
            }
            // Of a name in Chinese characters a part says as much.
            for part in parts where part.allSatisfy({ $0.properties.isIdeographic }) {
                for start in part.indices {
                    for end in part.indices.dropFirst(start + 2) { known.insert(Array(part[start..<end])) }
                }
            }
        }
        self.names = known.filter { $0.count >= 3 || $0.allSatisfy(\.properties.isIdeographic) }
        longestName = self.names.map(\.count).max() ?? 0
    }

    func cheapest() -> (Double, Part) {
        let count = characters.count
        var best = [Double](repeating: .infinity, count: count + 1)
        var cover = [[Part: Int]](repeating: [:], count: count + 1)
        best[0] = 0
        for end in stride(from: 1, through: count, by: 1) {
            for start in 0..<end {
                guard let (part, cost) = match(start, end), best[start] + cost < best[end] else { continue }
                best[end] = best[start] + cost
                cover[end] = cover[start]
                cover[end][part, default: 0] += end - start
            }
        }
        let main = cover[count].filter { $0.key != .plain }.max { ($0.value, "\($1.key)") < ($1.value, "\($0.key)") }
        return (best[count], main?.key ?? .plain)
    }

    /// What the characters from `start` to `end` are, and its bits. A part costs half a bit for being one.
    private func match(_ start: Int, _ end: Int) -> (Part, Double)? {
        let length = end - start
        var found: (part: Part, bits: Double)? = length == 1 ? (.plain, plainBits(characters[start])) : nil
        func offer(_ part: Part, _ bits: Double?) {
            if let bits, bits < found?.bits ?? .infinity { found = (part, bits) }
        }
        if length <= longestName, spellings.contains(where: { names.contains(Array($0[start..<end])) }) {
            offer(.name, 2)
        }
        if length >= 3, length <= Self.longestWord { offer(.commonWord, wordBits(start, end)) }
        let part = characters[start..<end]
        if length >= 3 {
            offer(.sequence, sequenceBits(part))
            offer(.walk, length >= 4 ? walkBits(part) : nil)
            offer(.number, numberBits(part))
        }
        if length >= 2 { offer(.repetition, repetitionBits(start, end)) }
        return found.map { ($0.part, $0.bits + 0.5) }
    }

    private func plainBits(_ character: Unicode.Scalar) -> Double {
        switch character {
        case "0"..."9": 3.3
        case "a"..."z": 4.7
        default: character.isASCII ? 5 : 10
        }
    }

    private func wordBits(_ start: Int, _ end: Int) -> Double? {
        var best: Double?
        for (index, spelling) in spellings.enumerated() {
            let word = spelling[start..<end]
            guard word.allSatisfy(\.isASCII) else { continue }
            let bytes = word.map { UInt8(truncatingIfNeeded: $0.value) }
            for (rank, extra) in [(CommonPasswords.ranks[bytes], 0.0), (CommonPasswords.ranks[bytes.reversed()], 1)] {
                guard let rank else { continue }
                let bits = logarithm(rank) + extra + (index > 0 ? 1 : 0)
                if bits < best ?? .infinity { best = bits }
            }
        }
        return best
    }

    /// `abcd`, `4321`, `2468`: the same step from each character to the next.
    private func sequenceBits(_ part: ArraySlice<Unicode.Scalar>) -> Double? {
        let values = part.map { Int($0.value) }
        guard part.allSatisfy({ ("a"..."z").contains($0) || ("0"..."9").contains($0) }) else { return nil }
        let isDigits = part.allSatisfy { ("0"..."9").contains($0) }
        let step = values[1] - values[0]
        guard step != 0, abs(step) <= 2 else { return nil }
        for (one, next) in zip(values, values.dropFirst()) {
            // Behind 9 comes 0.
            let isNext = next - one == step || isDigits && (next - one - step) % 10 == 0
            if !isNext { return nil }
        }
        return 5 + logarithm(values.count) / 2
    }

    /// A walk from each key to one beside it.
    private func walkBits(_ part: ArraySlice<Unicode.Scalar>) -> Double? {
        var turns = 0
        var last: Keyboard.Step?
        for (one, next) in zip(part, part.dropFirst()) {
            guard let step = Keyboard.step(one, next) else { return nil }
            if step != last { turns += 1 }
            last = step
        }
        return 4 + Double(turns) * 1.5
    }

    /// Years, dates and telephone numbers.
    private func numberBits(_ part: ArraySlice<Unicode.Scalar>) -> Double? {
        guard part.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        let digits = part.map { Int($0.value) - 0x30 }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        func isDay(_ month: Int, _ day: Int) -> Bool { (1...12).contains(month) && (1...31).contains(day) }
        let years = 1900...2099
        switch digits.count {
        case 4 where years.contains(number(0..<4)): return 6
        case 4 where isDay(number(0..<2), number(2..<4)): return 8
        case 6 where years.contains(number(0..<4)) && (1...12).contains(number(4..<6)): return 10
        case 6 where isDay(number(2..<4), number(4..<6)): return 14
        case 8 where years.contains(number(0..<4)) && isDay(number(4..<6), number(6..<8)): return 14
        case 8 where years.contains(number(4..<8)) && isDay(number(2..<4), number(0..<2)): return 15
        case 11 where digits[0] == 1 && digits[1] >= 3: return 24
        default: return nil
        }
    }

    /// Characters that repeat those before them, one or several: `aaaa`, `abcabc`.
    private func repetitionBits(_ start: Int, _ end: Int) -> Double? {
        let length = end - start
        for period in 1...12 where start >= period {
            let repeats = (start..<end).allSatisfy { characters[$0] == characters[$0 - period] }
            // What has been said once costs little to say again, however often.
            if repeats, length >= max(2, min(period, 3)) { return 1 + logarithm(length) / 2 }
        }
        return nil
    }

    private static let letters: [Unicode.Scalar: Unicode.Scalar] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "!": "i",
        "|": "l", "+": "t",
    ]
}

private func logarithm(_ value: Int) -> Double {
    // Whole bits and the fraction between them, near enough for an estimate.
    let whole = Int.bitWidth - 1 - max(1, value).leadingZeroBitCount
    return Double(whole) + Double(value) / Double(1 << whole) - 1
}

/// The keys of a US keyboard and of its number pad.
private enum Keyboard {
    struct Step: Hashable {
        var right: Int
        var down: Int
    }

    private static let rows = ["`1234567890-=", "\0qwertyuiop[]\\", "\0asdfghjkl;'", "\0zxcvbnm,./"]
    private static let shifted = [
        "~!@#$%^&*()_+", "\0\0\0\0\0\0\0\0\0\0\0{}|", "\0\0\0\0\0\0\0\0\0\0:\"", "\0\0\0\0\0\0\0\0<>?",
    ]
    private static let pad = ["789", "456", "123", "0"]

    private static let keys = places(rows).merging(places(shifted)) { first, _ in first }
    private static let padKeys = places(pad)

    private static func places(_ rows: [String]) -> [Unicode.Scalar: Step] {
        var places: [Unicode.Scalar: Step] = [:]
        for (down, row) in rows.enumerated() {
            for (right, key) in row.unicodeScalars.enumerated() where key != "\0" {
                places[key] = Step(right: right, down: down)
            }
        }
        return places
    }

    /// nil where the second key is not beside the first.
    static func step(_ one: Unicode.Scalar, _ next: Unicode.Scalar) -> Step? {
        for keys in [keys, padKeys] {
            guard let from = keys[one], let to = keys[next] else { continue }
            let step = Step(right: to.right - from.right, down: to.down - from.down)
            if abs(step.right) <= 1, abs(step.down) <= 1, step != Step(right: 0, down: 0) { return step }
        }
        return nil
    }
}
