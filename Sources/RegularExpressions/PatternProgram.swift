/// A regular expression as a Thompson automaton over characters.
///
/// A set of characters is one instruction, whatever its ranges are: the ranges are kept once, in `classes`, and every
/// repetition of the set refers to them.
struct PatternProgram {
    enum Instruction {
        /// The set's number, as `classes` knows it.
        case set(Int32, next: Int32)
        /// Any character, and bytes that are none.
        case any(next: Int32)
        case split(Int32, Int32)
        case assertion(Assertion, next: Int32)
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var start: Int32 = 0
    let classes: ScalarClasses
    /// The sets of word characters and of line breaks, where assertions ask for them.
    let wordSet: Int?
    let newlineSet: Int?

    /// 1.2 MB of instructions.
    static let maximumInstructions = 100_000

    /// Nil where the pattern would need more than `maximumInstructions`, or its sets more ranges than there may be.
    ///
    /// Built from the end, so that every part knows what follows it.
    init?(_ pattern: Pattern, _ sets: PatternSets, wholeMatch: Bool) {
        var sets = sets
        wordSet = pattern.asserts([.wordBoundary, .notWordBoundary]) ? sets.number(of: .word) : nil
        newlineSet = pattern.asserts([.lineStart, .lineEnd]) ? sets.number(of: .newline) : nil
        guard sets.ranges <= ScalarClasses.maximumRanges, let classes = ScalarClasses(sets.sets) else { return nil }
        self.classes = classes

        var next = add(.match)
        if wholeMatch { next = add(.assertion(.textEnd, next: next)) }
        start = emit(pattern, before: next)
        if !wholeMatch {
            // A search tries to begin at every character.
            let loop = add(.split(start, 0))
            let any = add(.any(next: loop))
            guard !isFull else { return nil }
            instructions[Int(loop)] = .split(start, any)
            start = loop
        }
        guard !isFull else { return nil }
    }

    /// Adds an instruction; beyond the limit nothing grows any more, and `init` gives up.
    private mutating func add(_ instruction: Instruction) -> Int32 {
        if !isFull { instructions.append(instruction) }
        return Int32(instructions.count - 1)
    }

    private var isFull: Bool { instructions.count > PatternProgram.maximumInstructions }

    private mutating func emit(_ pattern: Pattern, before next: Int32) -> Int32 {
        guard !isFull else { return 0 }
        switch pattern {
        case .set(let set): return add(.set(Int32(set), next: next))
        case .sequence(let parts):
            var next = next
            for part in parts.reversed() { next = emit(part, before: next) }
            return next
        case .alternatives(let branches):
            var entry = emit(branches[branches.count - 1], before: next)
            for branch in branches.dropLast().reversed() {
                entry = add(.split(emit(branch, before: next), entry))
            }
            return entry
        case .repeated(let part, let minimum, let maximum):
            return emit(part, minimum: minimum, maximum: maximum, before: next)
        case .assertion(let assertion): return add(.assertion(assertion, next: next))
        }
    }

    private mutating func emit(
        _ part: Pattern, minimum: Int, maximum: Int?, before next: Int32
    ) -> Int32 {
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
            instructions[Int(loop)] = .split(body, next)
            entry = loop
        }
        for _ in 0..<minimum {
            guard !isFull else { return 0 }
            let following = entry
            entry = emit(part, before: following)
            // Nothing, however often repeated, is nothing: this bounds the time, as nothing takes no instruction.
            if entry == following { break }
        }
        return entry
    }
}
