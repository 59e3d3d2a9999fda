import Expressions
import Testing

@Suite struct CellTests {
    @Test("carries a number, a whole number and a boolean in the same bits")
    func bits() {
        var cell = Cell.blank
        cell.integer = -7
        #expect(cell.integer == -7)
        cell.number = 36.5
        #expect(cell.number == 36.5)
        cell.boolean = true
        #expect(cell.bits == 1)
    }
}
