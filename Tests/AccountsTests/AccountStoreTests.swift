import Database
import ShangMi
import Testing

@testable import Accounts

@Suite("Accounts")
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
            try await house.accounts.create(twin, password: House.password, by: House.admin, at: 1)
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
            try await house.accounts.create(account, password: House.password, by: House.admin, at: 1)
        }
    }

    @Test("belong to an institution where they report, and to none where they oversee")
    func institutions() async throws {
        let house = try await House()
        for (role, code) in [(Role.institution, nil), (.institution, ""), (.national, "H1"), (.platform, "H1")] {
            let account = Account(name: "x", displayName: "x", role: role, institution: code)
            await #expect(throws: AccountError.institutionMismatch(role)) {
                try await house.accounts.create(account, password: House.password, by: House.admin, at: 1)
            }
        }
    }

    @Test("of an institution see what that institution sent and nothing else")
    func mayRead() {
        #expect(House.hospital.mayRead(institution: "H1"))
        #expect(!House.hospital.mayRead(institution: "H2") && !House.hospital.mayRead(institution: "h1"))
        #expect(Account(name: "p", displayName: "", role: .provincial).mayRead(institution: "H2"))
    }

    @Test("take no password that is short, endless, their own name or one character")
    func passwords() async throws {
        let house = try await House()
        let expected: [(String, AccountError)] = [
            ("short-1", .passwordTooShort(minimum: 10)), ("短密码", .passwordTooShort(minimum: 10)),
            (String(repeating: "ab1x", count: 100), .passwordTooLong(maximum: 256)),
            ("hospital-a-2026", .passwordTooSimple), ("aaaaaaaaaaaaaaaa", .passwordTooSimple),
            ("1212121212121212", .passwordTooSimple),
        ]
        for (password, error) in expected {
            await #expect(throws: error) {
                try await house.accounts.setPassword(password, of: "Hospital-A", by: House.admin, at: 2)
            }
        }
    }

    @Test("cannot be changed where there are none")
    func unknown() async throws {
        let house = try await House()
        await #expect(throws: AccountError.unknownAccount("nobody")) {
            try await house.accounts.setPassword(House.password, of: "nobody", by: House.admin, at: 2)
        }
        await #expect(throws: AccountError.unknownAccount("no:body")) {
            try await house.accounts.setDisabled(true, of: "no:body", by: House.admin, at: 2)
        }
    }

    @Test("leave a trace of every change, made together with it")
    func traces() async throws {
        let house = try await House()
        try await house.accounts.setPassword("another-one-1", of: "hospital-a", by: House.admin, at: 2000)
        try await house.accounts.setDisabled(true, of: "hospital-a", by: House.admin, at: 3000)
        try await house.accounts.setDisabled(false, of: "hospital-a", by: House.admin, at: 4000)
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
        let token = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: 1000).token
        let secret = try await house.tokens.create(for: "Hospital-A", label: "LIS", by: House.admin, at: 1000).secret
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
}
