import Registrations
import SurveillanceKit

@testable import Accounts
@testable import Portal

/// Nobody, and an empty audit trail.
extension FakePlatform: PeopleServices {
    func people(_ query: AccountQuery) -> AccountListing { AccountListing(items: [], total: 0, next: nil) }
    var takesCertificates: Bool { false }
    func accountRequests() -> [AccountRequest] { [] }
    func ask(_ draft: AccountRequest.Draft, by administrator: Account, from address: String) -> PeopleAnswer { .waits }
    func decide(_ id: String, confirms: Bool, by administrator: Account, from address: String) -> PeopleAnswer { .done }
    func disable(_ name: String, by administrator: Account, from address: String) -> PeopleAnswer { .done }
    func resetFactor(of name: String, by administrator: Account, from address: String) -> PeopleAnswer { .done }
    func auditEntries(_ query: AuditQuery, limit: Int) -> [AuditLine] { [] }
}
