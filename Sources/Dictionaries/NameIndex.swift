/// The names of a list, and which of them sound like one that is asked for: an inverted index of sounds, built once a list.
///
/// - Complexity: building takes time and memory for each character of the names; a search, for the names that share a rare sound with it.
struct NameIndex: Sendable {
    /// What is compared of a name, each part sorted: characters, pairs of neighbours, sounds, pairs of sounds.
    struct Form: Sendable {
        let name: NameForm
        fileprivate let parts: [[UInt64]]

        init(_ name: NameForm) {
            self.name = name
            parts = [
                name.text.map { UInt64($0) }.sorted(), NameForm.grams(name.text).sorted(),
                name.sounds.map { UInt64($0) }.sorted(), NameForm.grams(name.sounds).sorted(),
            ]
        }

        /// The sounds and pairs of sounds by which names are found, each once.
        fileprivate var grams: [UInt64] {
            var grams: [UInt64] = []
            for gram in (parts[2] + parts[3]).sorted() where gram != grams.last { grams.append(gram) }
            return grams
        }
    }

    let count: Int
    /// The number of each sound or pair.
    private var numbers: [UInt64: Int32] = [:]
    /// Where the names of each begin among `names`; one more for the end.
    private var starts: [Int32] = [0]
    private var names: [Int32] = []
    /// What is compared of all names, one behind the other, and where each of a name's four parts begins.
    private var parts: [UInt64] = []
    private var partStarts: [Int32] = [0]

    /// What nearly all names have, such as 病, tells nothing.
    private static let tellsNothing = 5_000

    init(_ forms: [NameForm]) {
        count = forms.count
        var counts: [Int32] = []
        var grams: [Int32] = []
        var gramStarts = [0]
        for form in forms.lazy.map(Form.init) {
            for part in form.parts {
                parts += part
                partStarts.append(Int32(parts.count))
            }
            for gram in form.grams {
                let number = numbers[gram] ?? Int32(counts.count)
                if number == counts.count {
                    numbers[gram] = number
                    counts.append(0)
                }
                counts[Int(number)] += 1
                grams.append(number)
            }
            gramStarts.append(grams.count)
        }
        for count in counts { starts.append((starts.last ?? 0) + count) }
        names = [Int32](repeating: 0, count: grams.count)
        var next = starts
        for name in 0..<count {
            for gram in grams[gramStarts[name]..<gramStarts[name + 1]] {
                names[Int(next[Int(gram)])] = Int32(name)
                next[Int(gram)] += 1
            }
        }
    }

    /// The names that share the most sounds with one, rare sounds counting more; the best first.
    ///
    /// - Parameter weights: as many zeros as there are names, zeros again afterwards.
    func like(_ form: Form, most: Int, _ weights: inout [Float]) -> [Int32] {
        var touched: [Int32] = []
        names.withUnsafeBufferPointer { names in
            weights.withUnsafeMutableBufferPointer { weights in
                for gram in form.grams {
                    guard let number = numbers[gram].map(Int.init) else { continue }
                    let (first, end) = (Int(starts[number]), Int(starts[number + 1]))
                    guard end - first <= NameIndex.tellsNothing else { continue }
                    let weight = 1 / (1 + Float(end - first)).squareRoot()
                    for place in first..<end {
                        let name = Int(names[place])
                        if weights[name] == 0 { touched.append(names[place]) }
                        weights[name] += weight
                    }
                }
            }
        }
        let best = NameIndex.best(touched, most: most, weights)
        for name in touched { weights[Int(name)] = 0 }
        return best
    }

    /// Those with the greatest weights, of equal ones the first.
    private static func best(_ names: [Int32], most: Int, _ weights: [Float]) -> [Int32] {
        func isBefore(_ one: Int32, _ other: Int32) -> Bool {
            let (left, right) = (weights[Int(one)], weights[Int(other)])
            return left != right ? left > right : one < other
        }
        // Kept in order; most names are worse than the last of them.
        var best: [Int32] = []
        best.reserveCapacity(most + 1)
        for name in names {
            if best.count == most, let last = best.last, !isBefore(name, last) { continue }
            var (low, high) = (0, best.count)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(best[middle], name) { low = middle + 1 } else { high = middle }
            }
            best.insert(name, at: low)
            if best.count > most { best.removeLast() }
        }
        return best
    }

    /// How alike a name of the list is, from 0 to 1: the larger of what is written alike, and a little less than what is read alike.
    func likeness(of form: Form, to name: Int) -> Double {
        parts.withUnsafeBufferPointer { all in
            func part(_ number: Int) -> UnsafeBufferPointer<UInt64> {
                UnsafeBufferPointer(
                    rebasing: all[Int(partStarts[name * 4 + number])..<Int(partStarts[name * 4 + number + 1])])
            }
            func share(_ first: Int) -> Double {
                let single = NameIndex.dice(form.parts[first], part(first))
                let pairs =
                    form.parts[first + 1].isEmpty || part(first + 1).isEmpty
                    ? single : NameIndex.dice(form.parts[first + 1], part(first + 1))
                return single * 0.5 + pairs * 0.5
            }
            if form.name.text.isEmpty || part(0).isEmpty { return 0 }
            return max(share(0), share(2) * 0.95)
        }
    }

    /// The share of two sorted lists that is common (Dice).
    private static func dice(_ one: [UInt64], _ other: UnsafeBufferPointer<UInt64>) -> Double {
        var (left, right, common) = (0, 0, 0)
        while left < one.count, right < other.count {
            if one[left] == other[right] {
                common += 1
                left += 1
                right += 1
            } else if one[left] < other[right] {
                left += 1
            } else {
                right += 1
            }
        }
        return Double(2 * common) / Double(one.count + other.count)
    }
}
