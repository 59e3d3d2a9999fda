import Foundation
import Testing

/// docs/roles.md: what each route answered to each role when all of them were walked.
enum RoleTable {
    private static let columns: [(ScopeWalk.Caller, String)] = [
        (.stranger, "nobody"), (.sender, "hospital"), (.neighbour, "another hospital"), (.province, "its province"),
        (.otherProvince, "another province"), (.national, "national"), (.platform, "platform"), (.reviewer, "reviewer"),
    ]

    static let head = """
        # Routes and roles

        What each route answers to each role about a submission of one hospital, as `ScopeWalkTests` has walked it: every route of the server stands here, and a route that changes its answer fails that test. `RECORD=1 scripts/test --filter ScopeWalkTests` writes the table anew.
        **路由与角色**：各角色访问各路由所得的状态码。

        2xx: done or shown · 303: led elsewhere, to sign in or to the page of its own · 401: who is it? · 403: this role may not · 404: not there for this role · 4xx else: the walk's empty form was refused, so the role may.


        """

    static func hold(_ statuses: [String: [ScopeWalk.Caller: Int]]) throws {
        var lines = ["| route | " + columns.map(\.1).joined(separator: " | ") + " |"]
        lines.append("|---|" + columns.map { _ in "---|" }.joined())
        for (route, answers) in statuses.sorted(by: { key($0.key) < key($1.key) }) {
            lines.append(
                "| `\(route)` | " + columns.map { answers[$0.0].map(String.init) ?? "" }.joined(separator: " | ") + " |"
            )
        }
        let text = head + lines.joined(separator: "\n") + "\n"
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/roles.md")
        let written = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        if ProcessInfo.processInfo.environment["RECORD"] == "1", written != text {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(written == text, "docs/roles.md is not what the walk has found; RECORD=1 writes it anew")
    }

    /// By address, then by method.
    private static func key(_ route: String) -> String {
        let parts = route.split(separator: " ")
        return parts.count == 2 ? "\(parts[1]) \(parts[0])" : route
    }
}
