import Audit
import Database
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import Accounts

@Suite("Second factors, on every store", .everyStore)
struct SecondFactorTests {
    @Test("a code of the app is right in its step and the two beside it, and once")
    func codes() async throws {
        let house = try await FactorHouse()
        let (secret, _) = try await house.enrolled(at: 900)
        // The code that has set it up is used.
        #expect(try await house.verify(try FactorHouse.code(secret, at: 900), at: 901) == .wrong)
        #expect(try await house.verify(try FactorHouse.code(secret, at: 3000), at: 3000) == .right)
        #expect(try await house.verify(try FactorHouse.code(secret, at: 3000), at: 3001) == .wrong)
        // Nor does an earlier one count any more.
        #expect(try await house.verify(try FactorHouse.code(secret, at: 2970), at: 3002) == .wrong)
        #expect(try await house.verify(try FactorHouse.code(secret, at: 3030), at: 3003) == .right)
        for (shown, given, verdict) in [
            (6000, 6030, FactorVerdict.right), (7000, 7090, .wrong), (8090, 8000, .wrong), (9000, 9000, .right),
        ] as [(Int64, Int64, FactorVerdict)] {
            let code = try FactorHouse.code(secret, at: shown)
            #expect(try await house.verify(code, at: given) == verdict, "of \(shown), given at \(given)")
        }
        let spaced = try FactorHouse.code(secret, at: 12_000)
        #expect(try await house.verify(" \(spaced.prefix(3)) \(spaced.suffix(3))", at: 12_000) == .right)
        #expect(try await house.factors.verify("000000", of: "nobody", by: house.author, at: .seconds(1)) == .wrong)
    }

    @Test("of eight requests that bring the same code at once one alone is right; so with a recovery code")
    func once() async throws {
        let house = try await FactorHouse()
        let (secret, codes) = try await house.enrolled()
        for code in [try FactorHouse.code(secret, at: 3000), codes[0]] {
            let verdicts = try await withThrowingTaskGroup(of: FactorVerdict.self) { group in
                for _ in 0..<6 { group.addTask { try await house.verify(code, at: 3000) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count { $0 == .right } == 1, "\(verdicts)")
            try await house.house.database.write { try $0.execute("UPDATE second_factor SET failures = 0") }
        }
    }

    @Test("ten recovery codes count once each, however they are typed; new ones end the old ones")
    func recovery() async throws {
        let house = try await FactorHouse()
        let (_, codes) = try await house.enrolled()
        #expect(codes.count == 10 && Set(codes).count == 10 && codes.allSatisfy { $0.utf8.count == 11 })
        #expect(try await house.verify(codes[3], at: 2000) == .right)
        #expect(try await house.verify(codes[3], at: 2001) == .wrong)
        #expect(try await house.verify(codes[4].lowercased().replacing("-", with: " "), at: 2002) == .right)
        #expect(try await house.factors.status(of: "ADMIN")?.recoveryCodesLeft == 8)
        let renewed = try #require(
            try await house.factors.renewRecoveryCodes(of: "admin", by: house.author, at: .seconds(2003)))
        #expect(try await house.verify(codes[0], at: 2004) == .wrong)
        #expect(try await house.verify(renewed[0], at: 2005) == .right)
    }

    @Test("the sixth wrong code in a row and those after it make the account wait, the right code with them")
    func waits() async throws {
        let house = try await FactorHouse()
        let (secret, _) = try await house.enrolled()
        for second in 0..<6 {
            #expect(try await house.verify("not a code", at: 3000 + Int64(second)) == .wrong)
        }
        #expect(try await house.verify(try FactorHouse.code(secret, at: 3010), at: 3010) == .wait(seconds: 25))
        #expect(try await house.verify("not a code", at: 3035) == .wrong)
        #expect(try await house.verify(try FactorHouse.code(secret, at: 3036), at: 3036) == .wait(seconds: 59))
        #expect(try await house.verify(try FactorHouse.code(secret, at: 3100), at: 3100) == .right)
        #expect(try await house.verify("not a code", at: 3101) == .wrong)
        #expect(try await house.house.audit.records().count { $0.entry.action == "second-factor.lock" } == 2)
        #expect(SecondFactors.wait(after: 1000) == 900)
    }

    @Test("of twenty wrong codes that come at once six are heard, and the others wait")
    func crowd() async throws {
        let house = try await FactorHouse()
        _ = try await house.enrolled()
        let verdicts = try await withThrowingTaskGroup(of: FactorVerdict.self) { group in
            for _ in 0..<20 { group.addTask { try await house.verify("not a code", at: 3000) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(
            verdicts.count { $0 == .wrong } == 6 && verdicts.count { $0 == .wait(seconds: 30) } == 14, "\(verdicts)")
    }

    @Test("neither secrets nor recovery codes lie in the database in clear")
    func sealed() async throws {
        let house = try await FactorHouse()
        let (secret, codes) = try await house.enrolled()
        let token = try #require(try await house.begin(at: 1000))
        _ = try await house.steps.find(token, at: .seconds(1000))
        let tables = ["second_factor", "recovery_code", "unfinished_sign_in", "audit"]
        let stored = try house.house.database.readBlocking { connection in
            try tables.flatMap { try connection.rows("SELECT * FROM \($0)").flatMap { row in row.values } }
        }
        #expect(stored.count > 20)
        for value in stored {
            if case .blob(let bytes) = value { #expect(!bytes.windows(of: secret.count).contains(secret)) }
            let text = "\(value)"
            #expect(!codes.contains { text.contains($0) || text.contains($0.replacing("-", with: "")) })
            #expect(!text.contains(Base32.encode(secret)) && !text.contains(token))
        }
    }

    @Test("taken away it ends the sessions, in the audit trail, and the next sign-in sets another one up")
    func remove() async throws {
        let house = try await FactorHouse()
        let (secret, codes) = try await house.enrolled()
        let session = try await house.house.sessions.begin(
            for: FactorHouse.admin, from: FactorHouse.address, at: .seconds(1000)
        ).token
        #expect(try await house.factors.remove(of: "Admin", by: House.admin, at: .seconds(1001)))
        #expect(try await !house.factors.remove(of: "admin", by: House.admin, at: .seconds(1002)))
        #expect(try await house.house.sessions.find(session, at: .seconds(1002)) == nil)
        #expect(try await house.verify(try FactorHouse.code(secret, at: 5000), at: 5000) == .wrong)
        #expect(try await house.verify(codes[0], at: 5000) == .wrong)
        let token = try #require(try await house.begin(at: 1003))
        #expect(try await house.steps.find(token, at: .seconds(1003))?.step == .setUp)
        let entry = try await house.house.audit.records().map(\.entry).first { $0.action == "second-factor.remove" }
        #expect(entry?.author == House.admin && entry?.subject == "admin")
        await #expect(throws: AccountError.unknownAccount("nobody")) {
            try await house.factors.remove(of: "nobody", by: House.admin, at: .seconds(1))
        }
    }
}

extension Array where Element: Hashable {
    /// Every run of so many elements.
    fileprivate func windows(of length: Int) -> [[Element]] {
        count < length ? [] : (0...(count - length)).map { Array(self[$0..<($0 + length)]) }
    }
}
