import Accounts
import Audit
import Database
import Intake
import Notices
import Portal
import SurveillanceKit

extension PlatformServices: MediaServices {
    func trainingMedia() async throws -> [TrainingMedia] {
        try await StorageFault.answered { try await platform.data.database.read { try TrainingMediaStore.all(in: $0) } }
    }

    func trainingMedia(_ id: String) async throws -> TrainingMedia? {
        try await StorageFault.answered {
            try await platform.data.database.read { try TrainingMediaStore.find(id, in: $0) }
        }
    }

    func piece(_ number: Int, of media: String) async throws -> [UInt8]? {
        try await StorageFault.answered {
            try await platform.data.database.read { try TrainingMediaStore.piece(number, of: media, in: $0) }
        }
    }

    func publish(_ draft: MediaDraft, by account: Account, from address: String) async throws -> Bool {
        let moment = now
        let media = TrainingMedia(
            id: SubmissionID(at: moment, random: platform.random).description, title: draft.title,
            caption: draft.caption, kind: draft.kind, size: draft.bytes.count, publishedAt: moment,
            publishedBy: account.name)
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: "media.publish", subject: media.id, at: moment)
        return try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                guard try TrainingMediaStore.all(in: transaction).count < TrainingMedia.mostKept else { return false }
                try TrainingMediaStore.add(media, draft.bytes, in: transaction)
                try AuditTrail.append(entry, in: transaction)
                return true
            }
        }
    }

    func removeMedia(_ id: String, by account: Account, from address: String) async throws -> Bool {
        let moment = now
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: "media.remove", subject: id, at: moment)
        return try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                let isRemoved = try TrainingMediaStore.remove(id, at: moment, by: account.name, in: transaction)
                if isRemoved { try AuditTrail.append(entry, in: transaction) }
                return isRemoved
            }
        }
    }
}
