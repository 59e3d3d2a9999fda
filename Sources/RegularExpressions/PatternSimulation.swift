/// Runs a pattern's automaton by sets of states: O(text × instructions), whatever the pattern.
struct PatternSimulation {
    /// What stands on one side of a place in the text, as far as assertions ask.
    enum Side: UInt8 {
        case edge
        case word
        case newline
        case other
    }

    let program: PatternProgram
    /// Instructions looked at so far: what a match has cost.
    private(set) var steps = 0
    /// Marks of the last `closure`, by instruction: a stamp instead of clearing.
    private var stamps: [UInt32]
    private var stamp: UInt32 = 0
    private var stack: [Int32] = []

    init(_ program: PatternProgram) {
        self.program = program
        stamps = Array(repeating: 0, count: program.instructions.count)
    }

    /// The side that a character of a class is, of those that this pattern tells apart.
    func side(of number: Int) -> Side {
        if let set = program.newlineSet, program.classes.holds(set, number) { return .newline }
        if let set = program.wordSet, program.classes.holds(set, number) { return .word }
        return .other
    }

    /// The instructions that read, reached from `states` without reading, at a place between two sides; nil where a match
    /// is reached.
    mutating func closure(_ states: [Int32], before: Side, after: Side) -> [Int32]? {
        nextStamp()
        var reached: [Int32] = []
        for state in states {
            stack.append(state)
            while let next = stack.popLast() {
                guard stamps[Int(next)] != stamp else { continue }
                stamps[Int(next)] = stamp
                steps += 1
                switch program.instructions[Int(next)] {
                case .set, .any: reached.append(next)
                case .split(let a, let b):
                    stack.append(b)
                    stack.append(a)
                case .assertion(let assertion, let target):
                    if PatternSimulation.holds(assertion, before, after) { stack.append(target) }
                case .match:
                    stack.removeAll(keepingCapacity: true)
                    return nil
                }
            }
        }
        return reached
    }

    private mutating func nextStamp() {
        if stamp == .max {
            stamps = Array(repeating: 0, count: stamps.count)
            stamp = 0
        }
        stamp += 1
    }

    /// The states after reading a character of a class.
    mutating func step(_ reached: [Int32], over number: Int) -> [Int32] {
        steps += reached.count
        var states: [Int32] = []
        for index in reached {
            switch program.instructions[Int(index)] {
            case .set(let set, let next): if program.classes.holds(Int(set), number) { states.append(next) }
            case .any(let next): states.append(next)
            case .split, .assertion, .match: break
            }
        }
        return states
    }

    private static func holds(_ assertion: Assertion, _ before: Side, _ after: Side) -> Bool {
        switch assertion {
        case .textStart: before == .edge
        case .textEnd: after == .edge
        case .lineStart: before == .edge || before == .newline
        case .lineEnd: after == .edge || after == .newline
        case .wordBoundary: (before == .word) != (after == .word)
        case .notWordBoundary: (before == .word) == (after == .word)
        }
    }

    mutating func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let values = program.classes.view.values else { return false }
        var states = [program.start]
        var before = Side.edge
        var position = 0
        while position < text.count {
            let (number, length) = program.classes.view.character(values, text, at: position)
            let after = side(of: number)
            guard let reached = closure(states, before: before, after: after) else { return true }
            states = step(reached, over: number)
            if states.isEmpty { return false }
            before = after
            position += length
        }
        return closure(states, before: before, after: .edge) == nil
    }
}
