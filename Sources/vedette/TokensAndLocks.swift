import Accounts
import CoreRuntime
import Foundation
import SurveillanceKit

/// `vedette account token …`, `locks` and `unlock`.
enum TokensAndLocks {
    static func create(_ name: String, _ arguments: Arguments, _ desk: Desk) async throws {
        let expiresAt = try arguments.value("--expires").map { try end($0, now: desk.now) }
        print(
            try await desk.createToken(
                for: name, label: arguments.value("--label") ?? "command line", expiresAt: expiresAt))
    }

    static func list(_ name: String, _ desk: Desk) async throws {
        let tokens = try await desk.tokenList(of: name)
        if tokens.isEmpty {
            print("account \(name) has no token; make one with: vedette account token \(name) --label TEXT")
        }
        for (token, state) in tokens {
            let expires = token.expiresAt.map { "expires \(day($0.advanced(by: -1)))" } ?? "lasts until revoked"
            let used = token.usedAt.map { "used \(hour($0))" } ?? "never used"
            print("\(token.id)\t\(state.rawValue)\tmade \(day(token.createdAt))\t\(expires)\t\(used)\t\(token.label)")
        }
    }

    static func locks(_ desk: Desk) async throws {
        let locks = try await desk.lockList()
        if locks.isEmpty { print("no account waits") }
        for lock in locks {
            let wait = lock.remainingSeconds > 0 ? "waits \(lock.remainingSeconds) s" : "may try again"
            print("\(lock.account)\t\(lock.address)\t\(lock.failures) wrong passwords\t\(wait)")
        }
    }

    static func unlock(_ name: String, _ arguments: Arguments, _ desk: Desk) async throws {
        let count = try await desk.unlock(name, address: arguments.value("--address"))
        print(count == 0 ? "account \(name) did not wait anywhere" : "account \(name) may sign in again")
    }

    /// China's civil time: the last moment of that day, or so many days from now.
    private static func end(_ text: String, now: Instant) throws -> Instant {
        if let days = Int(text), (1...36_500).contains(days) { return now.advanced(byDays: days) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.utf8.count == 10, parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            let date = CivilDate(year: year, month: month, day: day)
        else {
            throw UsageError(
                "--expires is '\(text)'; give a day such as 2027-06-30, or for how many days the token counts, such as 90"
            )
        }
        let end = Instant(seconds: Int64((date.daysSince1970 + 1) * 86_400 - secondsEastOfUTC))
        guard end > now else { throw UsageError("--expires is '\(text)', which is over") }
        return end
    }

    private static let secondsEastOfUTC = 8 * 3600

    private static func day(_ instant: Instant) -> String {
        String(instant.civil(secondsEastOfUTC: secondsEastOfUTC).prefix(10))
    }

    private static func hour(_ instant: Instant) -> String {
        instant.civil(secondsEastOfUTC: secondsEastOfUTC).prefix(13) + " h"
    }
}
