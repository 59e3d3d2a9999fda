/// Names and values as a query or a form sends them: in order, names may repeat.
public struct FormFields: Sendable {
    public private(set) var items: [(name: String, value: String)] = []

    public init() {}

    /// Reads `a=1&b=2`; nil where an escape is broken or the text is no UTF-8.
    public init?(_ encoded: some Collection<UInt8>) {
        for pair in encoded.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Percent.decode(parts[0], plusIsBlank: true),
                let value = parts.count > 1 ? Percent.decode(parts[1], plusIsBlank: true) : ""
            else { return nil }
            items.append((name, value))
        }
    }

    /// The first value of that name.
    public subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    public func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    public mutating func append(_ name: String, _ value: String) { items.append((name, value)) }
}
