import Accounts
import HTTPServer
import SurveillanceKit

/// What an institution's account with fewer rights may ask for, whatever the route behind the address does.
///
/// Every page and every route of the API finds out who is calling in `Visitors`, and asks here. What is not listed is refused, so that
/// a new route is closed to colleagues until somebody has decided otherwise.
struct ColleagueGate: Sendable {
    let rights: ColleagueRights

    /// Pages and routes that everybody with an account has: the own account, programs, resources, help, signing in and out.
    private static let everybodys: Set<String> = [
        "account", "programs", "resources", "help", "sign-in", "sign-out", "assets", "institution-codes",
    ]

    func allows(_ method: Method, _ path: String) -> Bool {
        var parts = path.split(separator: "/").map(String.init)
        let isAPI = parts.starts(with: ["api", "v1"])
        if isAPI { parts.removeFirst(2) }
        if let first = parts.first, Self.everybodys.contains(first) { return true }
        let isReading = method == .get || method == .head
        return switch rights {
        case .manager: true
        case .read: isReading && parts.first != "colleagues"
        case .send: isReading ? Self.senderReads(parts) : Self.senderSends(parts)
        }
    }

    /// That reports have arrived and what they came to in numbers; receipts; what is due.
    private static func senderReads(_ parts: [String]) -> Bool {
        switch parts.count {
        case 0: true
        case 1: ["upload", "submissions", "duties", "obligations"].contains(parts[0])
        case 2: parts[0] == "submissions" || parts == ["duties", "explain"]
        case 3: parts[0] == "submissions" && ["receipt", "receipt.json"].contains(parts[2])
        default: false
        }
    }

    private static func senderSends(_ parts: [String]) -> Bool {
        [["upload"], ["submissions"], ["zero-reports"], ["duties", "zero-reports"]].contains(parts)
    }
}
