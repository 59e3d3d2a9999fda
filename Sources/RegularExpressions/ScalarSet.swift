/// A set of Unicode scalars, as ranges in rising order that do not touch.
struct ScalarSet: Hashable {
    private(set) var ranges: [ClosedRange<UInt32>]

    init(_ ranges: [ClosedRange<UInt32>]) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

    static let maximum: UInt32 = 0x10FFFF
    static let digits = ScalarSet([0x30...0x39])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let blanks = ScalarSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
    static let all = ScalarSet([0...maximum])
    static let newline = ScalarSet([0x0A...0x0A])
    static let allButNewline = newline.inverted
    /// Chinese characters. Source: Unicode Scripts.txt, Script=Han.
    static let han = ScalarSet([
        0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
        0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x16FE2...0x16FE3,
        0x16FF0...0x16FF1, 0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1,
        0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
    ])

    /// POSIX classes by name, ASCII alone as in RE2: `[[:alpha:]]`.
    static let named: [String: ScalarSet] = [
        "alnum": ScalarSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A]), "alpha": ScalarSet([0x41...0x5A, 0x61...0x7A]),
        "ascii": ScalarSet([0...0x7F]), "blank": ScalarSet([0x09...0x09, 0x20...0x20]),
        "cntrl": ScalarSet([0...0x1F, 0x7F...0x7F]), "digit": digits, "graph": ScalarSet([0x21...0x7E]),
        "lower": ScalarSet([0x61...0x7A]), "print": ScalarSet([0x20...0x7E]),
        "punct": ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
        "space": ScalarSet([0x09...0x0D, 0x20...0x20]), "upper": ScalarSet([0x41...0x5A]), "word": word,
        "xdigit": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66]),
    ]

    var inverted: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= ScalarSet.maximum { result.append(next...ScalarSet.maximum) }
        return ScalarSet(result)
    }

    func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

    /// With the other case of every letter. Ranges beyond ASCII of more than 1,000 scalars are left as they are.
    var foldingCase: ScalarSet {
        var result = ranges
        for range in ranges {
            let lower = range.clamped(to: 0x41...0x5A)
            if range.overlaps(0x41...0x5A) { result.append((lower.lowerBound + 32)...(lower.upperBound + 32)) }
            let upper = range.clamped(to: 0x61...0x7A)
            if range.overlaps(0x61...0x7A) { result.append((upper.lowerBound - 32)...(upper.upperBound - 32)) }
            if range.contains(0x4B) || range.contains(0x6B) { result.append(0x212A...0x212A) }
            if range.contains(0x53) || range.contains(0x73) { result.append(0x17F...0x17F) }
            guard range.upperBound > 0x7F, range.upperBound - range.lowerBound <= 1000 else { continue }
            for value in range where value > 0x7F {
                guard let properties = Unicode.Scalar(value)?.properties else { continue }
                for mapped in [properties.lowercaseMapping, properties.uppercaseMapping] {
                    let scalars = Array(mapped.unicodeScalars)
                    if scalars.count == 1 { result.append(scalars[0].value...scalars[0].value) }
                }
            }
        }
        return ScalarSet(result)
    }
}
