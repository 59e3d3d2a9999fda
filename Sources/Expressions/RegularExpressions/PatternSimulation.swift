/// Runs a pattern's automaton by sets of states: O(text × instructions), whatever the pattern.
struct PatternSimulation {
    /// What stands on one side of a place in the text, as far as assertions ask.
    enum Side: UInt8 {
        case edge
        case word
        case newline
        case other
        /// A byte that goes on with a character: before it is no place of its own.
        case inside
    }

    let program: PatternProgram
    /// Marks of the last `closure`, by instruction: a stamp instead of clearing.
    private var stamps: [UInt32]
    private var stamp: UInt32 = 0
    private var stack: [Int] = []

    init(_ program: PatternProgram) {
        self.program = program
        stamps = Array(repeating: 0, count: program.instructions.count)
    }

    /// The sides that this pattern tells apart.
    func side(of byte: UInt8) -> Side {
        if program.assertsLines, byte == 0x0A { return .newline }
        guard program.assertsWords else { return .other }
        if byte & 0xC0 == 0x80 { return .inside }
        return byte.isDigit || byte.isNameStart ? .word : .other
    }

    /// The byte instructions reached from `states` without reading, at a place between two sides; nil where a match is
    /// reached.
    mutating func closure(_ states: [Int], before: Side, after: Side) -> [Int]? {
        stamp &+= 1
        var reached: [Int] = []
        for state in states {
            stack.append(state)
            while let next = stack.popLast() {
                guard stamps[next] != stamp else { continue }
                stamps[next] = stamp
                switch program.instructions[next] {
                case .bytes: reached.append(next)
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

    /// The states after reading a byte, in rising order.
    func step(_ reached: [Int], over byte: UInt8) -> [Int] {
        var states: [Int] = []
        for index in reached {
            if case .bytes(let range, let next) = program.instructions[index], range.contains(byte) {
                states.append(next)
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
        case .notWordBoundary: (before == .word) == (after == .word) && after != .inside
        }
    }

    mutating func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var states = [program.start]
        var before = Side.edge
        for byte in text {
            let after = side(of: byte)
            guard let reached = closure(states, before: before, after: after) else { return true }
            states = step(reached, over: byte)
            if states.isEmpty { return false }
            before = after
        }
        return closure(states, before: before, after: .edge) == nil
    }
}
