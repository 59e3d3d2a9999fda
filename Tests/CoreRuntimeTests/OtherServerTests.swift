import Accounts
import Audit
import Database
import Portal
import Registrations
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("Servers on one store, on every store", .everyStore)
struct OtherServerTests {
    private static let hospital = Institution(
        code: "H-NEW", name: BilingualText(zh: "新医院", en: "New Hospital"), level: .secondary, region: "430102",
        hasFeverClinic: false)

    /// As another server on the same store would have it written.
    private func register(_ test: TestPlatform) async throws {
        let author = Author(name: "reviewer", origin: "192.0.2.9")
        let now = test.platform.now()
        try await test.platform.data.database.write {
            try InstitutionRegister.set(
                Self.hospital, base: nil, action: "institution.import", by: author, at: now, in: $0)
        }
        try await test.platform.accounts.create(
            Account(name: "new", displayName: "new", role: .institution, institution: Self.hospital.code),
            password: "pear-sock-7 蓝", by: author, at: now)
    }

    @Test("an institution that another has approved is known after a minute's look, without a restart")
    func looks() async throws {
        let test = try TestPlatform()
        try await register(test)
        #expect(test.platform.institutions[Self.hospital.code] == nil)
        try await test.platform.lookAtRegister()
        #expect(test.platform.institutions[Self.hospital.code]?.name == Self.hospital.name)
        #expect(test.platform.institutions[TestPlatform.institution.code] != nil)
    }

    @Test("and at once when its account signs in, or calls with a token")
    func calls() async throws {
        let test = try TestPlatform()
        try await register(test)
        let answer = try await test.platform.portalServices.signIn(
            "new", password: "pear-sock-7 蓝", from: "192.0.2.1")
        guard case .accepted = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(test.platform.institutions[Self.hospital.code] != nil)
        let other = try TestPlatform()
        try await register(other)
        let token = try await other.desk().createToken(for: "new", label: "HIS")
        #expect(try await other.platform.portalServices.account(ofToken: token)?.institution == Self.hospital.code)
        #expect(other.platform.institutions[Self.hospital.code] != nil)
    }
}
