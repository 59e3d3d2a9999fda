public import Accounts
public import SurveillanceKit

/// The accounts that an institution's manager gives to colleagues.
public protocol ColleagueServices: Sendable {
    func colleagues(of manager: Account) async throws -> [Colleague]

    func invite(_ invitation: ColleagueInvitation, by manager: Account, from address: String) async throws
        -> ColleagueAnswer

    /// Makes another link that sets a colleague's password once.
    func renewLink(of name: String, by manager: Account, from address: String) async throws -> ColleagueAnswer

    func setRights(_ rights: ColleagueRights, of name: String, by manager: Account, from address: String) async throws
        -> ColleagueAnswer

    func removeColleague(_ name: String, by manager: Account, from address: String) async throws -> ColleagueAnswer
}

public struct ColleagueInvitation: Hashable, Sendable {
    /// What follows the institution's code in the account's name.
    public var ending: String
    public var displayName: String
    public var rights: ColleagueRights
    public var contact: AccountContact

    public init(ending: String, displayName: String, rights: ColleagueRights, contact: AccountContact) {
        self.ending = ending
        self.displayName = displayName
        self.rights = rights
        self.contact = contact
    }
}

public enum ColleagueAnswer: Sendable {
    case done
    /// The link with which a colleague sets the password, shown this once.
    case invited(name: String, link: String)
    case refused(BilingualText)
}
