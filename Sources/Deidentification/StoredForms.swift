public import ShangMi
public import SurveillanceKit
public import Validation

/// Says in what form a value is stored, so that what a row names can be found among de-identified records and compared with them.
///
/// Made for one program and institution, as pseudonyms are.
public struct StoredForms: ~Copyable, Sendable {
    private var pseudonyms: Pseudonyms

    /// - Parameter key: the pseudonym key of the `Deidentifier` that stored the records.
    public init(program: String, institution: String, key: SymmetricKey) throws(ShangMiError) {
        pseudonyms = try Pseudonyms(program: program, institution: institution, key: key)
    }

    /// A value as it is stored; nil where the field is not stored in a form that tells values apart.
    public mutating func form(of value: ParentKey.Value, in field: Field) -> StoredValue? {
        switch (field.deidentify, field.type, value) {
        case (.keep, .string, .text(let text)): .text(Array(text.utf8))
        case (.pseudonym, .string, .text(let text)): .text(pseudonym(of: text))
        case (.keep, .date, .bits(let bits)), (.keep, .datetime, .bits(let bits)):
            .text(Array(CivilText.text(Int64(bitPattern: bits), withTime: field.type == .datetime).utf8))
        case (.keep, .integer, .bits(let bits)), (.keep, .boolean, .bits(let bits)): .integer(Int64(bitPattern: bits))
        case (.keep, .number, .bits(let bits)): .number(Double(bitPattern: bits))
        default: nil
        }
    }

    /// Whether what is stored of a field came of one of some values; nil where it does not tell: it is dropped, coarsened, cut, or of
    /// a kind that the field no longer has.
    public mutating func holds(_ stored: StoredValue, in field: Field, oneOf values: [ParentKey.Value]) -> Bool? {
        if field.type == .string, case .text(let text) = stored {
            let isPseudonym = text.count == Pseudonyms.length
            if field.deidentify == .pseudonym, !isPseudonym { return nil }
            if field.deidentify == .keep {
                if FreeText.isCut(text) { return nil }
                // A kept key in which something had to be cut was stored as its pseudonym.
                if isPseudonym, values.contains(where: { has(text, asPseudonymOf: $0) }) { return true }
            }
        }
        for value in values {
            guard let form = form(of: value, in: field), StoredForms.areAlike(form, stored) else { return nil }
            if form == stored { return true }
        }
        return false
    }

    private mutating func has(_ pseudonym: [UInt8], asPseudonymOf value: ParentKey.Value) -> Bool {
        if case .text(let text) = value { self.pseudonym(of: text) == pseudonym } else { false }
    }

    private mutating func pseudonym(of text: String) -> [UInt8] {
        var pseudonym: [UInt8] = []
        Array(text.utf8).withUnsafeBufferPointer { pseudonyms.append($0, to: &pseudonym) }
        return pseudonym
    }

    private static func areAlike(_ one: StoredValue, _ other: StoredValue) -> Bool {
        switch (one, other) {
        case (.text, .text), (.integer, .integer), (.number, .number): true
        default: false
        }
    }
}
