import Accounts
import Audit
import Database
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import Registrations

@Suite("Rights that two persons widen, on every store", .everyStore)
struct AccountRequestTests {
    private static let address = "192.0.2.1"
    private static let author = Author(name: "operator", origin: "command line")

    private struct Office {
        let house: House
        let requests: AccountRequests
        var now: Instant { house.now }

        init() async throws {
            house = try House()
            requests = AccountRequests(database: house.database, random: .strong)
            for name in ["an", "bo"] { try await add(name, .security) }
            try await add("hunan", .provincial, "43")
        }

        func add(_ name: String, _ role: Role, _ region: String? = nil) async throws {
            try await house.accounts.create(
                Account(name: name, displayName: name, role: role, region: region.flatMap(Region.init)),
                password: "pear-sock-7 蓝", by: AccountRequestTests.author, at: now)
        }

        func account(_ name: String) async throws -> Account { try #require(try await house.accounts.find(name)) }

        func ask(_ draft: AccountRequest.Draft, by name: String = "an") async throws -> String? {
            try await requests.ask(draft, by: try await account(name), from: AccountRequestTests.address, at: now)
        }

        func confirm(_ id: String?, by name: String = "bo") async throws {
            try await requests.confirm(
                try #require(id), by: try await account(name), accounts: house.accounts, link: { "https://x/\($0)" },
                from: AccountRequestTests.address, at: now)
        }
    }

    private func draft(
        _ name: String = "chen", _ role: Role = .analyst, _ region: String? = "43", phone: String = "13800001111"
    ) -> AccountRequest.Draft {
        AccountRequest.Draft(
            .create, account: name, displayName: name, role: role, region: region.flatMap(Region.init), phone: phone,
            mail: "\(name)@example.org")
    }

    private func grant(_ name: String, _ role: Role, _ region: String?) -> AccountRequest.Draft {
        AccountRequest.Draft(.grant, account: name, role: role, region: region.flatMap(Region.init))
    }

    @Test("a new account is there once another has confirmed it, and its owner gets the link")
    func create() async throws {
        let office = try await Office()
        let id = try await office.ask(draft())
        #expect(try await office.house.accounts.find("chen") == nil)
        await #expect(throws: AccountRequestError.ownRequest) { try await office.confirm(id, by: "an") }
        #expect(try await office.house.accounts.find("chen") == nil)
        try await office.confirm(id)
        let made = try await office.account("chen")
        #expect(made.role == .analyst && made.region == Region("43") && made.scope == .nothing)
        #expect(made.figureScope == .region(try #require(Region("43"))))
        let notices = try office.house.notices()
        #expect(notices.count == 1)
        #expect(try notices[0]["phone"] == "+8613800001111" && notices[0]["mail"] == "chen@example.org")
        let text: String = try notices[0]["text_zh"]
        let token = try #require(text.firstMatch(of: /https:\/\/x\/([0-9a-f]+)/)).1
        #expect(try await office.house.links.account(of: String(token), at: office.now) == "chen")
        await #expect(throws: AccountRequestError.changedMeanwhile) { try await office.confirm(id) }
        let trail = try await AuditTrail(database: office.house.database).records().map {
            "\($0.entry.author.name) \($0.entry.action) \($0.entry.subject)"
        }
        #expect(trail.prefix(3) == ["bo account.confirm chen", "bo account.create chen", "an account.ask chen"])
    }

    @Test("two confirm at once: one account, one link")
    func race() async throws {
        let office = try await Office()
        try await office.add("di", .security)
        let id = try await office.ask(draft())
        let done = await withTaskGroup(of: Bool.self) { group in
            for name in ["bo", "di"] {
                group.addTask { (try? await office.confirm(id, by: name)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 1)
        #expect(try office.house.notices().count == 1)
    }

    @Test(
        "a larger region, another region and another role wait for a second person; a smaller region does not",
        arguments: [
            (.provincial, "4301", false), (.provincial, "43", nil), (.provincial, "11", true), (.national, nil, true),
            (.reviewer, "43", true), (.analyst, "4301", true), (.security, nil, true),
        ] as [(Role, String?, Bool?)])
    func grants(role: Role, region: String?, waits: Bool?) async throws {
        let office = try await Office()
        let before = try await office.account("hunan")
        guard let waits else {
            await #expect(throws: AccountRequestError.nothingChanges) {
                try await office.ask(grant("hunan", role, region))
            }
            return
        }
        let id = try await office.ask(grant("Hunan", role, region))
        #expect((id != nil) == waits)
        if waits {
            #expect(try await office.account("hunan") == before)
            try await office.confirm(id)
        }
        let after = try await office.account("hunan")
        #expect(after.role == role && after.region == region.flatMap(Region.init))
    }

    @Test(
        "widening back what was narrowed takes two again; what was asked for an account that has changed counts no more"
    )
    func changed() async throws {
        let office = try await Office()
        let wide = try await office.ask(grant("hunan", .provincial, "11"))
        #expect(try await office.ask(grant("hunan", .provincial, "4301")) == nil)
        await #expect(throws: AccountRequestError.changedMeanwhile) { try await office.confirm(wide) }
        #expect(try await office.account("hunan").region == Region("4301"))
        #expect(try await office.ask(grant("hunan", .provincial, "43")) != nil)
        #expect(try await office.account("hunan").region == Region("4301"))
    }

    @Test("nobody asks for, confirms, disables or enables anything of the own account")
    func own() async throws {
        let office = try await Office()
        for draft in [grant("AN", .national, nil), AccountRequest.Draft(.enable, account: "an")] {
            await #expect(throws: AccountRequestError.ownAccount) { try await office.ask(draft) }
        }
        let id = try await office.ask(grant("bo", .national, nil))
        await #expect(throws: AccountRequestError.ownAccount) { try await office.confirm(id) }
        await #expect(throws: AccountRequestError.ownAccount) {
            try await office.requests.disable(
                "An", by: try await office.account("an"), from: Self.address, at: office.now)
        }
        #expect(try await office.account("bo").role == .security)
    }

    @Test(
        "no other role does any of it",
        arguments: [Role.national, .platform, .auditor, .provincial, .reviewer, .analyst])
    func otherRoles(role: Role) async throws {
        let office = try await Office()
        try await office.add("other", role, role.needsRegion ? "43" : nil)
        let id = try await office.ask(draft())
        let other = try await office.account("other")
        await #expect(throws: AccountRequestError.notSecurityAdministrator) {
            try await office.ask(draft(), by: "other")
        }
        await #expect(throws: AccountRequestError.notSecurityAdministrator) {
            try await office.confirm(id, by: "other")
        }
        await #expect(throws: AccountRequestError.notSecurityAdministrator) {
            try await office.requests.reject(try #require(id), by: other, from: Self.address, at: office.now)
        }
        await #expect(throws: AccountRequestError.notSecurityAdministrator) {
            try await office.requests.disable("hunan", by: other, from: Self.address, at: office.now)
        }
        #expect(try await !office.account("hunan").isDisabled)
    }

    @Test("a disabled account is enabled by two; one who may no longer ask has asked for nothing")
    func enable() async throws {
        let office = try await Office()
        try await office.requests.disable(
            "hunan", by: try await office.account("an"), from: Self.address, at: office.now)
        #expect(try await office.account("hunan").isDisabled)
        let id = try await office.ask(AccountRequest.Draft(.enable, account: "hunan"))
        #expect(try await office.account("hunan").isDisabled)
        try await office.house.accounts.setDisabled(true, of: "an", by: Self.author, at: office.now)
        await #expect(throws: AccountRequestError.changedMeanwhile) { try await office.confirm(id) }
        try await office.add("di", .security)
        try await office.confirm(try await office.ask(AccountRequest.Draft(.enable, account: "hunan"), by: "di"))
        #expect(try await !office.account("hunan").isDisabled)
    }

    @Test("a request lapses after a week, and can be turned down or taken back")
    func ends() async throws {
        let office = try await Office()
        let first = try #require(try await office.ask(draft()))
        try await office.requests.reject(
            first, by: try await office.account("an"), from: Self.address, at: office.now)
        await #expect(throws: AccountRequestError.changedMeanwhile) { try await office.confirm(first) }
        let second = try await office.ask(draft())
        office.house.advance(bySeconds: 7 * 86_400)
        await #expect(throws: AccountRequestError.changedMeanwhile) { try await office.confirm(second) }
        #expect(try await office.requests.list(at: office.now).map(\.state) == [.lapsed, .rejected])
        #expect(try await office.house.accounts.find("chen") == nil)
    }

    @Test("nobody holds two of system, security and audit, known by telephone or mail")
    func separated() async throws {
        let office = try await Office()
        try await office.confirm(try await office.ask(draft("chen", .auditor, nil)))
        for (name, phone, mail) in [("dou", "138-0000-1111", ""), ("eu", "", "CHEN@example.org")] {
            let asked = AccountRequest.Draft(
                .create, account: name, displayName: name, role: .platform, phone: phone, mail: mail)
            await #expect(throws: AccountRequestError.refused(.separated(.platform, from: .auditor))) {
                try await office.ask(asked)
            }
        }
        // The same person may have another role beside it, and another person the other role.
        try await office.confirm(try await office.ask(draft("chen-2", .analyst, nil)))
        try await office.confirm(try await office.ask(draft("fei", .platform, nil, phone: "13800002222")))
        await #expect(throws: AccountError.separated(.platform, from: .auditor)) {
            try await office.house.accounts.setContact(
                AccountContact(phone: "13800001111"), of: "fei", by: Self.author, at: office.now)
        }
        await #expect(throws: AccountRequestError.refused(.separated(.security, from: .auditor))) {
            try await office.ask(grant("chen-2", .security, nil))
        }
    }

    @Test("what cannot be is refused when it is asked for")
    func refused() async throws {
        let office = try await Office()
        try await office.house.accounts.create(
            Account(name: "clinic", displayName: "clinic", role: .institution, institution: "H1"),
            password: "pear-sock-7 蓝", by: Self.author, at: office.now)
        let cases: [(AccountRequest.Draft, AccountRequestError)] = [
            (draft("hunan"), .refused(.nameTaken("hunan"))), (draft("x", .institution, nil), .institution),
            (draft("x", .provincial, nil), .refused(.regionMismatch(.provincial))),
            (draft("x", .auditor, "43"), .refused(.regionMismatch(.auditor))),
            (grant("nobody", .national, nil), .unknownAccount("nobody")),
            (grant("clinic", .national, nil), .institution),
            (grant("hunan", .institution, nil), .institution),
            (AccountRequest.Draft(.enable, account: "hunan"), .nothingChanges),
            (AccountRequest.Draft(.create, account: "x", role: .national, phone: "0731-1"), .noWay),
        ]
        for (draft, error) in cases {
            await #expect(throws: error, "\(draft)") { try await office.ask(draft) }
        }
        #expect(try await office.requests.list(at: office.now).isEmpty)
    }
}
