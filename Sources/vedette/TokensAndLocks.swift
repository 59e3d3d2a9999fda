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
            print(
                say(
                    "账号 \(name) 没有令牌；用 vedette account token \(name) --label TEXT 生成",
                    "account \(name) has no token; make one with: vedette account token \(name) --label TEXT"))
        }
        for (token, state) in tokens {
            let expires =
                token.expiresAt.map { say("有效至 \(day($0.advanced(by: -1)))", "expires \(day($0.advanced(by: -1)))") }
                ?? say("吊销前一直有效", "lasts until revoked")
            let used = token.usedAt.map { say("最近使用 \(hour($0))", "used \(hour($0))") } ?? say("从未使用", "never used")
            print(
                say(
                    "\(token.id)\t\(state.rawValue)\t生成于 \(day(token.createdAt))\t\(expires)\t\(used)\t\(token.label)",
                    "\(token.id)\t\(state.rawValue)\tmade \(day(token.createdAt))\t\(expires)\t\(used)\t\(token.label)")
            )
        }
    }

    static func locks(_ desk: Desk) async throws {
        let locks = try await desk.lockList()
        if locks.isEmpty { print(say("没有账号在等待", "no account waits")) }
        for lock in locks {
            let wait =
                lock.remainingSeconds > 0
                ? say("还需等待 \(lock.remainingSeconds) 秒", "waits \(lock.remainingSeconds) s")
                : say("可以再试", "may try again")
            print(
                say(
                    "\(lock.account)\t\(lock.address)\t密码错误 \(lock.failures) 次\t\(wait)",
                    "\(lock.account)\t\(lock.address)\t\(lock.failures) wrong passwords\t\(wait)"))
        }
    }

    static func unlock(_ name: String, _ arguments: Arguments, _ desk: Desk) async throws {
        let count = try await desk.unlock(name, address: arguments.value("--address"))
        print(
            count == 0
                ? say("账号 \(name) 没有在任何地址等待", "account \(name) did not wait anywhere")
                : say("账号 \(name) 可以重新登录", "account \(name) may sign in again"))
    }

    /// China's civil time: the last moment of that day, or so many days from now.
    private static func end(_ text: String, now: Instant) throws -> Instant {
        if let days = Int(text), (1...36_500).contains(days) { return now.advanced(byDays: days) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.utf8.count == 10, parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            let date = CivilDate(year: year, month: month, day: day)
        else {
            throw UsageError(
                "--expires 不能是“\(text)”：应为日期（如 2027-06-30）或天数（如 90）",
                "--expires is '\(text)'; give a day such as 2027-06-30, or for how many days the token counts, such as 90"
            )
        }
        let end = Instant(seconds: Int64((date.daysSince1970 + 1) * 86_400 - secondsEastOfUTC))
        guard end > now else { throw UsageError("--expires“\(text)”已经过去", "--expires is '\(text)', which is over") }
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
