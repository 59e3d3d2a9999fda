/// A pattern as a table: one look-up a byte. Built whole when the pattern is compiled, so that any number of threads
/// may read it.
final class PatternTable: @unchecked Sendable {
    // Safe to share: written in `init` alone.
    private let transitions: UnsafeMutablePointer<UInt16>
    private let classes: UnsafeMutablePointer<UInt8>
    /// The table to match with, good as long as this object lives.
    let view: View

    struct View: BitwiseCopyable {
        fileprivate let transitions: UnsafePointer<UInt16>?
        fileprivate let classes: UnsafePointer<UInt8>?
        /// Columns in a row: one for each class of bytes, and the last for the end of the text.
        fileprivate let columns: Int
        fileprivate let start: Int

        /// Matches nothing.
        static var none: View { View(transitions: nil, classes: nil, columns: 0, start: 0) }
    }

    /// States that are decided: no match can follow, a match has been found.
    private static let dead: UInt16 = 0
    private static let accepting: UInt16 = 1

    static let maximumStates = 1000
    /// How much building may cost, in instructions looked at.
    static let maximumWork = 2_000_000

    private struct State: Hashable {
        var instructions: [Int]
        var before: UInt8
    }

    /// Nil where the table would be too large: the pattern is simulated then.
    init?(_ program: PatternProgram) {
        var simulation = PatternSimulation(program)
        let (classes, representatives) = PatternTable.byteClasses(simulation)
        let columns = representatives.count + 1
        var states = [State(instructions: [program.start], before: PatternSimulation.Side.edge.rawValue)]
        var numbers: [State: UInt16] = [states[0]: 2]
        var rows: [[UInt16]] = []
        var work = 0
        while rows.count < states.count {
            let state = states[rows.count]
            let before = PatternSimulation.Side(rawValue: state.before) ?? .other
            var row = Array(repeating: PatternTable.dead, count: columns)
            var closures: [UInt8: [Int]?] = [:]
            for column in 0..<columns {
                let byte = column < representatives.count ? representatives[column] : nil
                let after = byte.map { simulation.side(of: $0) } ?? .edge
                let closure: [Int]?
                if let known = closures[after.rawValue] {
                    closure = known
                } else {
                    closure = simulation.closure(state.instructions, before: before, after: after)
                    closures[after.rawValue] = .some(closure)
                    work += program.instructions.count / 4
                }
                guard let reached = closure else {
                    row[column] = PatternTable.accepting
                    continue
                }
                guard let byte else { continue }
                work += reached.count
                let following = Set(simulation.step(reached, over: byte)).sorted()
                guard !following.isEmpty else { continue }
                let next = State(instructions: following, before: after.rawValue)
                if let number = numbers[next] {
                    row[column] = number
                } else {
                    guard states.count < PatternTable.maximumStates else { return nil }
                    row[column] = UInt16(states.count + 2)
                    numbers[next] = row[column]
                    states.append(next)
                }
            }
            guard work < PatternTable.maximumWork else { return nil }
            rows.append(row)
        }
        let hopeless = PatternTable.hopeless(rows)
        transitions = .allocate(capacity: (rows.count + 2) * columns)
        transitions.initialize(repeating: PatternTable.dead, count: (rows.count + 2) * columns)
        for (index, row) in rows.enumerated() {
            for (column, state) in row.enumerated() where !hopeless.contains(state) {
                transitions[(index + 2) * columns + column] = state
            }
        }
        self.classes = .allocate(capacity: 256)
        self.classes.initialize(from: classes, count: 256)
        view = View(
            transitions: transitions, classes: self.classes, columns: columns, start: hopeless.contains(2) ? 0 : 2)
    }

    deinit {
        transitions.deallocate()
        classes.deallocate()
    }

    // MARK: Building

    /// Bytes that no instruction and no assertion tells apart share a class. One byte of each class stands for it.
    private static func byteClasses(_ simulation: PatternSimulation) -> (classes: [UInt8], representatives: [UInt8]) {
        var startsClass = Array(repeating: false, count: 257)
        startsClass[0] = true
        for instruction in simulation.program.instructions {
            if case .bytes(let range, _) = instruction {
                startsClass[Int(range.lowerBound)] = true
                startsClass[Int(range.upperBound) + 1] = true
            }
        }
        for byte in 1...255 where simulation.side(of: UInt8(byte)) != simulation.side(of: UInt8(byte - 1)) {
            startsClass[byte] = true
        }
        var classes: [UInt8] = []
        var representatives: [UInt8] = []
        for byte in 0...255 {
            if startsClass[byte] { representatives.append(UInt8(byte)) }
            classes.append(UInt8(representatives.count - 1))
        }
        return (classes, representatives)
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

extension PatternTable.View {
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let transitions, let classes else { return false }
        var state = start
        for byte in text {
            // 0 and 1 are decided: no match can follow, a match has been found.
            if state <= 1 { return state == 1 }
            state = Int(transitions[state &* columns &+ Int(classes[Int(byte)])])
        }
        if state <= 1 { return state == 1 }
        return transitions[state &* columns &+ (columns &- 1)] == 1
    }
}
