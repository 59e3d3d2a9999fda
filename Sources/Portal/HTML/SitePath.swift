import HTTPServer

/// A path of this site with its query, escaped where it is written.
struct SitePath: Hashable, Sendable, CustomStringConvertible {
    var segments: [String]
    private var query: [Item] = []
    private var fragment: String?

    private struct Item: Hashable, Sendable {
        var name: String
        var value: String
    }

    init(_ segments: String...) { self.segments = segments }

    /// The path of a request, with its query.
    init(of head: RequestHead) {
        segments = head.path.split(separator: "/").map(String.init)
        query = head.query.items.map { Item(name: $0.name, value: $0.value) }
    }

    /// The same path with the parameter set, or taken out where the value is nil or empty.
    func with(_ name: String, _ value: String?) -> SitePath {
        var path = self
        path.query.removeAll { $0.name == name }
        if let value, !value.isEmpty { path.query.append(Item(name: name, value: value)) }
        return path
    }

    /// A path below this one, without its query.
    func appending(_ segment: String) -> SitePath {
        var path = self
        path.segments.append(segment)
        path.query = []
        return path
    }

    /// The same path, and the place in the page.
    func at(_ id: String) -> SitePath {
        var path = self
        path.fragment = id
        return path
    }

    var description: String {
        let path = "/" + segments.map(Percent.encode).joined(separator: "/")
        let items = query.map { "\(Percent.encode($0.name))=\(Percent.encode($0.value))" }.joined(separator: "&")
        return path + (items.isEmpty ? "" : "?" + items) + (fragment.map { "#" + Percent.encode($0) } ?? "")
    }

    /// Where to go after signing in: a path of this site, and nothing that a browser could take for another site's.
    ///
    /// nil for anything but a path that begins with one slash and has neither a backslash nor a control character.
    static func isSafe(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.first == UInt8(ascii: "/") && bytes.dropFirst().first != UInt8(ascii: "/")
            && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    }
}
