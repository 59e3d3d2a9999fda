import Accounts
import Registrations
import StoreKit
import SurveillanceKit
import Testing

@Suite("Codes to telephones", .everyStore)
struct PhoneCodeTests {
    private func request(
        _ house: House, _ number: Int = 0, session: String = "s", from address: String = "192.0.2.1"
    ) async throws -> PhoneCodeRequest {
        try await house.codes.request(
            House.phone(number), for: .application, session: session, from: address, at: house.now)
    }

    private func verify(_ house: House, _ code: String, session: String = "s") async throws -> PhoneCodeVerdict {
        try await house.codes.verify(code, of: House.phone(), for: .application, session: session, at: house.now)
    }

    @Test("six digits, right once, within five minutes, in the session that asked")
    func right() async throws {
        let house = try House()
        #expect(try await request(house) == .sent)
        let code = try house.lastCode()
        #expect(code.count == 6)
        #expect(try await verify(house, code, session: "another") == .none)
        house.advance(bySeconds: 299)
        #expect(try await verify(house, " " + code + " ") == .right)
        #expect(try await verify(house, code) == .none)
        house.advance(bySeconds: 60)
        #expect(try await request(house) == .sent)
        house.advance(bySeconds: 300)
        #expect(try await verify(house, try house.lastCode()) == .none)
    }

    @Test("five tries, and then the right one counts no more")
    func tries() async throws {
        let house = try House()
        _ = try await request(house)
        let code = try house.lastCode()
        let wrong = code == "000000" ? "000001" : "000000"
        for left in [4, 3, 2, 1] { #expect(try await verify(house, wrong) == .wrong(triesLeft: left)) }
        #expect(try await verify(house, wrong) == .none)
        #expect(try await verify(house, code) == .none)
    }

    @Test("one a minute, five an hour, eight a day to a number, and the next after the time that is told")
    func perNumber() async throws {
        let house = try House()
        var sent = 0
        for number in 0..<5 {
            #expect(try await request(house) == .sent)
            #expect(try await request(house) == .wait(seconds: number < 4 ? 60 : 3360))
            sent += 1
            house.advance(bySeconds: 60)
        }
        #expect(try await request(house) == .wait(seconds: 3300))
        house.advance(bySeconds: 3299)
        #expect(try await request(house) == .wait(seconds: 1))
        house.advance(bySeconds: 1)
        for _ in 0..<3 {
            #expect(try await request(house) == .sent)
            sent += 1
            house.advance(bySeconds: 3600)
        }
        #expect(sent == 8)
        guard case .wait(let seconds) = try await request(house) else {
            Issue.record("a ninth code was sent within a day")
            return
        }
        house.advance(bySeconds: seconds)
        #expect(try await request(house) == .sent)
        #expect(try house.notices().count == 9)
    }

    @Test("twenty an hour from an address, whatever the numbers")
    func perAddress() async throws {
        let house = try House()
        for number in 0..<20 { #expect(try await request(house, number) == .sent) }
        #expect(try await request(house, 20) == .wait(seconds: 3600))
        #expect(try await request(house, 20, from: "192.0.2.2") == .sent)
    }

    @Test("the platform has a budget")
    func budget() async throws {
        var policy = PhoneCodePolicy()
        policy.perDayInAll = 3
        let house = try House(policy)
        for number in 0..<3 { #expect(try await request(house, number, from: "192.0.2.\(number)") == .sent) }
        #expect(try await request(house, 3, from: "192.0.2.3") == .exhausted)
        #expect(try house.notices().count == 3)
    }

    @Test("many requests for one number at once send one code")
    func together() async throws {
        let house = try House()
        let answers = try await withThrowingTaskGroup(of: PhoneCodeRequest.self) { group in
            for number in 0..<8 {
                group.addTask { try await request(house, session: "s\(number)", from: "192.0.2.\(number)") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0 == .sent } == 1)
        #expect(try house.notices().count == 1)
    }

    @Test(
        "numbers are taken as people write them",
        arguments: [
            ("13800000000", "13800000000"), ("138 0000 0000", "13800000000"), ("+86 138-0000-0000", "13800000000"),
            ("8613800000000", "13800000000"), ("１３８００００００００", "13800000000"), ("12800000000", nil), ("1380000000", nil),
            ("010-12345678", nil), ("", nil), ("138000000000", nil), ("13800000000;", nil),
        ])
    func numbers(typed: String, expected: String?) { #expect(PhoneNumber(typed)?.national == expected) }
}
