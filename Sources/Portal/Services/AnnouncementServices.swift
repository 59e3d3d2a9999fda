public import Accounts
public import Notices
public import SurveillanceKit

/// What administrators announce, and who has read it.
public protocol AnnouncementServices: Sendable {
    /// What is shown to an account, the latest first.
    ///
    /// - Parameter region: where the account is; nil for the whole nation.
    func announcements(to account: Account, in region: String?) async throws -> [ShownAnnouncement]

    func publish(_ draft: AnnouncementDraft, by account: Account, from address: String) async throws

    /// - Returns: false where there is no such announcement.
    func withdrawAnnouncement(_ id: String, by account: Account, from address: String) async throws -> Bool

    func markRead(_ ids: [String], by account: Account) async throws
}

public struct ShownAnnouncement: Hashable, Sendable {
    public var announcement: Announcement
    public var isRead: Bool

    public init(_ announcement: Announcement, isRead: Bool) {
        self.announcement = announcement
        self.isRead = isRead
    }
}

public struct AnnouncementDraft: Hashable, Sendable {
    public var title: BilingualText
    public var text: BilingualText
    public var region: Region?

    public init(title: BilingualText, text: BilingualText, region: Region?) {
        self.title = title
        self.text = text
        self.region = region
    }
}
