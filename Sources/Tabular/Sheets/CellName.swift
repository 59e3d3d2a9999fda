/// `AB12`: how a cell is called. Columns are counted from 0, rows from 1.
struct CellName: Hashable {
    var column: Int
    var row: Int

    init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }

    /// - Returns: nil where the text is no cell that a sheet can have. `$` before letters and digits is passed over.
    init?(_ text: some Sequence<UInt8>) {
        var column = 0
        var row = 0
        for byte in text {
            let letter = (byte | 0x20) &- UInt8(ascii: "a")
            if letter < 26 {
                guard row == 0, column <= SheetLimits.columns else { return nil }
                column = column * 26 + Int(letter) + 1
            } else if byte &- 0x30 <= 9 {
                guard column > 0, row <= SheetLimits.rows else { return nil }
                row = row * 10 + Int(byte &- 0x30)
            } else if byte != UInt8(ascii: "$") {
                return nil
            }
        }
        guard (1...SheetLimits.columns).contains(column), (1...SheetLimits.rows).contains(row) else { return nil }
        self.init(column: column - 1, row: row)
    }

    var text: String {
        var letters: [UInt8] = []
        var rest = column
        while rest >= 0 {
            letters.insert(UInt8(ascii: "A") + UInt8(rest % 26), at: 0)
            rest = rest / 26 - 1
        }
        return String(decoding: letters, as: UTF8.self) + String(row)
    }
}
