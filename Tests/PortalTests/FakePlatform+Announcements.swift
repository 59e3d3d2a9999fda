import Accounts
import Notices
import SurveillanceKit

@testable import Portal

extension FakePlatform: AnnouncementServices {
    func announcements(to account: Account, in region: String?) -> [ShownAnnouncement] { [] }
    func publish(_ draft: AnnouncementDraft, by account: Account, from address: String) {}
    func withdrawAnnouncement(_ id: String, by account: Account, from address: String) -> Bool { false }
    func markRead(_ ids: [String], by account: Account) {}
}
