import Accounts
import Audit
import Database
import Portal
import Registrations
import ShangMi
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("Known and unknown telephone numbers: the same answer in the same time", .serialized)
struct SameTimeTests {
    private static let password = "pear-sock-7 蓝"
    private static let pairs = 12
    /// A disk that is busy elsewhere spoils one measurement; a difference shows in all of them.
    private static let rounds = 3
    /// Medians of two kinds of attempts may differ by so much: what is hidden in them takes far longer.
    private static let tolerance = 1.5

    private let test: TestPlatform
    private var services: PlatformServices { test.platform.portalServices }

    init() async throws {
        test = try TestPlatform()
        let author = Author(name: "operator", origin: "command line")
        // One hash at the server's own cost is copied: each account's takes as long to check.
        for index in 0..<(Self.pairs * Self.rounds) {
            let name = "known-\(index)"
            let account = Account(name: name, displayName: name, role: .institution, institution: "H\(index)")
            let cheap = AccountStore(
                database: test.platform.data.database, random: .strong,
                cost: PasswordHash.Cost(memoryKiB: 64, passes: 1, lanes: 1))
            try await cheap.create(account, password: Self.password, by: author, at: test.platform.now())
            try await cheap.setContact(
                AccountContact(phone: Self.known(index).national, mail: "m\(index)@example.org"), of: name, by: author,
                at: test.platform.now())
        }
        let hash = try PasswordHash(of: Self.password, random: .strong).description
        try await test.platform.data.database.write {
            try $0.execute("UPDATE account SET password = ?", [.text(hash)])
        }
    }

    private static func known(_ index: Int) -> PhoneNumber { PhoneNumber("138\(10_000_000 + index)")! }
    private static func unknown(_ index: Int) -> PhoneNumber { PhoneNumber("139\(10_000_000 + index)")! }

    /// The ratio of the medians of two kinds of attempts, made in turn so that both meet the same load.
    private func ratio(
        of first: (Int) async throws -> Void, to second: (Int) async throws -> Void
    ) async throws -> Double {
        let clock = ContinuousClock()
        var times: (first: [Duration], second: [Duration]) = ([], [])
        for index in 0..<Self.pairs {
            if index.isMultiple(of: 2) {
                times.first.append(try await clock.measure { try await first(index) })
                times.second.append(try await clock.measure { try await second(index) })
            } else {
                times.second.append(try await clock.measure { try await second(index) })
                times.first.append(try await clock.measure { try await first(index) })
            }
        }
        func median(_ values: [Duration]) -> Double {
            let sorted = values.sorted()
            return (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / .nanoseconds(2)
        }
        return median(times.first) / median(times.second)
    }

    private func expectSame(
        _ what: Comment, of first: (Int) async throws -> Void, to second: (Int) async throws -> Void
    ) async throws {
        var ratios: [Double] = []
        for round in 0..<Self.rounds {
            let from = round * Self.pairs
            ratios.append(try await ratio(of: { try await first(from + $0) }, to: { try await second(from + $0) }))
            if let last = ratios.last, last < Self.tolerance, last > 1 / Self.tolerance { return }
        }
        Issue.record("\(what): \(ratios)")
    }

    @Test("a sign-in with a wrong password; the measure itself sees an attempt that hashes nothing")
    func signIn() async throws {
        func attempt(_ phone: PhoneNumber, _ index: Int) async throws -> String {
            let answer = try await services.signIn(
                phone.national, password: "wrong", from: "198.51.\(phone.national.utf8.last ?? 0).\(index)")
            guard case .refused(let text, let waitSeconds) = answer else { return "signed in" }
            return "\(text.zh) \(waitSeconds ?? 0)"
        }
        #expect(try await attempt(Self.known(0), 200) == (try await attempt(Self.unknown(0), 200)))
        try await expectSame(
            "sign-in", of: { _ = try await attempt(Self.known($0), $0) },
            to: { _ = try await attempt(Self.unknown($0), $0) })
        let short = try await ratio(
            of: { _ = try await attempt(Self.unknown($0), 100 + $0) },
            to: { _ = try await test.platform.accounts.find("known-\($0)") })
        #expect(short > 2 * Self.tolerance, "an attempt without a hash would be seen")
    }

    @Test("asking for a code, and proving the number of a forgotten password")
    func forgotten() async throws {
        func request(_ phone: PhoneNumber, _ index: Int) async throws {
            let answer = try await services.requestPhoneCode(
                phone, for: .password, session: phone.national, from: "203.0.\(phone.national.utf8.last ?? 0).\(index)")
            #expect(answer == .sent)
        }
        try await expectSame(
            "request", of: { try await request(Self.known($0), $0) }, to: { try await request(Self.unknown($0), $0) })
        // Each number's code, of those that were not asked for above, too.
        for index in 0..<(Self.pairs * Self.rounds) {
            for phone in [Self.known(index), Self.unknown(index)] {
                _ = try await services.requestPhoneCode(
                    phone, for: .password, session: phone.national, from: "203.1.\(phone.national.prefix(3)).\(index)")
            }
        }
        var codes: [String: String] = [:]
        let rows = try await test.platform.data.database.read {
            try $0.rows("SELECT phone, text_zh FROM notice WHERE kind = 'phone-code'").map { row -> (String, String) in
                (try row[0], try row[1])
            }
        }
        for (phone, text) in rows { codes[phone] = String(text.filter(\.isNumber).prefix(6)) }
        func prove(_ phone: PhoneNumber) async throws {
            let verdict = try await services.resetPassword(
                try #require(codes[phone.international]), of: phone, session: phone.national, from: "192.0.2.7")
            #expect(verdict == .right)
        }
        try await expectSame(
            "proof", of: { try await prove(Self.known($0)) }, to: { try await prove(Self.unknown($0)) })
        let links: Int? = try await test.platform.data.database.read {
            try $0.first("SELECT count(*) FROM password_link")
        }
        #expect(
            links ?? 0 >= Self.pairs && (links ?? 0).isMultiple(of: Self.pairs),
            "a link for each known number, none else")
    }
}
