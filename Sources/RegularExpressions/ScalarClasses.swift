/// The characters of all texts, put into classes: those that no set of a pattern tells apart share one.
///
/// A pattern of letters knows two classes, letters and others, however many ranges the letters have and however often
/// the pattern repeats them; so its automaton steps over characters and not over their bytes.
final class ScalarClasses: @unchecked Sendable {
    // Safe to share: written in `init` alone.
    private let memory: UnsafeMutableBufferPointer<UInt16>
    /// The look-up by bytes, good as long as this object lives.
    let view: View
    let count: Int
    /// For every class the sets that hold it, a bit each.
    private let members: [UInt64]
    private let wordsPerClass: Int

    /// The class of bytes that are no UTF-8, which no set holds.
    static let malformed = 0
    /// How many ranges the sets of one pattern may have together: a hundred and fifty times all letters of all scripts.
    static let maximumRanges = 100_000

    /// What `members` may take: 4 MB.
    private static let maximumMembers = 1 << 19

    /// - Parameter sets: All different, of at most `maximumRanges` ranges together.
    ///
    /// Nil where they cut Unicode into so many classes that keeping them would take more than a few megabytes.
    init?(_ sets: [ScalarSet]) {
        let runs = ScalarClasses.runs(sets)
        wordsPerClass = sets.count / 64 + 1
        var members = Array(repeating: UInt64(0), count: wordsPerClass)
        var classes: [[UInt64]: UInt16] = [:]
        var starts: [(scalar: UInt32, class: UInt16)] = []
        for run in runs {
            guard members.count < ScalarClasses.maximumMembers, classes.count < Int(UInt16.max) else { return nil }
            let number = classes[run.sets] ?? UInt16(classes.count + 1)
            if classes.updateValue(number, forKey: run.sets) == nil { members += run.sets }
            if starts.last?.class != number { starts.append((run.scalar, number)) }
        }
        count = classes.count + 1
        self.members = members
        let trie = ScalarTrie(starts)
        memory = .allocate(capacity: trie.values.count)
        _ = memory.initialize(from: trie.values)
        view = View(values: UnsafePointer(memory.baseAddress))
    }

    deinit { memory.deallocate() }

    func holds(_ set: Int, _ number: Int) -> Bool {
        members[number * wordsPerClass + set >> 6] >> UInt64(set & 63) & 1 == 1
    }

    /// Where, going through all scalars, other sets hold what follows.
    private static func runs(_ sets: [ScalarSet]) -> [(scalar: UInt32, sets: [UInt64])] {
        var changes: [(scalar: UInt32, set: Int)] = [(0, sets.count)]
        for (index, set) in sets.enumerated() {
            for range in set.ranges {
                changes.append((range.lowerBound, index))
                changes.append((range.upperBound + 1, index))
            }
        }
        changes.sort { $0.scalar < $1.scalar }
        var held = Array(repeating: UInt64(0), count: sets.count / 64 + 1)
        var result: [(scalar: UInt32, sets: [UInt64])] = []
        for (index, change) in changes.enumerated() where change.scalar <= ScalarSet.maximum {
            // The change at 0 belongs to no set: it begins the first run.
            if change.set < sets.count { held[change.set >> 6] ^= 1 << UInt64(change.set & 63) }
            let isLast = index + 1 == changes.count || changes[index + 1].scalar > change.scalar
            if isLast { result.append((change.scalar, held)) }
        }
        return result
    }
}

extension ScalarClasses {
    /// Reads a text's characters as their classes.
    struct View: BitwiseCopyable {
        let values: UnsafePointer<UInt16>?

        /// The class of the character at a place, and how many bytes it has. A byte with which no character of UTF-8 begins
        /// stands for itself and is malformed.
        @inline(__always)
        func character(
            _ values: UnsafePointer<UInt16>, _ text: UnsafeBufferPointer<UInt8>, at position: Int
        ) -> (class: Int, length: Int) {
            let first = text[position]
            if first < 0x80 { return (Int(values[Int(first)]), 1) }
            // Chinese: what begins with E4 to E9 needs no further look.
            if first >= 0xE4, first <= 0xE9, text.count &- position >= 3 {
                let (second, third) = (text[position &+ 1], text[position &+ 2])
                if second & 0xC0 == 0x80, third & 0xC0 == 0x80 {
                    let scalar = UInt32(first & 0x0F) << 12 | UInt32(second & 0x3F) << 6 | UInt32(third & 0x3F)
                    return (ScalarTrie.value(values, scalar), 3)
                }
            }
            return beyondASCII(values, text, at: position)
        }

        @inline(never)
        private func beyondASCII(
            _ values: UnsafePointer<UInt16>, _ text: UnsafeBufferPointer<UInt8>, at position: Int
        ) -> (class: Int, length: Int) {
            let first = UInt32(text[position])
            let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            guard first >= 0xC2, first <= 0xF4, text.count &- position >= length else {
                return (ScalarClasses.malformed, 1)
            }
            var scalar = first & (0x7F >> UInt32(length))
            for offset in 1..<length {
                let byte = text[position &+ offset]
                guard byte & 0xC0 == 0x80 else { return (ScalarClasses.malformed, 1) }
                scalar = scalar << 6 | UInt32(byte & 0x3F)
            }
            // Longer than need be, a surrogate, beyond Unicode.
            let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
            guard scalar >= least, scalar <= ScalarSet.maximum, scalar & 0xFFFF_F800 != 0xD800 else {
                return (ScalarClasses.malformed, 1)
            }
            return (ScalarTrie.value(values, scalar), length)
        }
    }
}
