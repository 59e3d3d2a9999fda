/// Takes out of free text what names the patient: the row's own identifiers, and anything like an ID, card or telephone number.
enum FreeText {
    /// What stands in place of what was taken out.
    private static let gap = Array("***".utf8)
    /// As few digits in a row as a local telephone number has.
    private static let shortestNumber = 7
    /// As many digits as a mobile number has, also when written in groups: `138 0000 7316`.
    private static let groupedNumber = 11

    /// - Parameter identifiers: texts of the same row that name the patient; very short ones are not looked for.
    static func scrub(_ text: ArraySlice<UInt8>, identifiers: [ArraySlice<UInt8>], into output: inout [UInt8]) {
        var index = text.startIndex
        while index < text.endIndex {
            if let found = identifiers.first(where: { $0.count >= 4 && text[index...].starts(with: $0) }) {
                output += gap
                index += found.count
            } else if isDigit(text[index]) {
                let end = endOfNumber(text, from: index)
                let run = text[index..<end]
                if run.count(where: isDigit) >= (run.contains { !isDigit($0) } ? groupedNumber : shortestNumber) {
                    output += gap
                } else {
                    output += run
                }
                index = end
            } else {
                output.append(text[index])
                index += 1
            }
        }
    }

    /// The end of digits in a row; groups with single blanks or dashes between them count as one where they are long enough together.
    private static func endOfNumber(_ text: ArraySlice<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.endIndex, isDigit(text[end]) { end += 1 }
        let plain = end
        var digits = end - start
        while end + 1 < text.endIndex, text[end] == 0x20 || text[end] == 0x2D, isDigit(text[end + 1]) {
            end += 1
            while end < text.endIndex, isDigit(text[end]) {
                end += 1
                digits += 1
            }
        }
        var number = digits >= groupedNumber ? end : plain
        // The check character of a resident ID.
        if number - start >= 17, number < text.endIndex, text[number] | 0x20 == 0x78 { number += 1 }
        return number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
}
