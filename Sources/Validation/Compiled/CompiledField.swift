import Expressions
import RegularExpressions
import SurveillanceKit
import Tabular

/// A field made ready for checking: its flat check, and what needs references beside it.
struct CompiledField: Sendable {
    let field: Field
    let check: FieldCheck
    let codes: CodeTable?
    let enumeration: CodeTable?
    let pattern: RegularExpression?
    /// The field is part of a key or a link, by which rows are told apart and found.
    let isKey: Bool
    /// What dates of the field may be.
    let dates: DateLimits
    private let separators: [[UInt8]]
    private let placeholders: [[UInt8]]

    /// - Parameter isKey: whether it is part of a key or a link.
    init(_ field: Field, in fileType: FileType, isKey: Bool) throws(RegularExpression.PatternError) {
        self.field = field
        self.isKey = isKey
        dates = DateLimits(field, in: fileType)
        let identifier = IdentifierText.Kind(field, in: fileType, isKey: isKey)
        let constraints = field.constraints
        let knownCodes = field.codeList.flatMap { $0.isKnown ? $0 : nil }
        codes = knownCodes.map { CodeTable($0.entries.map(\.code)) }
        enumeration = constraints.enumeration.isEmpty ? nil : CodeTable(constraints.enumeration)
        pattern = try constraints.pattern.map { source throws(RegularExpression.PatternError) in
            try RegularExpression(source, wholeMatch: true)
        }
        separators = field.separators.map { Array(String($0).utf8) }
        placeholders = field.placeholders.map { Array($0.utf8) }
        let kind: FieldCheck.Kind =
            switch field.type {
            case .string: field.separators.isEmpty ? (codes == nil ? .text : .code) : .codes
            case .integer: .integer
            case .number: .number
            case .boolean: .boolean
            case .date: .day
            case .datetime: .moment
            }
        check = FieldCheck(
            kind: kind, isRequired: constraints.isRequired,
            needsFurther: kind == .codes || enumeration != nil || pattern != nil || (codes != nil && kind != .code),
            acceptsBareDate: field.acceptsBareDate, countsGBKBytes: fileType.lengthUnit == .gbkBytes,
            acceptsPlaceholder: !field.placeholders.isEmpty,
            hasOtherPlaceholders: !field.placeholders.isEmpty && field.placeholders != ["-"],
            minimumLength: Int32(clamping: constraints.minimumLength ?? 0),
            maximumLength: Int32(clamping: constraints.maximumLength ?? Int(Int32.max)),
            maximumIntegerDigits: Int32(clamping: constraints.maximumIntegerDigits ?? Int(Int32.max)),
            maximumDecimals: Int32(clamping: constraints.maximumDecimals ?? Int(Int32.max)),
            minimum: constraints.minimum ?? -.infinity, maximum: constraints.maximum ?? .infinity,
            earliest: dates.earliest, oddText: IdentifierText.Test(identifier), identifier: identifier,
            isOpenText: kind == .text || kind == .codes,
            codes: codes?.view ?? .none)
    }

    func isPlaceholder(_ text: UnsafeBufferPointer<UInt8>) -> Bool { placeholders.contains { text.elementsEqual($0) } }

    /// Whether a text that is no placeholder breaks none of the field's own constraints.
    func isRight(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard check.kind == .text, text.count > 1, !isPlaceholder(text) else { return false }
        return check.judgeLength(text) == nil && judgeFurther(text) == nil
    }

    /// Whether the field's own list has the text: then it is no word for nothing there.
    func lists(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        codes?.contains(text) == true || enumeration?.contains(text) == true
    }

    /// What is left to judge of a text that has its type: the list it must come from, its pattern, each part of several values.
    func judgeFurther(_ text: UnsafeBufferPointer<UInt8>) -> CellFault? {
        if check.kind == .codes {
            for part in parts(of: text) {
                if let codes, codes.contains(part) { continue }
                if let fault = check.judgeLength(part) { return fault }
                if codes != nil { return .codeList }
            }
            return nil
        }
        if check.kind != .code, let codes, !codes.contains(text) { return .codeList }
        if let enumeration, !enumeration.contains(text) { return .enumeration }
        if let pattern, !pattern.matches(text) { return .pattern }
        return nil
    }

    /// The values of a cell that may hold several; empty parts are passed over.
    func parts(of text: UnsafeBufferPointer<UInt8>) -> [UnsafeBufferPointer<UInt8>] {
        guard !field.separators.isEmpty else { return [text] }
        var parts: [UnsafeBufferPointer<UInt8>] = []
        var start = 0
        var index = 0
        func end(at end: Int) {
            let part = CellText.trimmed(UnsafeBufferPointer(rebasing: text[start..<end]))
            if !part.isEmpty { parts.append(part) }
        }
        while index < text.count {
            if let separator = separators.first(where: { text[index...].starts(with: $0) }) {
                end(at: index)
                index += separator.count
                start = index
            } else {
                index += 1
            }
        }
        end(at: text.count)
        return parts
    }
}
