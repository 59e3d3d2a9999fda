import Accounts
import Audit
import HTTPServer
import Portal

@testable import CoreRuntime

/// A platform and its site, at which people are given accounts.
struct PeopleOffice {
    let test: TestPlatform
    let router: Router

    init() async throws {
        test = try TestPlatform()
        router = Site(services: test.platform.portalServices, settings: PortalSettings(version: "test")).router
    }

    /// Makes an account where there is none of its name.
    func add(_ account: Account) async throws {
        guard try await test.platform.accounts.find(account.name) == nil else { return }
        try await test.platform.accounts.create(
            account, password: "pear-sock-7 蓝", by: Author(name: "operator", origin: "command line"),
            at: test.platform.now())
    }
}
