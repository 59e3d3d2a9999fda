import Accounts
import Audit
import Database
import Portal
import Registrations
import ShangMi
import SurveillanceKit

extension PlatformServices: PeopleServices {
    func people(_ query: AccountQuery) async throws -> AccountListing {
        try await StorageFault.answered { try await platform.accounts.page(query) }
    }

    var takesCertificates: Bool { !platform.configuration.certificateAuthorities.isEmpty }

    func accountRequests() async throws -> [AccountRequest] {
        try await StorageFault.answered { try await platform.registrations.requests.list(at: now) }
    }

    func ask(_ draft: AccountRequest.Draft, by administrator: Account, from address: String) async throws
        -> PeopleAnswer
    {
        try await answered {
            let id = try await platform.registrations.requests.ask(draft, by: administrator, from: address, at: now)
            return id == nil ? .done : .waits
        }
    }

    func decide(
        _ id: String, confirms: Bool, by administrator: Account, from address: String
    ) async throws -> PeopleAnswer {
        try await answered {
            guard confirms else {
                try await platform.registrations.requests.reject(id, by: administrator, from: address, at: now)
                return .done
            }
            let base = platform.publicAddress
            try await platform.registrations.requests.confirm(
                id, by: administrator, accounts: platform.accounts, link: { "\(base)/set-password?token=\($0)" },
                from: address, at: now)
            platform.deliverNotices()
            return .done
        }
    }

    func disable(_ name: String, by administrator: Account, from address: String) async throws -> PeopleAnswer {
        try await answered {
            try await platform.registrations.requests.disable(name, by: administrator, from: address, at: now)
            return .done
        }
    }

    func resetFactor(of name: String, by administrator: Account, from address: String) async throws -> PeopleAnswer {
        try await answered {
            guard administrator.name.lowercased() != name.lowercased() else { throw AccountRequestError.ownAccount }
            do {
                let isRemoved = try await platform.factors.remove(
                    of: name, by: Author(name: administrator.name, origin: address), at: now)
                return isRemoved
                    ? .done
                    : .refused(BilingualText(zh: "该账号没有第二因素。", en: "The account has no second factor."))
            } catch AccountError.unknownAccount(let name) { throw AccountRequestError.unknownAccount(name) }
        }
    }

    private func answered(_ act: () async throws -> PeopleAnswer) async throws -> PeopleAnswer {
        try await StorageFault.answered {
            do { return try await act() } catch let error as AccountRequestError { return .refused(error.message) }
        }
    }

    func auditEntries(_ query: AuditQuery, limit: Int) async throws -> [AuditLine] {
        try await StorageFault.answered {
            let filter = AuditTrail.Filter(who: query.who, action: query.action, subject: query.subject)
            return try await AuditTrail(database: platform.data.database).records(
                matching: filter, before: query.before, limit: limit
            ).map { record in
                AuditLine(
                    number: record.sequence, at: record.entry.at, who: record.entry.author.name,
                    from: record.entry.author.origin, action: record.entry.action, subject: record.entry.subject,
                    detail: record.entry.detail, hash: record.hash.hex)
            }
        }
    }
}
