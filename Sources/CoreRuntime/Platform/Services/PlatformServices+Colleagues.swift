import Accounts
import Portal
import Registrations
import SurveillanceKit

extension PlatformServices: ColleagueServices {
    private var link: @Sendable (String) -> String {
        let base = platform.publicAddress
        return { "\(base)/set-password?token=\($0)" }
    }

    func colleagues(of manager: Account) async throws -> [Colleague] {
        try await StorageFault.answered {
            try await platform.accounts.colleagues(ofInstitution: manager.institution ?? "")
        }
    }

    func invite(_ invitation: ColleagueInvitation, by manager: Account, from address: String) async throws
        -> ColleagueAnswer
    {
        try await answered {
            let made = try await platform.registrations.colleagues.invite(
                invitation.ending, displayName: invitation.displayName, rights: invitation.rights,
                contact: invitation.contact, by: manager, accounts: platform.accounts, link: link, from: address,
                at: now)
            platform.deliverNotices()
            return .invited(name: made.name, link: made.link)
        }
    }

    func renewLink(of name: String, by manager: Account, from address: String) async throws -> ColleagueAnswer {
        try await answered {
            let made = try await platform.registrations.colleagues.renewLink(
                of: name, by: manager, link: link, from: address, at: now)
            platform.deliverNotices()
            return .invited(name: name, link: made)
        }
    }

    func setRights(_ rights: ColleagueRights, of name: String, by manager: Account, from address: String) async throws
        -> ColleagueAnswer
    {
        try await answered {
            try await platform.registrations.colleagues.setRights(
                rights, of: name, by: manager, from: address, at: now)
            return .done
        }
    }

    func removeColleague(_ name: String, by manager: Account, from address: String) async throws -> ColleagueAnswer {
        try await answered {
            try await platform.registrations.colleagues.remove(name, by: manager, from: address, at: now)
            return .done
        }
    }

    private func answered(_ act: () async throws -> ColleagueAnswer) async throws -> ColleagueAnswer {
        try await StorageFault.answered {
            do { return try await act() } catch let error as ColleagueError { return .refused(error.message) }
        }
    }
}
