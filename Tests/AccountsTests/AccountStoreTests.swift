import Audit
import Database
import ShangMi
import SurveillanceKit
import StoreKit
import Testing

@testable import Accounts

@Suite("Accounts, on every store", .everyStore)
struct AccountStoreTests {
    @Test("are found whatever the case of their name, and keep the name as it was given")
    func find() async throws {
        let house = try await House()
        for name in ["Hospital-A", "hospital-a", "HOSPITAL-A"] {
            #expect(try await house.accounts.find(name) == House.hospital)
        }
        #expect(try await house.accounts.find("hospital-b") == nil)
        #expect(try await house.accounts.find("") == nil)
        #expect(try await house.accounts.list() == [House.hospital])
    }

    @Test("have names of their own, in any case")
    func duplicates() async throws {
        let house = try await House()
        var twin = House.hospital
        twin.name = "HOSPITAL-a"
        await #expect(throws: AccountError.nameTaken("HOSPITAL-a")) {
            try await house.accounts.create(twin, password: House.password, by: House.admin, at: .seconds(1))
        }
        #expect(try house.count("account") == 1 && house.count("audit") == 1)
    }

    @Test(
        "have names that fit into HTTP Basic and a log",
        arguments: ["", " ", "a b", "a:b", "医院", "a\n", String(repeating: "a", count: 65), "ｆｕｌｌ"])
    func malformedNames(name: String) async throws {
        let house = try await House()
        let account = Account(name: name, displayName: "x", role: .platform)
        await #expect(throws: AccountError.malformedName(name)) {
            try await house.accounts.create(account, password: House.password, by: House.admin, at: .seconds(1))
        }
    }

    @Test("belong to an institution where they report, and to none where they oversee")
    func institutions() async throws {
        let house = try await House()
        for (role, code) in [(Role.institution, nil), (.institution, ""), (.national, "H1"), (.platform, "H1")] {
            let account = Account(name: "x", displayName: "x", role: role, institution: code)
            await #expect(throws: AccountError.institutionMismatch(role)) {
                try await house.accounts.create(account, password: House.password, by: House.admin, at: .seconds(1))
            }
        }
    }

    @Test("see their own institution, their region or the nation, and nothing where nobody has said which")
    func scopes() {
        func scope(_ role: Role, _ institution: String? = nil, _ region: String? = nil) -> Scope {
            Account(
                name: "x", displayName: "", role: role, institution: institution, region: region.flatMap { Region($0) }
            ).scope
        }
        #expect(House.hospital.scope == .institution("H1"))
        #expect(scope(.institution) == .nothing && scope(.provincial) == .nothing)
        #expect(scope(.provincial, nil, "4301") == Region("4301").map(Scope.region))
        #expect(scope(.national) == .nation && scope(.platform) == .nation)
    }

    @Test("of a health commission have a region, which can be changed; no other account has one")
    func regions() async throws {
        let house = try await House()
        let hunan = try #require(Region("430000"))
        for (role, region) in [(Role.provincial, nil), (.national, hunan), (.platform, hunan)] {
            let account = Account(name: "x", displayName: "x", role: role, region: region)
            await #expect(throws: AccountError.regionMismatch(role)) {
                try await house.accounts.create(account, password: House.password, by: House.admin, at: .seconds(1))
            }
        }
        let commission = Account(name: "hunan", displayName: "x", role: .provincial, region: hunan)
        try await house.accounts.create(commission, password: House.password, by: House.admin, at: .seconds(1))
        #expect(try await house.accounts.find("hunan")?.scope == .region(hunan))
        let changsha = try #require(Region("4301"))
        try await house.accounts.setRegion(changsha, of: "Hunan", by: House.admin, at: .seconds(2))
        #expect(try await house.accounts.find("hunan")?.scope == .region(changsha))
        await #expect(throws: AccountError.regionMismatch(.institution)) {
            try await house.accounts.setRegion(changsha, of: "hospital-a", by: House.admin, at: .seconds(3))
        }
        let entry = try #require(try await house.audit.records().first?.entry)
        #expect(entry.action == "account.set-region" && entry.detail == ["region": "4301"])
    }

    @Test("of a health commission from before regions were kept see nothing until they are given one")
    func withoutRegion() async throws {
        let database = try TestStore.database()
        try database.migrate(Array(Migration.accounts.prefix(1)))
        try database.writeBlocking {
            try $0.execute(
                """
                INSERT INTO account (key, name, display_name, role, institution, is_disabled, password, password_version, created_at)
                VALUES ('old', 'old', 'old', 'provincial', NULL, 0, '', 1, 1)
                """)
        }
        try database.migrate(Migration.accounts)
        let accounts = AccountStore(database: database, random: .strong, cost: House.cheap)
        #expect(try await accounts.find("old")?.scope == .nothing)
        try await accounts.setRegion(try #require(Region("11")), of: "old", by: House.admin, at: .seconds(2))
        #expect(try await accounts.find("old")?.scope == Region("11").map(Scope.region))
    }

    @Test("take no password that is short, endless, their own name or one character")
    func passwords() async throws {
        let house = try await House()
        let expected: [(String, AccountError)] = [
            ("short-1", .passwordTooShort(minimum: 10)), ("短密码", .passwordTooShort(minimum: 10)),
            (String(repeating: "ab1x", count: 100), .passwordTooLong(maximum: 256)),
            ("hospital-a-2026", .passwordGuessable(.name)),
            ("aaaaaaaaaaaaaaaa", .passwordGuessable(.fewCharacters)),
            ("1212121212121212", .passwordGuessable(.fewCharacters)),
        ]
        for (password, error) in expected {
            await #expect(throws: error) {
                try await house.accounts.setPassword(password, of: "Hospital-A", by: House.admin, at: .seconds(2))
            }
        }
    }

    @Test("cannot be changed where there are none")
    func unknown() async throws {
        let house = try await House()
        await #expect(throws: AccountError.unknownAccount("nobody")) {
            try await house.accounts.setPassword(House.password, of: "nobody", by: House.admin, at: .seconds(2))
        }
        await #expect(throws: AccountError.unknownAccount("no:body")) {
            try await house.accounts.setDisabled(true, of: "no:body", by: House.admin, at: .seconds(2))
        }
    }

    @Test("leave a trace of every change, made together with it")
    func traces() async throws {
        let house = try await House()
        try await house.accounts.setPassword("another-one-1", of: "hospital-a", by: House.admin, at: .seconds(2000))
        try await house.accounts.setDisabled(true, of: "hospital-a", by: House.admin, at: .seconds(3000))
        try await house.accounts.setDisabled(false, of: "hospital-a", by: House.admin, at: .seconds(4000))
        let records = try await house.audit.records().reversed()
        #expect(
            records.map(\.entry.action) == [
                "account.create", "account.set-password", "account.disable", "account.enable",
            ])
        #expect(records.allSatisfy { $0.entry.subject == "Hospital-A" && $0.entry.author == House.admin })
        #expect(records.first?.entry.detail == ["role": "institution", "institution": "H1"])
        #expect(try await house.audit.verify() == .intact(house.audit.head()))
    }

    @Test("store no password, session or token in clear")
    func nothingInClear() async throws {
        let house = try await House()
        let token = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000)).token
        let secret = try await house.tokens.create(for: "Hospital-A", label: "LIS", by: House.admin, at: .seconds(1000))
            .secret
        let texts = try house.storedTexts()
        #expect(!texts.isEmpty)
        for hidden in [House.password, token, secret, String(secret.dropFirst(ApiTokenStore.prefix.count))] {
            #expect(!texts.contains { $0.contains(hidden) })
        }
    }

    @Test("say in both languages what would mend a mistake")
    func messages() {
        #expect(AccountError.passwordTooShort(minimum: 10).message.zh == "密码太短：至少 10 个字符")
        #expect(AccountError.nameTaken("a").description == "there is already an account a; choose another name")
    }

    @Test("keeps what an owner says of himself, and refuses what is no telephone number or mail address")
    func contact() async throws {
        let house = try await House()
        let name = House.hospital.name
        #expect(try await house.accounts.contact(of: name) == AccountContact())
        let contact = AccountContact(phone: "0731-8888 0000 转 12", mail: "data@hospital.example", language: .en)
        try await house.accounts.setContact(contact, of: name, by: House.admin, at: .seconds(1))
        #expect(try await house.accounts.contact(of: name) == contact)
        for wrong in [
            AccountContact(phone: "call me"), AccountContact(phone: "12"), AccountContact(mail: "nobody"),
            AccountContact(mail: "a@b"), AccountContact(mail: "a@b.cn,c@d.cn"), AccountContact(mail: "a b@c.cn"),
        ] {
            await #expect(throws: AccountError.self) {
                try await house.accounts.setContact(wrong, of: name, by: House.admin, at: .seconds(2))
            }
        }
        try await house.accounts.setContact(AccountContact(), of: name, by: House.admin, at: .seconds(3))
        #expect(try await house.accounts.contact(of: name) == AccountContact())
        let entries = try await house.audit.records().map(\.entry).filter { $0.action == "account.set-contact" }
        #expect(entries.count == 2 && entries.allSatisfy { $0.detail.isEmpty })
    }

    @Test("an owner revokes his own tokens and nobody else's")
    func ownTokens() async throws {
        let house = try await House()
        let tokens = ApiTokenStore(database: house.database, random: .strong)
        let made = try await tokens.create(for: House.hospital.name, label: "x", by: House.admin, at: .seconds(1))
        await #expect(throws: AccountError.unknownToken(made.token.id)) {
            try await tokens.revoke(made.token.id, of: "somebody", by: House.admin, at: .seconds(2))
        }
        #expect(try await tokens.account(for: made.secret, at: .seconds(2)) != nil)
        try await tokens.revoke(made.token.id, of: House.hospital.name, by: House.admin, at: .seconds(2))
        #expect(try await tokens.account(for: made.secret, at: .seconds(2)) == nil)
    }
}
