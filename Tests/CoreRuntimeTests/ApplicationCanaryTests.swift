import Accounts
import Database
import Documents
import Foundation
import Portal
import Registrations
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("What an applicant gives, searched for everywhere, on every store", .everyStore)
struct ApplicationCanaryTests {
    private static let phone = PhoneNumber("13876540123")!
    /// Each stands nowhere else, so that wherever it is found it came from the form.
    private static let form = ApplicationForm([
        .name: "示例县人民医院", .code: "D2143569X43010211A1001", .region: "430102", .address: "金丝雀路 77 号", .level: "二级",
        .category: "综合", .legalName: "诸葛金丝雀", .managerName: "欧阳金丝雀", .managerPhone: phone.national,
        .managerMail: "canary-manager@example.org", .department: "金丝雀科",
    ])

    /// Where each may stand in clear: the account's own data, and messages until they are sent and forgotten.
    private static let allowed: [String: Set<String>] = [
        "诸葛金丝雀": [], "金丝雀路": [], "金丝雀科": [], "CANARY-IN-A-SCAN": [], "金丝雀.jpg": [], "欧阳金丝雀": ["account"],
        "13876540123": ["account", "notice", "notice_delivery"],
        "canary-manager@example.org": ["account", "notice", "notice_delivery"],
    ]

    @Test("names, telephones and scans are found in no table, no file and no entry of the audit trail but these")
    func everywhere() async throws {
        let test = try TestPlatform()
        let services = test.platform.portalServices
        _ = try await services.requestPhoneCode(
            Self.phone, for: .application, session: "s", from: "192.0.2.1")
        let text: String? = try await test.platform.data.database.read {
            try $0.first("SELECT text_zh FROM notice WHERE kind = 'phone-code'")
        }
        let code = (text ?? "").filter { ("0"..."9").contains($0) }.prefix(6)
        guard
            case .entered(let token) = try await services.enterApplication(
                String(code), of: Self.phone, session: "s")
        else {
            Issue.record("the code is not taken")
            return
        }
        func own() async throws -> Application { try #require(try await services.application(ofSession: token)) }
        _ = try await services.save(Self.form, of: own())
        let plain = try DrawnPicture.jpeg(width: 9, height: 9) { x, y in (UInt8(x), UInt8(y), 3) }
        let mark = Array("CANARY-IN-A-SCAN".utf8)
        let scan = Array(plain[..<2]) + [0xFF, 0xFE, 0, UInt8(mark.count + 2)] + mark + Array(plain[2...])
        for kind in ApplicationFile.Kind.allCases {
            guard case .added = try await services.addFile(scan, named: "金丝雀.jpg", as: kind, to: own()) else {
                Issue.record("the scan is not taken")
                return
            }
        }
        _ = try await services.submit(own(), from: "192.0.2.1")
        try await search(test, approved: false)
        let reviewer = Account(name: "reviewer", displayName: "r", role: .reviewer, region: Region("43"))
        let waiting = try await own()
        #expect(
            try await services.decide(
                waiting.id, revision: waiting.revision, refusal: nil, by: reviewer, from: "192.0.2.9") == nil)
        try await search(test, approved: true)
        #expect(!(try await test.audit()).joined().contains("金丝雀"))
        // The search itself finds what is there.
        #expect(try WholeStore.rows(of: test.platform.data.database, but: []).values.joined().joined().contains("示例县"))
    }

    private func search(_ test: TestPlatform, approved: Bool) async throws {
        for database in [test.platform.data.database, test.platform.data.records] {
            for (table, rows) in try WholeStore.rows(of: database, but: []) {
                let text = rows.joined()
                for (canary, allowed) in Self.allowed where text.contains(canary) {
                    #expect(allowed.contains(table) && (approved || table != "account"), "\(table) holds \(canary)")
                }
            }
        }
        // What lies in files beside the databases is sealed.
        let files = FileManager.default.enumerator(atPath: test.folder.path)
        var looked = 0
        while let name = files?.nextObject() as? String {
            if name.contains("sqlite") { continue }
            guard let data = try? Data(contentsOf: test.folder.appendingPathComponent(name)) else { continue }
            looked += 1
            for canary in Self.allowed.keys {
                #expect(data.range(of: Data(canary.utf8)) == nil, "\(name) holds \(canary)")
            }
        }
        #expect(looked > 5)
    }
}
