import Foundation
import Testing

/// docs/roles.md: what each route answered to each role when all of them were walked.
enum RoleTable {
    private static let columns: [(ScopeWalk.Caller, String)] = [
        (.stranger, "nobody"), (.sender, "hospital"), (.sendsOnly, "its colleague who may only send"),
        (.readsOnly, "its colleague who may only read"), (.neighbour, "another hospital"), (.province, "its province"),
        (.otherProvince, "another province"), (.national, "national"), (.platform, "platform"), (.security, "security"),
        (.auditor, "auditor"), (.reviewer, "reviewer"), (.analyst, "analyst"),
    ]

    static let head = """
        # Routes and roles

        What each route answers to each role about a submission of one hospital, as `ScopeWalkTests` has walked it: every route of the server stands here, and a route that changes its answer fails that test. `RECORD=1 scripts/test --filter ScopeWalkTests` writes the table anew.
        **路由与角色**：各角色访问各路由所得的状态码。

        The roles, as level 3 of 等级保护 (GB/T 22239-2019) separates them; an account has one, and nobody holds two of `platform`, `security` and `auditor` under the same mobile number or mail address:

        | role | 角色 | is for | region |
        |---|---|---|---|
        | `institution` | 医疗机构 | sends reports, sees its own; its data manager gives colleagues accounts that may only send, or only read | its institution |
        | `provincial` | 省级 | sees what the institutions of its region sent, sets their exemptions | needed |
        | `national` | 国家级 | sees everything, sets deadlines, keeps the register | none |
        | `platform` | 系统管理 | the system administrator: retries, messages, the register | none |
        | `security` | 安全管理 | the security administrator: other people's accounts and rights, lost second factors | none |
        | `auditor` | 审计管理 | the audit administrator: reads the audit trail | none |
        | `reviewer` | 账号审核 | decides about applications of its region | needed |
        | `analyst` | 数据分析 | reads figures, no report | one, or the nation |

        New accounts (but hospitals'), another role, a larger region and enabling a disabled account take two security administrators on `/people`: one asks, another confirms within 7 days. Nobody asks for or confirms anything for the own account. A smaller region and disabling take one. Commands (`vedette account`) make the first accounts; once two security administrators
        can sign in, commands widen nothing any more. Accounts from before stay what they were: `national` and `provincial` keep their rights, and `platform` is the system administrator; the first `security` and `auditor` accounts are made by command.

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
