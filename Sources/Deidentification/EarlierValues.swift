public import SurveillanceKit

/// What may be kept of a value that an earlier version of a program, or of the rules, has stored.
public struct EarlierValues: ~Copyable {
    private var freeText = FreeText()

    public init() {}

    /// - Returns: nil where the field's treatment keeps nothing of it: it stood in clear and would be a pseudonym today.
    public mutating func kept(_ value: StoredValue, of field: Field) -> StoredValue? {
        switch (field.deidentify, value) {
        case (.drop, _): return nil
        case (.pseudonym, .text(let text)): return Pseudonyms.isOne(text) ? value : nil
        case (.area, .text(let text)): return .text(Array(text.prefix(4)))
        case (.scrub, .text(let text)):
            var output: [UInt8] = []
            _ = text.withUnsafeBufferPointer {
                freeText.scrub($0, identifiers: RowIdentifiers(), .anyLong, into: &output)
            }
            return .text(output)
        case (.year, .integer), (.keep, _): return value
        case (.pseudonym, _), (.area, _), (.scrub, _), (.year, _): return nil
        }
    }
}
