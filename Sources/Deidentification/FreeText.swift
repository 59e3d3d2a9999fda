/// Takes out of text what names the patient: the row's own identifiers, anything like an ID, card or telephone number, and names that a
/// word beside them announces (`PersonWords`).
///
/// Neither full-width characters nor blanks, hyphens and dots within a name or number hide it.
struct FreeText {
    /// What stands in place of what was taken out.
    private static let mark = Array("***".utf8)
    private var folded = FoldedText()

    /// Whether something may have been taken out of a text that is stored.
    static func isCut(_ text: [UInt8]) -> Bool {
        text.count >= mark.count && text.indices.dropLast(mark.count - 1).contains { text[$0...].starts(with: mark) }
    }

    /// - Returns: whether anything was taken out.
    @discardableResult
    mutating func scrub(
        _ text: ArraySlice<UInt8>, identifiers: RowIdentifiers, _ suspicion: PersonalNumber.Suspicion,
        into output: inout [UInt8]
    ) -> Bool {
        // Most texts are codes.
        guard text.count >= 4 else {
            output += text
            return false
        }
        folded.fold(text)
        let hasNumbers = folded.digits >= PersonalNumber.shortestNumber
        let persons = PersonWords.mayOccur(in: folded) ? PersonWords.shared : nil
        var numbers = hasNumbers ? PersonalNumber(folded) : nil
        // What stands in the text from here on is not written yet.
        var written = text.startIndex
        var index = 0
        func cut(_ range: Range<Int>) {
            output += text[written..<Int(folded.places[range.lowerBound])]
            output += Self.mark
            written = folded.place(after: range.upperBound - 1)
        }
        while index < folded.count {
            if folded.bytes[index] == FoldedText.gap {
                index += 1
            } else if let end = identifiers.end(in: folded, at: index, isCode: suspicion == .shape) {
                cut(index..<end)
                index = end
            } else if folded.bytes[index] &- 0x30 <= 9, let (number, next) = numbers?.find(at: index, suspicion) {
                if let number { cut(number) }
                index = next
            } else if let name = persons?.name(in: folded, at: index, isCode: suspicion == .shape) {
                cut(name)
                index = name.upperBound
            } else {
                index += 1
            }
        }
        output += text[written...]
        return written > text.startIndex
    }
}
