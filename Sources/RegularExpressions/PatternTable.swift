/// A pattern as a table: one look-up a character. Built whole when the pattern is compiled, so that any number of
/// threads may read it.
final class PatternTable: @unchecked Sendable {
    // Safe to share: written in `init` alone.
    private let transitions: UnsafeMutablePointer<UInt32>
    private let classes: ScalarClasses
    /// The table to match with, good as long as this object lives.
    let matcher: PatternMatcher

    /// States that are decided: no match can follow, a match has been found.
    private static let dead: UInt16 = 0
    private static let accepting: UInt16 = 1

    static let maximumStates = 4000
    /// 2 MB of transitions.
    static let maximumTransitions = 1 << 19
    /// How much building may cost, in instructions looked at.
    static let maximumWork = 2_000_000

    private struct State: Hashable {
        var instructions: [Int32]
        var before: PatternSimulation.Side
    }

    /// Nil where the table would be too large: the pattern is simulated then.
    init?(_ program: PatternProgram) {
        classes = program.classes
        let columns = classes.count + 1
        guard let rows = PatternTable.rows(program, columns: columns) else { return nil }
        let hopeless = PatternTable.hopeless(rows)
        transitions = .allocate(capacity: (rows.count + 2) * columns)
        transitions.initialize(repeating: 0, count: (rows.count + 2) * columns)
        for (index, row) in rows.enumerated() {
            for (column, state) in row.enumerated() where !hopeless.contains(state) {
                transitions[(index + 2) * columns + column] = UInt32(state) * UInt32(columns)
            }
        }
        matcher = PatternMatcher(
            transitions: transitions, classes: classes.view, columns: columns,
            start: hopeless.contains(2) ? 0 : 2 * columns)
    }

    deinit { transitions.deallocate() }

    // MARK: Building

    /// The transitions of every state that texts lead to, by class; nil where they are too many.
    private static func rows(_ program: PatternProgram, columns: Int) -> [[UInt16]]? {
        var simulation = PatternSimulation(program)
        let sides = (0..<columns - 1).map { simulation.side(of: $0) } + [.edge]
        var states = [State(instructions: [program.start], before: .edge)]
        var numbers: [State: UInt16] = [states[0]: 2]
        var rows: [[UInt16]] = []
        while rows.count < states.count {
            let state = states[rows.count]
            var row = Array(repeating: dead, count: columns)
            var closures: [PatternSimulation.Side: [Int32]?] = [:]
            for column in 0..<columns {
                let after = sides[column]
                let closure =
                    closures[after] ?? simulation.closure(state.instructions, before: state.before, after: after)
                closures[after] = .some(closure)
                guard let reached = closure else {
                    row[column] = accepting
                    continue
                }
                guard column < columns - 1 else { continue }
                let following = Set(simulation.step(reached, over: column)).sorted()
                guard simulation.steps < maximumWork else { return nil }
                guard !following.isEmpty else { continue }
                let next = State(instructions: following, before: after)
                if let number = numbers[next] {
                    row[column] = number
                } else {
                    guard states.count < maximumStates, (states.count + 3) * columns <= maximumTransitions else {
                        return nil
                    }
                    row[column] = UInt16(states.count + 2)
                    numbers[next] = row[column]
                    states.append(next)
                }
            }
            rows.append(row)
        }
        return rows
    }

    /// States from which no match can be reached any more.
    private static func hopeless(_ rows: [[UInt16]]) -> Set<UInt16> {
        var sources: [UInt16: [UInt16]] = [:]
        for (index, row) in rows.enumerated() {
            for target in Set(row) { sources[target, default: []].append(UInt16(index + 2)) }
        }
        var hopeful: Set<UInt16> = [accepting]
        var pending = [accepting]
        while let state = pending.popLast() {
            for source in sources[state] ?? [] where hopeful.insert(source).inserted { pending.append(source) }
        }
        return Set((2..<UInt16(rows.count + 2)).filter { !hopeful.contains($0) })
    }
}

/// A pattern's table for loops that must not count references. It may be used only while its `RegularExpression` lives.
public struct PatternMatcher: BitwiseCopyable, @unchecked Sendable {
    // Unchecked: points into memory that is written once, when the pattern is compiled.
    /// By state and class the next state; a state is the place where its row begins.
    fileprivate let transitions: UnsafePointer<UInt32>?
    fileprivate let classes: ScalarClasses.View
    /// Columns in a row: one for each class of characters, and the last for the end of the text.
    fileprivate let columns: Int
    fileprivate let start: Int

    /// Matches nothing.
    public static var none: PatternMatcher {
        PatternMatcher(transitions: nil, classes: ScalarClasses.View(values: nil), columns: 0, start: 0)
    }

    /// Whether the text, UTF-8, matches.
    public func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let transitions, let values = classes.values else { return false }
        // Dead and accepting, the first two states, are decided: no match can follow, a match has been found.
        let accepting = columns
        var state = start
        var position = 0
        while position < text.count {
            if state <= accepting { return state == accepting }
            let (number, length) = classes.character(values, text, at: position)
            state = Int(transitions[state &+ number])
            position &+= length
        }
        if state <= accepting { return state == accepting }
        return transitions[state &+ columns &- 1] == accepting
    }
}
