import HTTPServer

/// The files that pages refer to. The address holds a digest of the content, so browsers may keep them for ever.
struct Asset: Sendable {
    let path: SitePath
    let route: Route

    init(_ name: StaticString, type: StaticString, content: StaticString) {
        let bytes = content.withUTF8Buffer(Array.init)
        let digest = Asset.digest(bytes)
        let (name, type) = (name.description, type.description)
        path = SitePath("assets", name).with("v", digest)
        route = .get("/assets/\(name)") { request in
            var response = Response.bytes(bytes, type: type)
            let isCurrent = request.query["v"] == digest
            response.headers["Cache-Control"] = isCurrent ? "public, max-age=31536000, immutable" : "no-cache"
            return response
        }
    }

    /// Tells one version of a file from another; it protects nothing.
    ///
    /// Source: FNV-1a, 64 bits.
    private static func digest(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    static let stylesheet = Asset("vedette.css", type: "text/css; charset=utf-8", content: stylesheetText)
    static let script = Asset("vedette.js", type: "text/javascript; charset=utf-8", content: scriptText)
    static let icon = Asset("vedette.svg", type: "image/svg+xml", content: iconText)
    static let all = [stylesheet, script, icon]
}

/// A sentry's watchtower light.
private let iconText: StaticString = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f5a7a"/>\
    <path d="M8 9l8 15 8-15" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/>\
    <circle cx="16" cy="9" r="2.6" fill="#ffd479"/></svg>
    """
