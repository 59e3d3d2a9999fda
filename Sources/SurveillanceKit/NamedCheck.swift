/// A test of one cell's text that an expression cannot say: a check digit, a classification's syntax.
///
/// Rules name it by `id` (`"check": "resident-id"`), expressions call it as a function, `residentId(P13)`.
public struct NamedCheck: Sendable {
    public var id: String
    /// Whether a cell passes. It is given the cell's UTF-8 without the blanks round it, never empty and never a placeholder.
    public var passes: @Sendable (Span<UInt8>) -> Bool

    public init(_ id: String, passes: @escaping @Sendable (Span<UInt8>) -> Bool) {
        self.id = id
        self.passes = passes
    }

    /// The name expressions call it by: `resident-id` becomes `residentId`.
    public var functionName: String {
        var name = ""
        var startsWord = false
        for character in id {
            if character == "-" {
                startsWord = true
            } else if startsWord {
                name += character.uppercased()
                startsWord = false
            } else {
                name.append(character)
            }
        }
        return name
    }
}
