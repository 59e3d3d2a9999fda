/// One cell of the row under check, as the rules see it: a view, good only as long as the row's buffer.
public struct Cell {
    public enum State: UInt8, Sendable {
        case blank
        case placeholder
        case value
        /// It did not parse as its field's type.
        case invalid
    }

    /// UTF-8, blanks round it removed.
    public var text: UnsafeBufferPointer<UInt8>
    /// The parsed value: Int64 for integer, Double bit pattern for number, 0 or 1 for boolean, seconds since 1970
    /// (Int64, civil time read as UTC) for date and datetime. Means nothing for a string.
    public var bits: UInt64
    public var state: State

    @inlinable
    public init(text: UnsafeBufferPointer<UInt8>, bits: UInt64 = 0, state: State) {
        self.text = text
        self.bits = bits
        self.state = state
    }

    @inlinable public static var blank: Cell {
        Cell(text: UnsafeBufferPointer(start: nil, count: 0), state: .blank)
    }

    /// An integer's value, or a moment's seconds since 1970.
    @inlinable public var integer: Int64 {
        get { Int64(bitPattern: bits) }
        set { bits = UInt64(bitPattern: newValue) }
    }

    @inlinable public var number: Double {
        get { Double(bitPattern: bits) }
        set { bits = newValue.bitPattern }
    }

    @inlinable public var boolean: Bool {
        get { bits != 0 }
        set { bits = newValue ? 1 : 0 }
    }
}
