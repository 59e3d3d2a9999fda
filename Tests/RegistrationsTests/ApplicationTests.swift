import Accounts
import Database
import Institutions
import Intake
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import Registrations

@Suite("Applications and their review", .everyStore)
struct ApplicationTests {
    @Test("a telephone has one application, which its holder finds again for thirty days")
    func resumed() async throws {
        let house = try House()
        let (first, token) = try await house.applications.begin(House.phone(), at: house.now)
        _ = try await house.applications.save(ApplicationForm([.name: "市医院"]), of: first.id, at: house.now)
        #expect(try await house.applications.application(ofSession: token, at: house.now)?.form[.name] == "市医院")
        house.advance(bySeconds: 2 * 3600 + 1)
        #expect(try await house.applications.application(ofSession: token, at: house.now) == nil)
        house.advance(bySeconds: 29 * 86_400)
        let (again, other) = try await house.applications.begin(House.phone(), at: house.now)
        #expect(again.id == first.id && again.form[.name] == "市医院" && other != token)
        house.advance(bySeconds: 31 * 86_400)
        #expect(try await house.applications.begin(House.phone(), at: house.now).application.id != first.id)
    }

    @Test("names and numbers lie in the database sealed")
    func sealed() async throws {
        let house = try House()
        var form = House.form()
        form.values[.managerName] = "欧阳娜娜"
        let begun = try await house.applications.begin(House.phone(), at: house.now).application
        _ = try await house.applications.save(form, of: begun.id, at: house.now)
        let rows = try house.database.readBlocking { try $0.rows("SELECT * FROM application") }
        for row in rows {
            for value in row.values {
                let text: String =
                    switch value {
                    case .text(let text): text
                    case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
                    default: ""
                    }
                #expect(!text.contains("欧阳") && !text.contains(House.phone().national))
            }
        }
    }

    @Test("what is incomplete is not sent in, and each field says what is missing")
    func incomplete() async throws {
        let house = try House()
        let begun = try await house.applications.begin(House.phone(), at: house.now).application
        await #expect(throws: RegistrationError.incomplete) {
            try await house.applications.submit(begun.id, from: "", at: house.now)
        }
        var form = House.form()
        form.values[.region] = "430"
        form.values[.managerMail] = "nobody"
        form.values[.level] = "五级"
        form.values[.managerPhone] = "110"
        form.values[.code] = "91350100M000100Y44"
        let faults = form.faults()
        #expect(Set(faults.keys) == [.region, .managerMail, .level, .managerPhone, .code])
        #expect(faults[.code]?.zh.contains("应为 3") == true)
        // Another length is for the reviewer to judge.
        form.values[.code] = "D2143569X4"
        #expect(form.faults()[.code] == nil && form.remarks().first?.en.contains("a reviewer confirms it") == true)
    }

    @Test("approved: institution, account, contact and link come at once, and no password is sent")
    func approved() async throws {
        let house = try House()
        let application = try await house.waiting()
        let institution = try await house.approve(application)
        #expect(institution.name.zh == "第0医院" && institution.region == "430102" && institution.level == .secondary)
        let current = try house.database.readBlocking { try InstitutionRegister.current(in: $0) }
        #expect(current == [institution])
        let account = try #require(try await house.accounts.find(institution.code))
        #expect(account.role == .institution && account.institution == institution.code)
        #expect(try await house.accounts.contact(of: account.name).mail == "m0@example.org")
        let notices = try house.notices()
        let kinds = try notices.map { try $0["kind"] as String }
        #expect(kinds == ["password-link"])
        let text: String = try #require(notices.first)["text_zh"]
        let link = try #require(text.split(separator: "token=").last.map(String.init))
        #expect(try await house.links.account(of: link, at: house.now) == account.name)
        #expect(text.contains(account.name) && !text.contains("密码是"))
        #expect(
            try await house.audit() == [
                "applicant application.submit", "reviewer account.create", "reviewer application.approve",
            ])
    }

    @Test("a link sets a password once, within seven days")
    func link() async throws {
        let house = try House()
        let code = try await house.approve(try await house.waiting()).code
        let text: String = try #require(try house.notices().first)["text_zh"]
        let link = try #require(text.split(separator: "token=").last.map(String.init))
        let now = house.now
        func set(_ password: String) async throws {
            try await house.accounts.setPassword(
                password, of: code, by: house.reviewer(code).author, at: now
            ) { try PasswordLinks.use(link, at: now, in: $0) }
        }
        // A refused password leaves the link as it is.
        await #expect(throws: AccountError.self) { try await set("short") }
        try await set("pear-sock-7 蓝天")
        await #expect(throws: RegistrationError.linkUsed) { try await set("plum-hat-8 红日") }
        #expect(try await house.links.account(of: link, at: house.now) == nil)
        let other = try House()
        _ = try await other.approve(try await other.waiting())
        let late: String = try #require(try other.notices().first)["text_zh"]
        let token = late.split(separator: "token=").last.map(String.init) ?? ""
        #expect(try await other.links.account(of: token, at: other.now.advanced(bySeconds: 7 * 86_400)) == nil)
    }

    @Test("refused with reasons field by field; mended, it is sent in again and the reasons are gone")
    func refused() async throws {
        let house = try House()
        let application = try await house.waiting()
        let refusal = Refusal(
            reasons: [
                .init(subject: "address", reason: .differsFromScan), .init(subject: "licence", reason: .expired),
            ],
            remark: "请更换")
        await #expect(throws: RegistrationError.noReason) {
            try await house.applications.refuse(
                application.id, revision: application.revision, Refusal(reasons: [], remark: ""), by: house.reviewer(),
                at: house.now)
        }
        try await house.applications.refuse(
            application.id, revision: application.revision, refusal, by: house.reviewer(), at: house.now)
        let seen = try #require(try await house.applications.reviewed(application.id, in: .nation))
        #expect(seen.state == .refused && seen.refusal == refusal && seen.decidedBy == "reviewer")
        let text: String = try #require(try house.notices().last)["text_zh"]
        #expect(text.contains("详细地址：与扫描件不一致") && text.contains("证件已过期") && text.contains("请更换"))
        var form = House.form()
        form.values[.address] = "某路 2 号"
        _ = try await house.applications.save(form, of: application.id, at: house.now)
        let again = try await house.applications.submit(application.id, from: "", at: house.now)
        #expect(again.state == .waiting && again.refusal == nil && again.form[.address] == "某路 2 号")
    }

    @Test("two reviewers at once: one outcome, and one message")
    func race() async throws {
        let house = try House()
        let application = try await house.waiting()
        let outcomes = await withTaskGroup(of: RegistrationError?.self) { group in
            for number in 0..<6 {
                group.addTask {
                    do {
                        if number.isMultiple(of: 2) {
                            _ = try await house.approve(application, by: house.reviewer("r\(number)"))
                        } else {
                            try await house.applications.refuse(
                                application.id, revision: application.revision, Refusal(reasons: [], remark: "否"),
                                by: house.reviewer("r\(number)"), at: house.now)
                        }
                        return nil
                    } catch { return error as? RegistrationError ?? .incomplete }
                }
            }
            return await group.reduce(into: [RegistrationError?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == .changedMeanwhile } == 5)
        #expect(try house.notices().count == 1)
    }

    @Test("a change while it waits takes it out of the queue, and a decision about the earlier version fails")
    func changed() async throws {
        let house = try House()
        let application = try await house.waiting()
        #expect(try await house.applications.queue(in: .nation).map(\.id) == [application.id])
        _ = try await house.applications.removeFile(.licence, of: application.id, at: house.now)
        #expect(try await house.applications.queue(in: .nation).isEmpty)
        await #expect(throws: RegistrationError.changedMeanwhile) { try await house.approve(application) }
        await #expect(throws: RegistrationError.incomplete) {
            try await house.applications.submit(application.id, from: "", at: house.now)
        }
    }

    @Test("nobody reviews an application of his own, by telephone or by mail")
    func own() async throws {
        let house = try House()
        let application = try await house.waiting()
        for reviewer in [house.reviewer(phone: "+86 138 1000 0000"), house.reviewer(mail: "M0@EXAMPLE.org")] {
            await #expect(throws: RegistrationError.ownApplication) {
                try await house.approve(application, by: reviewer)
            }
        }
        _ = try await house.approve(application, by: house.reviewer(phone: "13900000000", mail: "r@example.org"))
    }

    @Test("another province's application is not there")
    func provinces() async throws {
        let house = try House()
        let (hunan, beijing) = (try await house.waiting(1), try await house.waiting(2, region: "110105"))
        let (own, other) = (Scope.region(Region("43")!), Scope.region(Region("11")!))
        #expect(try await house.applications.queue(in: own).map(\.id) == [hunan.id])
        #expect(try await house.applications.queue(in: other).map(\.id) == [beijing.id])
        #expect(try await house.applications.queue(in: .region(Region("4302")!)).isEmpty)
        #expect(try await house.applications.queue(in: .nothing).isEmpty)
        #expect(try await house.applications.reviewed(beijing.id, in: own) == nil)
        await #expect(throws: RegistrationError.noSuchApplication) {
            try await house.approve(beijing, by: house.reviewer("r", "43"))
        }
    }

    @Test("a code that is registered already is not registered again, and nothing of the approval stays")
    func registered() async throws {
        let house = try House()
        _ = try await house.approve(try await house.waiting(1))
        let second = try await house.applications.begin(House.phone(2), at: house.now).application
        _ = try await house.applications.save(House.form(1), of: second.id, at: house.now)
        for kind in ApplicationFile.Kind.allCases {
            _ = try await house.applications.add(
                ApplicationFile(
                    id: "x-\(kind.rawValue)", kind: kind, mediaType: "image/png", size: 1, pages: 1, sm3: "0",
                    uploadedAt: house.now), to: second.id, at: house.now)
        }
        let waiting = try await house.applications.submit(second.id, from: "", at: house.now)
        await #expect(throws: RegistrationError.registered(House.form(1).code!.text)) {
            try await house.approve(waiting)
        }
        #expect(try await house.applications.queue(in: .nation).map(\.id) == [second.id])
        #expect(try house.notices().count == 1)
    }

    /// The approved application, opened for a change with its scans uploaded anew.
    private func changing(_ house: House, _ adjust: (inout ApplicationForm) -> Void) async throws -> Application {
        let application = try await house.waiting()
        _ = try await house.approve(application)
        house.advance(bySeconds: 86_400)
        let opened = try await house.applications.beginChange(application.id, at: house.now)
        #expect(opened.state == .draft && opened.isChange && opened.missingFiles.count == 3)
        var form = House.form()
        adjust(&form)
        _ = try await house.applications.save(form, of: application.id, at: house.now)
        for kind in ApplicationFile.Kind.allCases {
            _ = try await house.applications.add(
                ApplicationFile(
                    id: "again-\(kind.rawValue)", kind: kind, mediaType: "image/png", size: 1, pages: 1, sm3: "0",
                    uploadedAt: house.now), to: application.id, at: house.now)
        }
        return try await house.applications.submit(application.id, from: "", at: house.now)
    }

    @Test("a change is a version of its own; what was approved stays in force until it is approved, too")
    func change() async throws {
        let house = try House()
        let waiting = try await changing(house) { $0.values[.level] = "三级" }
        func level() throws -> Institution.Level? {
            try house.database.readBlocking { try InstitutionRegister.current(in: $0).first?.level }
        }
        #expect(try level() == .secondary)
        try await house.applications.refuse(
            waiting.id, revision: waiting.revision, Refusal(reasons: [], remark: "否"), by: house.reviewer(),
            at: house.now)
        #expect(try level() == .secondary)
        let again = try await house.applications.submit(waiting.id, from: "", at: house.now)
        _ = try await house.approve(again)
        #expect(try level() == .tertiary)
        let history = try house.database.readBlocking {
            try InstitutionRegister.history(of: House.form().code?.text ?? "", in: $0)
        }
        #expect(history.map(\.number) == [2, 1])
        #expect(history[0].institution.differences(from: history[1].institution).map(\.en) == ["level: 二级 → 三级"])
        // The manager is the same, and so is the account.
        let kinds = try house.notices().map { try $0["kind"] as String }
        #expect(kinds.count { $0 == "password-link" } == 1)
        #expect(try await house.audit().contains("reviewer account.reset") == false)
    }

    @Test("a change of the data manager ends what the former one holds, and sends the new one a link")
    func otherManager() async throws {
        let house = try House()
        let waiting = try await changing(house) {
            $0.values[.managerName] = "丙"
            $0.values[.managerPhone] = "13900000009"
            $0.values[.managerMail] = "new@example.org"
        }
        let name = try #require(waiting.account)
        let sessions = SessionStore(database: house.database, random: .strong)
        let tokens = ApiTokenStore(database: house.database, random: .strong)
        let account = try #require(try await house.accounts.find(name))
        let session = try await sessions.begin(for: account, from: "192.0.2.1", at: house.now).token
        let author = house.reviewer().author
        let token = try await tokens.create(for: name, label: "agent", expiresAt: nil, by: author, at: house.now).secret
        _ = try await house.approve(waiting)
        #expect(try await sessions.find(session, at: house.now) == nil)
        #expect(try await tokens.account(for: token, at: house.now) == nil)
        #expect(try await house.accounts.find(name)?.displayName == "丙")
        #expect(try await house.accounts.contact(of: name).mail == "new@example.org")
        let last = try #require(try house.notices().last)
        #expect(try last["phone"] as String? == "+8613900000009" && last["kind"] as String == "password-link")
    }

    @Test("a change gives an institution no other code")
    func otherCode() async throws {
        let house = try House()
        let waiting = try await changing(house) { $0.values[.code] = House.form(5).values[.code] }
        await #expect(throws: RegistrationError.otherCode(House.form().code?.text ?? "")) {
            try await house.approve(waiting)
        }
    }

    @Test(
        "a forgotten password: the link goes to the account's mail alone, holds an hour, and a code for an application is none"
    )
    func forgotten() async throws {
        let house = try House()
        let code = try await house.approve(try await house.waiting()).code
        let admin = Account(name: "admin", displayName: "admin", role: .national)
        let author = house.reviewer().author
        try await house.accounts.create(admin, password: "pear-sock-7 蓝天", by: author, at: house.now)
        try await house.accounts.setContact(
            AccountContact(phone: House.phone().national, mail: "admin@example.org"), of: "admin", by: author,
            at: house.now)
        let before = try house.notices().count
        for phone in [House.phone(), House.phone(7)] {
            try await house.links.sendReset(
                to: phone, random: .strong, link: { "https://x/set-password?token=\($0)" }, from: "192.0.2.1",
                at: house.now)
        }
        // The administrator's is not reset, and of an unknown number nothing comes.
        let sent = try house.notices().filter { try ($0["text_zh"] as String).contains("重置密码") }
        let after = try house.notices().count
        #expect(sent.count == 1 && after == before + 1)
        let notice = try #require(sent.first)
        #expect(try notice["phone"] as String? == "" && notice["mail"] as String? == "m0@example.org")
        let text: String = try notice["text_zh"]
        let token = try #require(text.firstMatch(of: /token=([0-9a-f]+)/)).1
        #expect(try await house.links.account(of: String(token), at: house.now) == code)
        #expect(try await house.links.account(of: String(token), at: house.now.advanced(bySeconds: 3600)) == nil)
        _ = try await house.codes.request(
            House.phone(), for: .application, session: "s", from: "192.0.2.1", at: house.now)
        #expect(
            try await house.codes.verify(
                try house.lastCode(), of: House.phone(), for: .password, session: "s", at: house.now) == .none)
    }

    @Test("where two have to approve, the first does nothing but stand in the trail, and is never the second")
    func second() async throws {
        let house = try House()
        let application = try await house.waiting()
        func approve(_ name: String, revision: Int? = nil) async throws -> Institution {
            try await house.applications.approve(
                application.id, revision: revision ?? application.revision, by: house.reviewer(name), needsSecond: true,
                accounts: house.accounts, isTaken: { _ in false }, link: { $0 }, at: house.now)
        }
        await #expect(throws: RegistrationError.firstOfTwo) { try await approve("r1") }
        for name in ["r1", "R1"] {
            await #expect(throws: RegistrationError.sameReviewer) { try await approve(name) }
        }
        #expect(try await house.accounts.list().isEmpty)
        // A change begins the count anew; what was approved of it before counts no more.
        _ = try await house.applications.save(application.form, of: application.id, at: house.now)
        let changed = try await house.applications.submit(application.id, from: "192.0.2.1", at: house.now)
        await #expect(throws: RegistrationError.changedMeanwhile) { try await approve("r2") }
        await #expect(throws: RegistrationError.firstOfTwo) { try await approve("r2", revision: changed.revision) }
        #expect(try await approve("r1", revision: changed.revision).code == application.form.institution?.code)
        #expect(try await house.accounts.list().count == 1)
    }
}
