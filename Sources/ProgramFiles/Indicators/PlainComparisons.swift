import SurveillanceKit

/// What comparisons of one field with one constant say together, where a condition is made of nothing else: `P7 >= 5 && P7 < 3`.
///
/// Whatever else stands in a condition is passed over, so that none is refused that some record could meet.
struct PlainComparisons {
    private struct Range {
        var least = -Double.infinity
        var most = Double.infinity
        /// Whether the bounds themselves are out.
        var (isAboveLeast, isBelowMost) = (false, false)

        var isEmpty: Bool { least > most || least == most && (isAboveLeast || isBelowMost) }

        mutating func raise(_ bound: Double, isOut: Bool) {
            if bound > least || bound == least && isOut { (least, isAboveLeast) = (bound, isOut) }
        }

        mutating func lower(_ bound: Double, isOut: Bool) {
            if bound < most || bound == most && isOut { (most, isBelowMost) = (bound, isOut) }
        }
    }

    private var ranges: [String: Range] = [:]
    private var texts: [String: Set<String>] = [:]
    private var blank: Set<String> = []
    private var filled: Set<String> = []
    private let fileType: FileType

    /// Whether no record can meet all of the conditions.
    static func contradict(_ sources: [String], over fileType: FileType) -> Bool {
        var comparisons = PlainComparisons(fileType: fileType)
        for source in sources {
            for part in parts(of: source) { comparisons.add(part) }
        }
        return comparisons.isContradiction
    }

    private init(fileType: FileType) { self.fileType = fileType }

    private enum Constant {
        case number(Double)
        case text(ArraySlice<UInt8>)
        case null
    }

    /// What stands between the `&&` of an expression; nothing where it has anything but comparisons.
    private static func parts(of source: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(source.utf8)
        guard !bytes.contains(where: { "|(?[\\".utf8.contains($0) }) else { return [] }
        return bytes.split(separator: UInt8(ascii: "&"))
    }

    /// Reads `P7 >= 5`, `P5 == '1'` or `P5 == null`; nil for anything else.
    private static func comparison(_ part: ArraySlice<UInt8>) -> (name: String, sign: String, constant: Constant)? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 9...13 ~= byte }
        func isSign(_ byte: UInt8) -> Bool { "=!<>".utf8.contains(byte) }
        func isWord(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 || byte == 0x5F }
        let trimmed = part.drop(while: isBlank)
        let name = trimmed.prefix(while: isWord)
        let afterName = trimmed[name.endIndex...].drop(while: isBlank)
        let sign = afterName.prefix(while: isSign)
        var rest = afterName[sign.endIndex...].drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        guard !name.isEmpty, !sign.isEmpty, let first = rest.first, let last = rest.last else { return nil }
        let words = (String(decoding: name, as: UTF8.self), String(decoding: sign, as: UTF8.self))
        if first == UInt8(ascii: "'") {
            let text = rest.dropFirst().dropLast()
            guard rest.count > 1, last == first, !text.contains(first) else { return nil }
            return (words.0, words.1, .text(text))
        }
        if rest.elementsEqual("null".utf8) { return (words.0, words.1, .null) }
        guard let number = Double(String(decoding: rest, as: UTF8.self)) else { return nil }
        return (words.0, words.1, .number(number))
    }

    private mutating func add(_ part: ArraySlice<UInt8>) {
        guard let (name, sign, constant) = PlainComparisons.comparison(part), let place = fileType.fieldIndex(name)
        else { return }
        if case .null = constant {
            if sign == "==" { blank.insert(name) }
            if sign == "!=" { filled.insert(name) }
            return
        }
        // `!=` holds for a blank cell, too.
        guard ["==", "<", "<=", ">", ">="].contains(sign) else { return }
        filled.insert(name)
        switch constant {
        case .null: return
        case .text(let text):
            if sign == "==" { texts[name, default: []].insert(String(decoding: text, as: UTF8.self)) }
        case .number(let number):
            var range = ranges[name] ?? PlainComparisons.possible(fileType.fields[place])
            if sign != "<", sign != "<=" { range.raise(number, isOut: sign == ">") }
            if sign != ">", sign != ">=" { range.lower(number, isOut: sign == "<") }
            ranges[name] = range
        }
    }

    /// The values that a field's constraints let pass.
    private static func possible(_ field: Field) -> Range {
        var range = Range()
        if let minimum = field.constraints.minimum, !field.warnings.contains(.minimum) {
            range.raise(minimum, isOut: false)
        }
        if let maximum = field.constraints.maximum, !field.warnings.contains(.maximum) {
            range.lower(maximum, isOut: false)
        }
        return range
    }

    private var isContradiction: Bool {
        ranges.values.contains(where: \.isEmpty) || texts.values.contains { $0.count > 1 }
            || !blank.isDisjoint(with: filled)
    }
}
