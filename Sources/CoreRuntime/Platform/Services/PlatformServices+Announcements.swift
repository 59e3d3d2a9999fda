import Accounts
import Audit
import Database
import Intake
import Notices
import Portal
import SurveillanceKit

extension PlatformServices: AnnouncementServices {
    func announcements(to account: Account, in region: String?) async throws -> [ShownAnnouncement] {
        try await StorageFault.answered {
            try await platform.data.database.read { connection in
                try Announcements.shown(to: account.name, in: region, connection).map {
                    ShownAnnouncement($0.announcement, isRead: $0.isRead)
                }
            }
        }
    }

    func publish(_ draft: AnnouncementDraft, by account: Account, from address: String) async throws {
        let moment = now
        let announcement = Announcement(
            id: SubmissionID(at: moment, random: platform.random).description, title: draft.title, text: draft.text,
            region: draft.region, publishedAt: moment, publishedBy: account.name)
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: "announcement.publish",
            subject: announcement.id, at: moment)
        try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                try Announcements.publish(announcement, in: transaction)
                try AuditTrail.append(entry, in: transaction)
            }
        }
    }

    func withdrawAnnouncement(_ id: String, by account: Account, from address: String) async throws -> Bool {
        let moment = now
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: "announcement.withdraw", subject: id,
            at: moment)
        return try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                let isWithdrawn = try Announcements.withdraw(id, at: moment, by: account.name, in: transaction)
                if isWithdrawn { try AuditTrail.append(entry, in: transaction) }
                return isWithdrawn
            }
        }
    }

    func markRead(_ ids: [String], by account: Account) async throws {
        let moment = now
        try await StorageFault.answered {
            try await platform.data.database.write {
                try Announcements.markRead(ids, by: account.name, at: moment, in: $0)
            }
        }
    }
}
