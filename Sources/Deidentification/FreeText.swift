/// Takes out of text what names the patient: the row's own identifiers, anything like an ID, card or telephone number, and names that a
/// word beside them announces (`PersonWords`).
///
/// Neither full-width characters nor blanks, hyphens and dots within a name or number hide it.
struct FreeText {
    /// What stands in place of what was taken out.
    private static let mark = Array("***".utf8)
    private var folded = FoldedText()
    /// By field the last text that was looked at closely and held nothing of a person, and the same folded: most rows of a file name the
    /// same institution.
    private var harmless: [(text: [UInt8], folded: [UInt8])] = []

    /// Whether something may have been taken out of a text that is stored.
    static func isCut(_ text: [UInt8]) -> Bool {
        text.count >= mark.count && text.indices.dropLast(mark.count - 1).contains { text[$0...].starts(with: mark) }
    }

    /// Whether a text has to be looked at closely: it has the beginning of an identifier or of a word that announces a name, as many
    /// digits as the shortest number, or characters that stand for others.
    ///
    /// Judges the text as it stands, and so takes more for suspicious than is. It must never pass what `search` would cut: a test draws
    /// texts at random and compares the two.
    static func mayHold(_ text: UnsafeBufferPointer<UInt8>, _ identifiers: RowIdentifiers) -> Bool {
        let persons = PersonWords.shared
        var (digits, hasLetters, hasCharacters) = (0, false, false)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                if byte &- 0x30 <= 9 { digits &+= 1 }
                if PersonWords.isMark(byte) { return true }
                let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
                if folded &- 0x61 < 26 { hasLetters = true }
                if identifiers.mayBegin(folded) { return true }
                index &+= 1
            } else if byte < 0xE0 {
                if identifiers.mayBegin(byte) { return true }
                index &+= 1
            } else {
                // Full-width twins of digits and letters begin with EF.
                guard byte < 0xEF, index &+ 2 < text.count else { return true }
                if byte >= 0xE4 {
                    hasCharacters = true
                    if persons.mayBegin(byte, text[index &+ 1], text[index &+ 2]) { return true }
                }
                if identifiers.mayBegin(byte, text[index &+ 1], text[index &+ 2]) { return true }
                index &+= 3
            }
        }
        return digits >= PersonalNumber.shortestNumber || hasLetters && hasCharacters
    }

    /// - Parameter field: the texts of one field are looked for with the same suspicion, and often are the same; nil remembers nothing.
    /// - Returns: whether anything was taken out.
    @discardableResult
    mutating func scrub(
        _ text: UnsafeBufferPointer<UInt8>, field: Int? = nil, identifiers: RowIdentifiers,
        _ suspicion: PersonalNumber.Suspicion, into output: inout [UInt8]
    ) -> Bool {
        // Most texts are codes, or words that hold nothing of the kind.
        guard text.count >= 4, FreeText.mayHold(text, identifiers) else {
            output += text
            return false
        }
        guard let field else { return search(text, identifiers: identifiers, suspicion, into: &output) }
        while harmless.count <= field { harmless.append(([], [])) }
        if harmless[field].text.elementsEqual(text), !identifiers.mayBegin(in: harmless[field].folded) {
            output += text
            return false
        }
        let isCut = search(text, identifiers: identifiers, suspicion, into: &output)
        // Nothing was found, with these identifiers and so without any.
        if !isCut { harmless[field] = (Array(text), folded.bytes) }
        return isCut
    }

    /// As `scrub`, whatever the text looks like at first sight.
    mutating func search(
        _ text: UnsafeBufferPointer<UInt8>, identifiers: RowIdentifiers, _ suspicion: PersonalNumber.Suspicion,
        into output: inout [UInt8]
    ) -> Bool {
        folded.fold(text)
        return folded.withView { folded in
            identifiers.withBeginnings { beginnings in
                FreeText.search(text, folded, identifiers, beginnings, suspicion, into: &output)
            }
        }
    }

    /// What most places of a text are asked stands in plain memory, so that no references are counted for it.
    private static func search(
        _ text: UnsafeBufferPointer<UInt8>, _ folded: FoldedText.View, _ identifiers: RowIdentifiers,
        _ beginnings: RowIdentifiers.Beginnings, _ suspicion: PersonalNumber.Suspicion, into output: inout [UInt8]
    ) -> Bool {
        let hasNumbers = folded.digits >= PersonalNumber.shortestNumber
        let mayHoldWords = PersonWords.mayOccur(in: folded)
        let persons = PersonWords.shared
        var numbers = hasNumbers ? PersonalNumber(folded) : nil
        // What stands in the text from here on is not written yet.
        var written = 0
        var index = 0
        func cut(_ range: Range<Int>) {
            output += UnsafeBufferPointer(rebasing: text[written..<folded.place(of: range.lowerBound)])
            output += mark
            written = folded.place(after: range.upperBound - 1)
        }
        while index < folded.count {
            if folded.bytes[index] == FoldedText.gap {
                index += 1
            } else if beginnings.hold(folded.bytes, index),
                let end = identifiers.end(in: folded, at: index, isCode: suspicion == .shape)
            {
                cut(index..<end)
                index = end
            } else if folded.bytes[index] &- 0x30 <= 9, let (number, next) = numbers?.find(at: index, suspicion) {
                if let number { cut(number) }
                index = next
            } else if mayHoldWords, PersonWords.mayBeginWith(folded.bytes[index]),
                let name = persons.name(in: folded, at: index, isCode: suspicion == .shape)
            {
                cut(name)
                index = name.upperBound
            } else {
                index += 1
            }
        }
        output += UnsafeBufferPointer(rebasing: text[written...])
        return written > 0
    }
}
