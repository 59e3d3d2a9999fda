/// Header fields in the order they were given; names are matched without regard to case.
public struct Headers: Sendable {
    public private(set) var fields: [(name: String, value: String)] = []

    public init() {}

    /// The first field of that name; setting it replaces all of them, and nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { equalsIgnoringCase($0.name, name) }?.value }
        set {
            fields.removeAll { equalsIgnoringCase($0.name, name) }
            if let newValue { fields.append((name, newValue)) }
        }
    }

    public func all(_ name: String) -> [String] {
        fields.filter { equalsIgnoringCase($0.name, name) }.map(\.value)
    }

    public mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }
}

extension Headers: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { ($0.0, $0.1) }
    }
}

/// Whether two names are equal but for the case of ASCII letters.
func equalsIgnoringCase(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    left.utf8.elementsEqual(right.utf8) { lowercased($0) == lowercased($1) }
}

func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
