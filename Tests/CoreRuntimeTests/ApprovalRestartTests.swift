import Accounts
import Audit
import Database
import Registrations
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("A server that ends between the steps of an application, on every store", .everyStore)
struct ApprovalRestartTests {
    private static let reviewer = Reviewer(
        author: Author(name: "reviewer", origin: "192.0.2.9"), scope: .nation, phone: "", mail: "")

    /// How many accounts, links and messages there are.
    private func counts(_ test: TestPlatform) async throws -> [Int] {
        try await test.platform.data.database.read { connection in
            try ["account", "password_link", "notice", "institution_version"].map {
                try connection.first("SELECT count(*) FROM \($0)") ?? -1
            }
        }
    }

    @Test("knows after each start what was sent in and decided; account, link and message are there once")
    func steps() async throws {
        let test = try TestPlatform()
        let phone = try #require(PhoneNumber("13812345678"))
        let form = ApplicationForm([
            .name: "示例县人民医院", .code: "D2143569X43010211A1001", .region: "430102", .address: "示例路 1 号", .level: "二级",
            .category: "综合", .legalName: "甲", .managerName: "乙", .managerPhone: phone.national,
            .managerMail: "data@example.org",
        ])
        func applications() -> ApplicationStore { test.platform.registrations.applications }
        // Received.
        let begun = try await applications().begin(phone, at: test.platform.now()).application
        _ = try await applications().save(form, of: begun.id, at: test.platform.now())
        for kind in ApplicationFile.Kind.allCases {
            let file = ApplicationFile(
                id: "\(begun.id)-\(kind.rawValue)", kind: kind, mediaType: "image/jpeg", size: 9, pages: 1, sm3: "0",
                uploadedAt: test.platform.now())
            _ = try await applications().add(file, to: begun.id, at: test.platform.now())
        }
        try await test.restart()
        let sent = try await applications().submit(begun.id, from: "192.0.2.1", at: test.platform.now())
        try await test.restart()
        let waiting = try #require(try await applications().queue(in: .nation).first)
        #expect(waiting.id == begun.id && waiting.form == form && waiting.files.count == 3)
        #expect(try await counts(test) == [0, 0, 0, 0])
        // Decided, and nothing after it: neither is the register read again nor a message delivered.
        func approve() async throws {
            _ = try await applications().approve(
                begun.id, revision: sent.revision, by: Self.reviewer, accounts: test.platform.accounts,
                isTaken: { _ in false }, link: { "https://v/\($0)" }, at: test.platform.now())
        }
        try await approve()
        #expect(test.platform.institutions["D2143569X43010211A1001"] == nil)
        try await test.restart()
        #expect(test.platform.institutions["D2143569X43010211A1001"]?.name.zh == "示例县人民医院")
        #expect(try await counts(test) == [1, 1, 1, 1])
        // The reviewer, who got no answer, decides again.
        await #expect(throws: RegistrationError.changedMeanwhile) { try await approve() }
        test.platform.deliverNotices()
        await test.platform.schedule.runDue()
        try await test.restart()
        await test.platform.schedule.runDue()
        #expect(try await counts(test) == [1, 1, 1, 1])
        let account = try #require(try await test.platform.accounts.find("d2143569x43010211a1001"))
        #expect(account.institution == "D2143569X43010211A1001")
    }
}
