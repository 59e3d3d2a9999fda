/// One step of a `RowProgram`: an operation on cells, constants and other nodes, 24 bytes without references.
struct Node {
    var operation: Operation
    var comparison = Comparison.equal
    /// Of a test for null: the states of a cell, by bit, that make its value null. Of a test for presence: that make it
    /// true.
    var states: UInt8 = 0
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    var bits: UInt64 = 0

    enum Operation: UInt8 {
        // Truth.
        case always
        case never
        /// `a` and `b`: where its parts stand in the list of parts, and how many there are.
        case and
        /// `and` whose first part asks for the `states` of field `c`: where the cell has none of them, nothing else is looked at.
        case andWhere
        case or
        case exactlyOne
        case not
        case truthIf
        case truthField
        case cellIsNull
        case cellIsNotNull
        case cellState
        case bitsIsNull
        case textIsNull
        /// Field `a` against a constant of `b` bytes that stands at `c`, whose first eight are in `bits`.
        case fieldIsText
        case fieldIsNotText
        case compareText
        case compareInt
        case compareDouble
        case compareIntDouble
        /// `a` in the words of set `b`; `states` is 1 where null is in the list too.
        case inWords
        case notInWords
        /// `a` among `c` numbers from `b` on.
        case inInts
        case inDoubles
        case startsWith
        case endsWith
        case contains
        /// Text `a` against the table of expression `b`.
        case matches
        /// The same, of an expression too large for a table.
        case matchesSlowly
        case check
        /// The term `a`, by the `Evaluator`.
        case truthOfTerm

        // Bits.
        case bitsConstant
        case bitsNull
        case bitsField
        /// Field `a`, or the constant `bits` where it is null.
        case bitsFieldOr
        case bitsIf
        case bitsOfTruth
        case bitsOfTerm
        /// The sum of its parts, one after the other; `a` and `b` as of `and`.
        case sumInt, sumDouble
        case addInt, subtractInt, multiplyInt, divideInt, remainderInt, negateInt
        case addDouble, subtractDouble, multiplyDouble, divideDouble, negateDouble
        case addMoment, subtractMoment, subtractMoments, addDurations, subtractDurations
        case intToDouble, doubleToInt
        case textSize
        case years, days, date
        /// Part `b` (a `Function` by its place) of moment or duration `a`, in a zone `bits` seconds east.
        case momentPart, durationPart

        // Texts.
        case textField
        case textConstant
        case textNull
        case textIf
    }
}

/// A number, moment, duration or truth with what it may be instead.
struct Bits {
    var value: UInt64
    var state: State

    enum State: UInt8 {
        case value
        case null
        case error
    }

    static var null: Bits { Bits(value: 0, state: .null) }
    static var error: Bits { Bits(value: 0, state: .error) }

    init(value: UInt64, state: State) {
        self.value = value
        self.state = state
    }

    init(_ value: Int64) { self.init(value: UInt64(bitPattern: value), state: .value) }
    init(number value: Double) { self.init(value: value.bitPattern, state: .value) }

    var int: Int64 { Int64(bitPattern: value) }
    var double: Double { Double(bitPattern: value) }
}

/// A text with what it may be instead.
struct Text {
    var bytes: UnsafeBufferPointer<UInt8>
    var state: State

    enum State: UInt8 {
        case value
        /// A text like any other, except to named checks.
        case placeholder
        case null
        case error
    }

    static var null: Text { Text(bytes: UnsafeBufferPointer(start: nil, count: 0), state: .null) }
    static var error: Text { Text(bytes: UnsafeBufferPointer(start: nil, count: 0), state: .error) }

    var isText: Bool { state.rawValue <= State.placeholder.rawValue }
}
