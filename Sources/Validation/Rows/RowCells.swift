import Expressions

/// The cells of the row under check, by field, and a bit for each that is filled or did not parse. Memory that every row reuses.
///
/// Plain pointers, so that loops over it count no references and check no exclusivity; whoever makes one has to deallocate it.
struct RowCells {
    let fieldCount: Int
    /// Words of 64 bits, one bit a field.
    let wordCount: Int
    let cells: UnsafeMutablePointer<Cell>
    let filled: UnsafeMutablePointer<UInt64>
    let invalid: UnsafeMutablePointer<UInt64>
    /// A bit for each cell that held something and is empty: nobody has to say once more that it is missing.
    let emptied: UnsafeMutablePointer<UInt64>
    /// A bit for each cell that an earlier row has filled and that may still say so.
    private let stale: UnsafeMutablePointer<UInt64>

    init(fieldCount: Int) {
        self.fieldCount = fieldCount
        wordCount = (fieldCount + 63) / 64
        cells = .allocate(capacity: fieldCount)
        cells.initialize(repeating: .blank, count: fieldCount)
        filled = .allocate(capacity: wordCount)
        filled.initialize(repeating: 0, count: wordCount)
        invalid = .allocate(capacity: wordCount)
        invalid.initialize(repeating: 0, count: wordCount)
        emptied = .allocate(capacity: wordCount)
        emptied.initialize(repeating: 0, count: wordCount)
        stale = .allocate(capacity: wordCount)
        stale.initialize(repeating: 0, count: wordCount)
    }

    func deallocate() {
        cells.deallocate()
        filled.deallocate()
        invalid.deallocate()
        emptied.deallocate()
        stale.deallocate()
    }

    subscript(field: Int) -> UnsafeMutablePointer<Cell> {
        @inline(__always) get { cells + field }
    }

    /// Begins a row: nothing is filled. Cells that the row does not fill are blank only after `endRow`.
    @inline(__always)
    func beginRow() {
        for word in 0..<wordCount {
            stale[word] |= filled[word]
            filled[word] = 0
            invalid[word] = 0
        }
    }

    /// Makes all cells blank that the row has not filled, at the cost of those that differ from the row before: most rows fill the same.
    @inline(__always)
    func endRow() {
        for word in 0..<wordCount {
            var bits = stale[word] & ~filled[word]
            stale[word] = 0
            while bits != 0 {
                cells[word &* 64 &+ bits.trailingZeroBitCount].state = .blank
                bits &= bits &- 1
            }
        }
    }

    /// Whether any cell is filled.
    @inline(__always)
    var holdsAny: Bool {
        for word in 0..<wordCount where filled[word] != 0 { return true }
        return false
    }

    @inline(__always)
    func fill(_ field: Int, _ text: UnsafeBufferPointer<UInt8>, _ state: Cell.State) {
        filled[field &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: field)
        cells[field].text = text
        cells[field].state = state
    }

    /// Keeps a cell out of the rules.
    @inline(__always)
    func invalidate(_ field: Int) {
        cells[field].state = .invalid
        invalid[field &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: field)
    }

    /// Makes a cell empty that holds something.
    func empty(_ field: Int) {
        cells[field].state = .blank
        filled[field >> 6] &= ~(1 << UInt64(field & 63))
        emptied[field >> 6] |= 1 << UInt64(field & 63)
    }

    /// Forgets which cells were emptied.
    func forgetEmptied() {
        for word in 0..<wordCount { emptied[word] = 0 }
    }

    /// Calls `body` with each filled field, in order.
    @inline(__always)
    func forEachFilled(_ body: (Int) -> Void) {
        for word in 0..<wordCount {
            var bits = filled[word]
            while bits != 0 {
                body(word &* 64 &+ bits.trailingZeroBitCount)
                bits &= bits &- 1
            }
        }
    }
}
