/// A cookie for the browser to keep. No script can read it, and other sites' pages never send it along.
///
/// Source: RFC 6265, and the same-site rules of RFC 6265bis.
public struct Cookie: Sendable {
    public var name: String
    public var value: String
    /// For how long it is kept, in seconds; nil ends it with the browser, 0 deletes it.
    public var maximumAgeSeconds: Int?
    public var path: String
    public var sameSite: SameSite
    public var isReadableByScripts: Bool

    public enum SameSite: String, Sendable {
        case strict = "Strict"
        case lax = "Lax"
    }

    public init(
        _ name: String, _ value: String, maximumAgeSeconds: Int? = nil, path: String = "/",
        sameSite: SameSite = .strict, isReadableByScripts: Bool = false
    ) {
        self.name = name
        self.value = value
        self.maximumAgeSeconds = maximumAgeSeconds
        self.path = path
        self.sameSite = sameSite
        self.isReadableByScripts = isReadableByScripts
    }

    /// The value of a `Set-Cookie` field; the cookie's own value is percent-encoded.
    public func field(isSecure: Bool) -> String {
        var field = "\(name)=\(Percent.encode(value)); Path=\(path); SameSite=\(sameSite.rawValue)"
        if let maximumAgeSeconds { field += "; Max-Age=\(maximumAgeSeconds)" }
        if !isReadableByScripts { field += "; HttpOnly" }
        if isSecure { field += "; Secure" }
        return field
    }

    /// The cookies of a request's `Cookie` fields; of a name that repeats, the first. What cannot be decoded is left
    /// out.
    static func parse(_ fields: [String]) -> [String: String] {
        var cookies: [String: String] = [:]
        for field in fields {
            for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
                let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                let name = String(Substring(parts[0].drop { $0 == UInt8(ascii: " ") }))
                if cookies[name] == nil, let value = Percent.decode(parts[1]) { cookies[name] = value }
            }
        }
        return cookies
    }
}
