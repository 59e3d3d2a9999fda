import SurveillanceKit

/// A cell's text as a workbook holds it.
enum SheetText {
    /// Source: Microsoft, "Excel specifications and limits": characters a cell, counted in UTF-16.
    static let longest = 32_767

    /// `_x000D_`: characters that XML cannot hold, and texts that look like one so written. Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isEscaped($0) || $0 == "_" }) else { return text }
        var escaped = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            if isEscaped(scalar) || (scalar == "_" && looksEscaped(scalars[index...])) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                escaped.append(
                    contentsOf: "_x\(String(repeating: "0", count: 4 - digits.count))\(digits)_".unicodeScalars)
            } else {
                escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// What XML 1.0 cannot hold, and the carriage return, which reading makes a line feed.
    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t" && scalar != "\n") || scalar.value == 0xFFFE || scalar.value == 0xFFFF
    }

    private static func looksEscaped(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        let start = scalars.startIndex
        guard scalars.count >= 7, scalars[start + 1] == "x", scalars[start + 6] == "_" else { return false }
        return scalars[(start + 2)..<(start + 6)].allSatisfy { $0.isASCII && $0.properties.isASCIIHexDigit }
    }

    /// How wide it is shown: a Chinese character takes twice the room of a letter.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
    }
}

/// A sheet's name as Excel takes it: at most 31 characters, without `[ ] : * ? / \`, and no other sheet's.
struct SheetNames {
    private var taken: Set<String> = [CodeListSheet.name]

    mutating func name(_ wanted: String) -> String {
        var plain = String(wanted.map { "[]:*?/\\'".contains($0) || $0.isNewline ? " " : $0 }.prefix(31))
        if plain.allSatisfy(\.isWhitespace) { plain = "Sheet" }
        var name = plain
        var number = 2
        while !taken.insert(name.lowercased()).inserted {
            let end = "-\(number)"
            name = plain.prefix(31 - end.count) + end
            number += 1
        }
        return name
    }
}
