/// Finds the route for a path. A literal segment wins over a `{name}` at the same place.
public struct Router: Sendable {
    public let routes: [Route]
    private let root: Node

    /// How the server's own problems are shown; by default JSON, or a small page for browsers.
    public var show: @Sendable (Problem, RequestHead) -> Response

    /// Asked with GET for an address that no route has; nil for the plain answer of 404.
    public var fallback: Route?

    public init(
        _ routes: [Route],
        show: @escaping @Sendable (Problem, RequestHead) -> Response = { Response.problem($0, for: $1) }
    ) {
        self.routes = routes
        self.show = show
        var root = Node()
        for route in routes { root.add(route, segments: route.segments[...]) }
        self.root = root
    }

    enum Match {
        case route(Route, parameters: [String: String])
        case notFound
        /// The path is known, the method is not; the methods that are, HEAD and OPTIONS among them.
        case methodNotAllowed([Method])
    }

    func match(_ method: Method?, _ segments: [String]) -> Match {
        var parameters: [String: String] = [:]
        guard let found = root.find(segments[...], parameters: &parameters) else {
            guard let fallback, method == .get || method == .head else { return .notFound }
            return .route(fallback, parameters: [:])
        }
        let wanted: Method? = method == .head && found[.head] == nil ? .get : method
        if let wanted, let route = found[wanted] { return .route(route, parameters: parameters) }
        let allowed = Method.allCases.filter {
            found[$0] != nil || $0 == .options || ($0 == .head && found[.get] != nil)
        }
        return .methodNotAllowed(allowed)
    }

    /// What follows one place in the paths.
    private struct Node: Sendable {
        var routes: [Method: Route] = [:]
        var literals: [String: Node] = [:]
        /// The children under a `{name}`; routes may call the same place differently.
        var placeholders: [(name: String, node: Node)] = []

        mutating func add(_ route: Route, segments: ArraySlice<Substring>) {
            guard let first = segments.first else {
                routes[route.method] = route
                return
            }
            let rest = segments.dropFirst()
            guard first.hasPrefix("{"), first.hasSuffix("}") else {
                literals[String(first), default: Node()].add(route, segments: rest)
                return
            }
            let name = String(first.dropFirst().dropLast())
            let index = placeholders.firstIndex { $0.name == name } ?? placeholders.count
            if index == placeholders.count { placeholders.append((name, Node())) }
            placeholders[index].node.add(route, segments: rest)
        }

        func find(_ segments: ArraySlice<String>, parameters: inout [String: String]) -> [Method: Route]? {
            guard let first = segments.first else { return routes.isEmpty ? nil : routes }
            let rest = segments.dropFirst()
            if let found = literals[first]?.find(rest, parameters: &parameters) { return found }
            for (name, node) in placeholders where !first.isEmpty {
                if let found = node.find(rest, parameters: &parameters) {
                    parameters[name] = first
                    return found
                }
            }
            return nil
        }
    }
}
