/// A regular expression as a Thompson automaton over UTF-8 bytes.
struct PatternProgram {
    enum Instruction {
        case bytes(ClosedRange<UInt8>, next: Int)
        case split(Int, Int)
        case assertion(Assertion, next: Int)
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var start = 0
    private(set) var assertsWords = false
    private(set) var assertsLines = false

    static let maximumInstructions = 20_000

    /// Nil where the pattern would need more than `maximumInstructions`.
    ///
    /// Built from the end, so that every part knows what follows it.
    init?(_ pattern: Pattern, wholeMatch: Bool) {
        var next = add(.match)
        if wholeMatch { next = add(.assertion(.textEnd, next: next)) }
        start = emit(pattern, before: next)
        if !wholeMatch {
            // A search tries to begin at every byte.
            let loop = add(.split(start, 0))
            let any = add(.bytes(0...255, next: loop))
            if instructions.indices.contains(loop) { instructions[loop] = .split(start, any) }
            start = loop
        }
        guard instructions.count <= PatternProgram.maximumInstructions else { return nil }
    }

    /// Adds an instruction; beyond the limit nothing grows any more, and `init` gives up.
    private mutating func add(_ instruction: Instruction) -> Int {
        if instructions.count <= PatternProgram.maximumInstructions { instructions.append(instruction) }
        return instructions.count - 1
    }

    private var isFull: Bool { instructions.count > PatternProgram.maximumInstructions }

    private mutating func emit(_ pattern: Pattern, before next: Int) -> Int {
        guard !isFull else { return 0 }
        switch pattern {
        case .set(let set): return emit(set, before: next)
        case .sequence(let parts):
            var next = next
            for part in parts.reversed() { next = emit(part, before: next) }
            return next
        case .alternatives(let branches):
            var entry = emit(branches[branches.count - 1], before: next)
            for branch in branches.dropLast().reversed() { entry = add(.split(emit(branch, before: next), entry)) }
            return entry
        case .repeated(let part, let minimum, let maximum):
            var entry = next
            if let maximum {
                for _ in minimum..<maximum {
                    guard !isFull else { return 0 }
                    entry = add(.split(emit(part, before: entry), next))
                }
            } else {
                let loop = add(.split(next, next))
                let body = emit(part, before: loop)
                guard !isFull else { return 0 }
                instructions[loop] = .split(body, next)
                entry = loop
            }
            for _ in 0..<minimum {
                guard !isFull else { return 0 }
                entry = emit(part, before: entry)
            }
            return entry
        case .assertion(let assertion):
            switch assertion {
            case .wordBoundary, .notWordBoundary: assertsWords = true
            case .lineStart, .lineEnd: assertsLines = true
            case .textStart, .textEnd: break
            }
            return add(.assertion(assertion, next: next))
        }
    }

    /// A set of scalars as the UTF-8 byte sequences of its members.
    ///
    /// Sequences that begin alike share their beginning and those that end alike their end, so that the letters of all
    /// scripts, six hundred ranges, stay a program that becomes a table.
    private mutating func emit(_ set: ScalarSet, before next: Int) -> Int {
        let sequences = set.ranges.flatMap { PatternProgram.byteSequences($0) }
        var known: [Piece: Int] = [:]
        // An empty set matches nothing: a byte that UTF-8 never has.
        return emit(sequences[...], from: 0, before: next, &known) ?? add(.bytes(0xFF...0xFF, next: next))
    }

    /// What an instruction of a set is: of two alike one is enough.
    private enum Piece: Hashable {
        case bytes(ClosedRange<UInt8>, next: Int)
        case split(Int, Int)
    }

    /// Emits what follows the first `depth` bytes of sequences, in which these are the same. First bytes are the same
    /// range or have none in common, for the sequences are of different scalars in rising order.
    private mutating func emit(
        _ sequences: ArraySlice<[ClosedRange<UInt8>]>, from depth: Int, before next: Int, _ known: inout [Piece: Int]
    ) -> Int? {
        var entry: Int?
        var rest = sequences
        while let first = rest.first {
            let alike = rest.prefix { $0[depth] == first[depth] && $0.count == first.count }
            rest = rest.dropFirst(alike.count)
            let isLast = depth == first.count - 1
            guard let tail = isLast ? next : emit(alike, from: depth + 1, before: next, &known) else { continue }
            let head = share(.bytes(first[depth], next: tail), &known)
            entry = entry.map { share(.split(head, $0), &known) } ?? head
        }
        return entry
    }

    private mutating func share(_ piece: Piece, _ known: inout [Piece: Int]) -> Int {
        if let index = known[piece] { return index }
        let index: Int
        switch piece {
        case .bytes(let range, let next): index = add(.bytes(range, next: next))
        case .split(let a, let b): index = add(.split(a, b))
        }
        known[piece] = index
        return index
    }

    /// Cuts a range of scalars into runs whose UTF-8 forms are all combinations of one range a byte.
    static func byteSequences(_ range: ClosedRange<UInt32>) -> [[ClosedRange<UInt8>]] {
        var result: [[ClosedRange<UInt8>]] = []
        var pending = [range]
        while let range = pending.popLast() {
            let (low, high) = (range.lowerBound, range.upperBound)
            if low < 0xE000, high > 0xD7FF {
                // Surrogates have no UTF-8.
                if high >= 0xE000 { pending.append(0xE000...high) }
                if low <= 0xD7FF { pending.append(low...0xD7FF) }
                continue
            }
            if let limit = [0x7F, 0x7FF, 0xFFFF].first(where: { low <= $0 && high > $0 }) {
                pending.append((limit + 1)...high)
                pending.append(low...limit)
                continue
            }
            if let cut = misaligned(low, high) {
                pending.append(cut...high)
                pending.append(low...(cut - 1))
                continue
            }
            result.append(zip(utf8(low), utf8(high)).map { $0...$1 })
        }
        return result
    }

    /// Where a range must be cut so that its lower bytes run through all their values; nil where they do.
    private static func misaligned(_ low: UInt32, _ high: UInt32) -> UInt32? {
        for shift in stride(from: UInt32(6), through: 18, by: 6) {
            let mask = (UInt32(1) << shift) - 1
            guard low & ~mask != high & ~mask else { continue }
            if low & mask != 0 { return (low | mask) + 1 }
            if high & mask != mask { return high & ~mask }
        }
        return nil
    }

    private static func utf8(_ value: UInt32) -> [UInt8] {
        Unicode.Scalar(value).map { Array(String($0).utf8) } ?? []
    }
}
