import Accounts
import Audit
import Database
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import Registrations

@Suite("The register of institutions")
struct RegisterTableTests {
    private static let header = "code,name,level,region"

    @Test("a table is read with quotes, aliases, line ends of Windows and a byte order mark")
    func read() {
        let table = RegisterTable(
            "\u{FEFF}code,name,nameEnglish,level,grade,category,region,hasFeverClinic,from,until,aliases,codeAliases\r\n"
                + "H1,\"市\"\"一\"\",院\",First,三级,甲等,综合,430102,true,2020-01-01,,一院|市一,A1|A2\r\n\r\nH2,二院,,二级,,,110105,,,,,\r\n"
        )
        #expect(table.faults.isEmpty)
        #expect(
            table.institutions == [
                Institution(
                    code: "H1", name: BilingualText(zh: "市\"一\",院", en: "First"), aliases: ["一院", "市一"],
                    codeAliases: ["A1", "A2"], level: .tertiary, grade: .a, category: .general, region: "430102",
                    hasFeverClinic: true, from: CivilDate("2020-01-01")),
                Institution(
                    code: "H2", name: BilingualText(zh: "二院", en: "二院"), level: .secondary, region: "110105",
                    hasFeverClinic: false),
            ])
    }

    @Test(
        "each mistake is told with its row, and every one",
        arguments: [
            ("H1,一院,五级,430102", "Row 2 has no known level."), ("H1,一院,二级,4301", "Row 2 has no region of six digits."),
            (",一院,二级,430102", "Row 2 has no code."), ("H1,,二级,430102", "Row 2 has no name."),
            ("H1,一院,二级", "Row 2 has 3 cells, not 4."),
            ("H1,一院,二级,430102\nH1,二院,二级,430102", "Row 3 repeats the code H1."),
        ])
    func mistakes(rows: String, said: String) {
        #expect(RegisterTable(Self.header + "\n" + rows).faults.map(\.en) == [said])
    }

    @Test("an unknown or missing column stops it")
    func columns() {
        #expect(RegisterTable("code,name,level,region,beds\n").faults.first?.en.contains("'beds'") == true)
        #expect(RegisterTable("code,name,level\n").faults.map(\.en) == ["The column 'region' is missing."])
        #expect(RegisterTable("").faults.count == 1)
    }

    @Test(
        "the difference names what is new, what changes and how, and what stays; columns that are not there change nothing"
    )
    func difference() throws {
        var known = RegisterTable(Self.header + "\nH1,一院,二级,430102\nH2,二院,二级,430102").institutions
        known[0].from = CivilDate("2020-01-01")
        known[0].aliases = ["甲"]
        known[0].hasFeverClinic = true
        let table = RegisterTable(Self.header + "\nH1,一院,三级,430102\nH2,二院,二级,430102\nH3,三院,一级,430102")
        let found = RegisterDifference(table) { code in known.first { $0.code == code } }
        #expect(found.added.map(\.code) == ["H3"] && found.unchanged == 1)
        let pair = try #require(found.changed.first)
        #expect(pair.after.differences(from: pair.before).map(\.zh) == ["等级：二级 → 三级"])
        let emptied = RegisterTable(Self.header + ",from,hasFeverClinic\nH1,一院,二级,430102,,")
        let other = RegisterDifference(emptied) { code in known.first { $0.code == code } }
        #expect(
            try #require(other.changed.first).after.differences(from: known[0]).map(\.en) == [
                "fever clinic: true → false", "first day: 2020-01-01 → —",
            ])
    }
}

@Suite("Versions of institutions", .everyStore)
struct InstitutionRegisterTests {
    @Test("everything of an institution comes back, and the file's entries stay beside the registered ones")
    func versions() throws {
        let house = try House()
        let author = Author(name: "admin", origin: "")
        var institution = Institution(
            code: "H1", name: BilingualText(zh: "一院", en: "One"), aliases: ["甲"], codeAliases: ["X"], level: .primary,
            grade: .b, category: .ethnic, region: "430102", hasFeverClinic: true, from: CivilDate("2020-02-29"),
            changes: [Institution.Change(from: CivilDate("2024-01-01")!, level: .secondary)])
        try house.database.writeBlocking {
            try InstitutionRegister.set(institution, action: "institution.import", by: author, at: house.now, in: $0)
        }
        func current() throws -> [Institution] {
            try house.database.readBlocking { try InstitutionRegister.current(in: $0) }
        }
        #expect(try current() == [institution])
        institution.until = CivilDate("2026-12-31")
        try house.database.writeBlocking {
            try InstitutionRegister.set(institution, action: "institution.close", by: author, at: house.now, in: $0)
        }
        #expect(try current() == [institution])
        let other = Institution(
            code: "H2", name: BilingualText(zh: "二院", en: "Two"), level: .primary, region: "430102",
            hasFeverClinic: false)
        var old = institution
        old.until = nil
        #expect(InstitutionRegister.merged([old, other], try current()) == [institution, other])
    }

    @Test("suspended, an institution's accounts end at once; resumed, they sign in again")
    func suspended() async throws {
        let house = try House()
        let institution = try await house.approve(try await house.waiting())
        let sessions = SessionStore(database: house.database, random: .strong)
        let account = try #require(try await house.accounts.find(institution.code))
        let session = try await sessions.begin(for: account, from: "192.0.2.1", at: house.now).token
        func set(_ isSuspended: Bool) throws {
            try house.database.writeBlocking {
                try InstitutionRegister.set(
                    institution, isSuspended: isSuspended,
                    action: isSuspended ? "institution.suspend" : "institution.resume",
                    by: Author(name: "admin", origin: ""), at: house.now, in: $0)
            }
        }
        try set(true)
        #expect(try await sessions.find(session, at: house.now) == nil)
        #expect(try await house.accounts.find(institution.code)?.isDisabled == true)
        let history = try house.database.readBlocking { try InstitutionRegister.history(of: institution.code, in: $0) }
        #expect(history.map(\.isSuspended) == [true, false])
        try set(false)
        #expect(try await house.accounts.find(institution.code)?.isDisabled == false)
        #expect(
            try await house.audit().suffix(4) == [
                "admin account.disable", "admin institution.suspend", "admin account.enable",
                "admin institution.resume",
            ])
    }
}
