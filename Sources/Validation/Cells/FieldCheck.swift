import Expressions
import SurveillanceKit

/// A field's checks, flattened so that a cell is judged in a few branches. Counts no references: good as long as its field lives.
struct FieldCheck {
    enum Kind: UInt8 {
        case text
        case code
        case codes
        case integer
        case number
        case boolean
        case day
        case moment

        /// Its value is its text.
        var isText: Bool { self == .text || self == .code || self == .codes }
    }

    var kind: Kind
    var isRequired: Bool
    /// What only `CompiledField.judgeFurther` can judge: a pattern, an enumeration, several values in a cell.
    var needsFurther: Bool
    var acceptsBareDate: Bool
    var countsGBKBytes: Bool
    /// Some text stands for "not known" here, nearly always `-`.
    var acceptsPlaceholder: Bool
    var hasOtherPlaceholders: Bool
    var minimumLength: Int32
    var maximumLength: Int32
    var maximumIntegerDigits: Int32
    var maximumDecimals: Int32
    var minimum: Double
    var maximum: Double
    /// Of days and moments: what is earlier or later has to be looked at more closely. Seconds since 1970; the checker, which knows the
    /// day of receipt, sets `latest`.
    var earliest: Int64 = .min
    var latest: Int64 = .max
    /// How to see at once that nothing is odd about a text by which records are told apart.
    var oddText: IdentifierText.Test
    var identifier: IdentifierText.Kind
    /// Any text breaks no constraint that is not too long: a word for nothing has to be looked for.
    var isOpenText: Bool
    /// Where a cell holds one code: the list it must come from.
    var codes: CodeTable.View
}

extension FieldCheck {
    /// It takes a code from a list and nothing else.
    var isPlainCode: Bool { kind == .code && !needsFurther && !hasOtherPlaceholders }

    /// The length in bytes up to which any text of two bytes or more is right, or -1: most texts need no further look.
    var plainLength: Int32 {
        guard kind == .text, minimumLength == 0, !needsFurther, !hasOtherPlaceholders else { return -1 }
        // No text has more characters than bytes; in GBK none has more bytes than in UTF-8.
        return maximumLength
    }
}

/// What can be wrong with one cell. The raw value finds the finding's template.
enum CellFault: UInt8, CaseIterable {
    case required
    case type
    case minimumLength
    case maximumLength
    case minimum
    case maximum
    case decimals
    case integerDigits
    case pattern
    case enumeration
    case codeList
    case institution
    case institutionName
    case encoding
    case zeroByte
    case missingCell
    case malformedQuotes
    /// The text had lost characters before it came; it is taken as it is.
    case lostText
    /// A word for nothing, such as `NULL`, where a value is required.
    case missingWord
    /// A number of which a spreadsheet has replaced digits: `6.22E+18`.
    case digitsLost
    /// A time without seconds in a key.
    case secondsMissing
    /// A day where a time of day belongs.
    case timeMissing
    /// A moment of another time zone than the program's.
    case otherZone
    /// A date that systems write where they have none: 1900-01-01.
    case placeholderDate
    /// A birth on such a day.
    case unlikelyDate
    /// A date after the day of receipt.
    case future

    /// Where it is only a warning, the cell counts as empty.
    var isBlank: Bool { self == .missingWord || self == .placeholderDate || self == .required }
}

extension FieldCheck {
    /// Parses and judges a cell that is not empty: writes its parsed value and returns the first fault, if there is one.
    ///
    /// What `needsFurther` is left to the caller. The check is pointed at: copying it would cost as much as most judgements do.
    @inline(__always)
    static func judge(
        _ text: UnsafeBufferPointer<UInt8>, by check: UnsafePointer<FieldCheck>, bits: inout UInt64
    ) -> CellFault? {
        switch check.pointee.kind {
        case .text:
            return judgeLength(text, by: check)
        case .code:
            // A code of the list is right even where the list has grown longer than the field.
            if check.pointee.codes.contains(text) { return nil }
            return judgeLength(text, by: check) ?? .codeList
        case .codes:
            return nil
        case .integer:
            guard let value = NumberText.integer(text) else {
                // Where the schema only warns, rules see the largest number there is.
                bits = UInt64(bitPattern: text[0] == UInt8(ascii: "-") ? .min : .max)
                return check.pointee.judgeOverlongInteger(text)
            }
            bits = UInt64(bitPattern: value)
            return judgeRange(Double(value), by: check)
        case .number:
            guard let value = NumberText.decimal(text) else { return .type }
            bits = value.value.bitPattern
            if value.integerDigits > Int(check.pointee.maximumIntegerDigits)
                || value.decimals > Int(check.pointee.maximumDecimals),
                let fault = check.pointee.judgeDigits(text)
            {
                return fault
            }
            return judgeRange(value.value, by: check)
        case .boolean:
            guard let value = boolean(text) else { return .type }
            bits = value ? 1 : 0
            return nil
        case .day:
            guard let value = DateText.day(text) else { return .type }
            bits = UInt64(bitPattern: value)
            return judgeTime(value, by: check)
        case .moment:
            guard let value = DateText.moment(text, acceptsBareDay: check.pointee.acceptsBareDate) else { return .type }
            bits = UInt64(bitPattern: value)
            return judgeTime(value, by: check)
        }
    }

    /// Most dates lie between the first that can be right and the day of receipt; `CellRepair` looks at the others.
    @inline(__always)
    private static func judgeTime(_ value: Int64, by check: UnsafePointer<FieldCheck>) -> CellFault? {
        value < check.pointee.earliest || value > check.pointee.latest ? .future : nil
    }

    @inline(__always)
    static func judgeLength(_ text: UnsafeBufferPointer<UInt8>, by check: UnsafePointer<FieldCheck>) -> CellFault? {
        // No text has more characters than bytes.
        if text.count <= Int(check.pointee.maximumLength), check.pointee.minimumLength == 0 { return nil }
        return check.pointee.judgeLength(text)
    }

    @inline(never)
    func judgeLength(_ text: UnsafeBufferPointer<UInt8>) -> CellFault? {
        let length = self.length(of: text)
        if length > maximumLength { return .maximumLength }
        if length < minimumLength { return .minimumLength }
        return nil
    }

    /// Characters, or bytes as GBK has them; a character beyond the Basic Multilingual Plane takes four in GB18030.
    private func length(of text: UnsafeBufferPointer<UInt8>) -> Int {
        var length = 0
        for byte in text where byte & 0xC0 != 0x80 {
            length += !countsGBKBytes || byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : 2
        }
        return length
    }

    @inline(__always)
    private static func judgeRange(_ value: Double, by check: UnsafePointer<FieldCheck>) -> CellFault? {
        if value < check.pointee.minimum { return .minimum }
        if value > check.pointee.maximum { return .maximum }
        return nil
    }

    /// Counts a number's digits where there may be too many of them.
    @inline(never)
    private func judgeDigits(_ text: UnsafeBufferPointer<UInt8>) -> CellFault? {
        guard let exact = NumberText.exactly(text) else { return .type }
        if exact.integerDigits > Int(maximumIntegerDigits) { return .integerDigits }
        return exact.decimals > Int(maximumDecimals) ? .decimals : nil
    }

    /// A whole number of more digits than anybody counts with is out of range, where there is a range, rather than no number.
    @inline(never)
    private func judgeOverlongInteger(_ text: UnsafeBufferPointer<UInt8>) -> CellFault {
        let isSigned = text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+")
        let digits = text.dropFirst(isSigned ? 1 : 0)
        guard digits.count > 18, digits.allSatisfy({ $0 &- 0x30 <= 9 }), digits.first != 0x30 else { return .type }
        if text[0] == UInt8(ascii: "-") { return minimum > -.infinity ? .minimum : .type }
        return maximum < .infinity ? .maximum : .type
    }

    /// Source: Table Schema, `boolean`: default trueValues and falseValues.
    private static func boolean(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        switch String(decoding: text, as: UTF8.self) {
        case "true", "True", "TRUE", "1": true
        case "false", "False", "FALSE", "0": false
        default: nil
        }
    }
}
