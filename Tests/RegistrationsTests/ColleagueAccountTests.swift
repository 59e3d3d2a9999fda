import Accounts
import Audit
import Database
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import Registrations

@Suite("Accounts of colleagues, on every store", .everyStore)
struct ColleagueAccountTests {
    private static let address = "192.0.2.1"
    private static let author = Author(name: "operator", origin: "command line")

    private struct Hospital {
        let house: House
        let colleagues: Colleagues
        let manager = Account(name: "H1", displayName: "一院", role: .institution, institution: "H1")
        let other = Account(name: "H2", displayName: "二院", role: .institution, institution: "H2")

        init() async throws {
            house = try House()
            colleagues = Colleagues(database: house.database, random: .strong)
            for account in [manager, other] {
                try await house.accounts.create(
                    account, password: "pear-sock-7 蓝", by: ColleagueAccountTests.author, at: house.now)
            }
        }

        func invite(
            _ ending: String = "lab", _ rights: ColleagueRights = .send, by account: Account? = nil, mail: String = ""
        ) async throws -> (name: String, link: String) {
            try await colleagues.invite(
                ending, displayName: "检验科", rights: rights, contact: AccountContact(mail: mail), by: account ?? manager,
                accounts: house.accounts, link: { "https://v/\($0)" }, from: ColleagueAccountTests.address,
                at: house.now)
        }
    }

    @Test("a manager makes an account that the link opens once; it is told once where there is an address")
    func invite() async throws {
        let hospital = try await Hospital()
        let made = try await hospital.invite(mail: "lab@example.org")
        #expect(made.name == "H1-lab")
        let account = try #require(try await hospital.house.accounts.find("h1-LAB"))
        #expect(account.rights == .send && account.institution == "H1" && account.role == .institution)
        let token = try #require(made.link.split(separator: "/").last)
        #expect(try await hospital.house.links.account(of: String(token), at: hospital.house.now) == "H1-lab")
        let notices = try hospital.house.notices()
        #expect(notices.count == 1)
        #expect(try notices[0]["mail"] == "lab@example.org")
        // A new link ends the first one; without an address nothing is sent.
        let renewed = try await hospital.colleagues.renewLink(
            of: "h1-lab", by: hospital.manager, link: { "https://v/\($0)" }, from: Self.address, at: hospital.house.now)
        #expect(renewed != made.link)
        #expect(try await hospital.house.links.account(of: String(token), at: hospital.house.now) == nil)
        _ = try await hospital.invite("ward", .read)
        #expect(try hospital.house.notices().count == 2)
    }

    @Test("nobody gives more rights than a colleague's, and a colleague gives none")
    func fewer() async throws {
        let hospital = try await Hospital()
        await #expect(throws: ColleagueError.notManager) { try await hospital.invite("boss", .manager) }
        let name = try await hospital.invite().name
        let colleague = try #require(try await hospital.house.accounts.find(name))
        await #expect(throws: ColleagueError.notManager) { try await hospital.invite("more", .read, by: colleague) }
        await #expect(throws: ColleagueError.notManager) {
            try await hospital.colleagues.setRights(
                .manager, of: name, by: hospital.manager, from: Self.address, at: hospital.house.now)
        }
        // What the session remembers of a former right does not count.
        var pretended = colleague
        pretended.rights = .manager
        await #expect(throws: ColleagueError.notManager) { try await hospital.invite("more", .read, by: pretended) }
        for role in [Role.national, .security] {
            let official = Account(name: role.rawValue, displayName: "", role: role)
            await #expect(throws: ColleagueError.notManager) { try await hospital.invite("x", .read, by: official) }
        }
    }

    @Test("another institution's colleagues, its manager and one's own account are not there")
    func others() async throws {
        let hospital = try await Hospital()
        let name = try await hospital.invite().name
        for (target, by) in [(name, hospital.other), ("H2", hospital.manager), ("H1", hospital.manager)] {
            await #expect(throws: ColleagueError.unknownColleague) {
                try await hospital.colleagues.remove(target, by: by, from: Self.address, at: hospital.house.now)
            }
            await #expect(throws: ColleagueError.unknownColleague) {
                try await hospital.colleagues.setRights(
                    .read, of: target, by: by, from: Self.address, at: hospital.house.now)
            }
            await #expect(throws: ColleagueError.unknownColleague) {
                try await hospital.colleagues.renewLink(
                    of: target, by: by, link: { $0 }, from: Self.address, at: hospital.house.now)
            }
        }
        #expect(try await hospital.house.accounts.colleagues(ofInstitution: "H2").isEmpty)
    }

    @Test("a removed colleague can do nothing more, and comes back neither with the institution nor by an old link")
    func remove() async throws {
        let hospital = try await Hospital()
        let made = try await hospital.invite()
        let account = try #require(try await hospital.house.accounts.find(made.name))
        let sessions = SessionStore(database: hospital.house.database, random: .strong)
        let session = try await sessions.begin(for: account, from: Self.address, at: hospital.house.now).token
        let tokens = ApiTokenStore(database: hospital.house.database, random: .strong)
        let secret = try await tokens.create(for: made.name, label: "x", by: Self.author, at: hospital.house.now).secret
        #expect(try await tokens.account(for: secret, at: hospital.house.now)?.rights == .send)
        try await hospital.colleagues.remove(
            made.name, by: hospital.manager, from: Self.address, at: hospital.house.now)
        #expect(try await sessions.find(session, at: hospital.house.now) == nil)
        #expect(try await tokens.account(for: secret, at: hospital.house.now) == nil)
        let token = String(made.link.split(separator: "/").last ?? "")
        #expect(try await hospital.house.links.account(of: token, at: hospital.house.now) == nil)
        // The institution is suspended and goes on again: its manager is back, the colleague is not.
        for isDisabled in [true, false] {
            try await hospital.house.database.write { [house = hospital.house] in
                try AccountStore.setDisabled(isDisabled, ofInstitution: "H1", by: Self.author, at: house.now, in: $0)
            }
        }
        #expect(try await hospital.house.accounts.find("H1")?.isDisabled == false)
        #expect(try await hospital.house.accounts.find(made.name)?.isDisabled == true)
        #expect(try await hospital.house.accounts.colleagues(ofInstitution: "H1").isEmpty)
        await #expect(throws: ColleagueError.self) { try await hospital.invite() }
        let actions = try await AuditTrail(database: hospital.house.database).records().map(\.entry.action)
        #expect(actions.contains("colleague.remove") && actions.contains("colleague.link"))
    }

    @Test("names are the institution's code and an ending; there are 50 at most")
    func names() async throws {
        let hospital = try await Hospital()
        for ending in ["", "a b", "中", String(repeating: "x", count: 21), "a/b", "a@b"] {
            await #expect(throws: ColleagueError.malformedEnding, "\(ending)") { try await hospital.invite(ending) }
        }
        for index in 1...Colleagues.most { _ = try await hospital.invite("n\(index)") }
        await #expect(throws: ColleagueError.tooMany(50)) { try await hospital.invite("more") }
    }
}
