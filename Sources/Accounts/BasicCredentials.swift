import FoundationEssentials

/// A name and password as HTTP Basic carries them.
public struct BasicCredentials: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    public var name: String
    public var password: String

    public init(name: String, password: String) {
        self.name = name
        self.password = password
    }

    /// - Parameter authorization: The header's value, `Basic …`; nil where it is of another scheme or malformed.
    ///
    /// Source: RFC 7617, with UTF-8.
    public init?(authorization: String) {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let bytes = Data(base64Encoded: String(parts[1].drop { $0 == " " })),
            let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { return nil }
        name = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
    }

    public var description: String { "BasicCredentials(\(name))" }
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
