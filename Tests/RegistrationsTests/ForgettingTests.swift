import Database
import Registrations
import StoreKit
import SurveillanceKit
import Testing

@Suite("Drafts are forgotten, and their scans with them", .everyStore)
struct ForgettingTests {
    private func documents(_ house: House) throws -> Set<String> {
        try house.database.readBlocking { connection in
            Set(try connection.rows("SELECT id FROM application_file").map { try $0[0] as String })
        }
    }

    @Test("after 30 days a draft, its earlier scans too; nothing of what was sent in, refused, approved or is changed")
    func forgotten() async throws {
        let house = try House()
        // Sent in, refused, approved, and approved with a change begun: each stays.
        _ = try await house.waiting(1)
        let refused = try await house.waiting(2)
        try await house.applications.refuse(
            refused.id, revision: refused.revision, Refusal(reasons: [], remark: "x"), by: house.reviewer(),
            at: house.now)
        _ = try await house.approve(try await house.waiting(3))
        let changed = try await house.waiting(4)
        _ = try await house.approve(changed)
        _ = try await house.applications.beginChange(changed.id, at: house.now)
        let kept = try documents(house)
        // A draft with a scan, an earlier one of the same kind, and one that was deleted.
        let draft = try await house.applications.begin(House.phone(), at: house.now).application
        for id in ["first", "second"] {
            let file = ApplicationFile(
                id: id, kind: .licence, mediaType: "image/jpeg", size: 9, pages: 1, sm3: "0", uploadedAt: house.now)
            _ = try await house.applications.add(file, to: draft.id, at: house.now)
        }
        _ = try await house.applications.removeFile(.licence, of: draft.id, at: house.now)

        house.advance(bySeconds: 30 * 86_400)
        #expect(try await house.applications.forgetDrafts(at: house.now) == 0)
        #expect(try await house.applications.unreferenced(at: house.now).isEmpty)
        house.advance(bySeconds: 1)
        #expect(try await house.applications.forgetDrafts(at: house.now) == 1)
        #expect(try await house.applications.unreferenced(at: house.now) == ["first", "second"])
        #expect(try documents(house) == kept)
        #expect(try await house.audit().last == "vedette application.forget")
        try await house.applications.removed(["first", "second"])
        #expect(try await house.applications.unreferenced(at: house.now).isEmpty)
    }

    @Test("a scan that a draft and another application both name stays as long as one of them does")
    func shared() async throws {
        let house = try House()
        let draft = try await house.applications.begin(House.phone(), at: house.now).application
        let file = ApplicationFile(
            id: "shared", kind: .licence, mediaType: "image/jpeg", size: 9, pages: 1, sm3: "0", uploadedAt: house.now)
        _ = try await house.applications.add(file, to: draft.id, at: house.now)
        house.advance(bySeconds: 31 * 86_400)
        _ = try await house.applications.forgetDrafts(at: house.now)
        // As another version would name it before the job comes round.
        let other = try await house.applications.begin(House.phone(5), at: house.now).application
        try await house.database.write {
            _ = try $0.execute(
                """
                INSERT INTO application_file (id, application, kind, media_type, size, pages, sm3, uploaded_at, replaced_at, scan) \
                VALUES ('shared', ?, 'licence', 'image/jpeg', 9, 1, '0', 0, 0, 'clean')
                """, [.text(other.id)])
        }
        #expect(try await house.applications.unreferenced(at: house.now).isEmpty)
    }

    @Test("a scan whose upload is under way is left alone for a day; once noted it is nobody's to remove")
    func underWay() async throws {
        let house = try House()
        let draft = try await house.applications.begin(House.phone(), at: house.now).application
        for id in ["noted", "cut-off"] { try await house.applications.reserve(id, at: house.now) }
        let file = ApplicationFile(
            id: "noted", kind: .licence, mediaType: "image/jpeg", size: 9, pages: 1, sm3: "0", uploadedAt: house.now)
        _ = try await house.applications.add(file, to: draft.id, at: house.now)
        house.advance(bySeconds: 86_400)
        #expect(try await house.applications.unreferenced(at: house.now).isEmpty)
        house.advance(bySeconds: 1)
        #expect(try await house.applications.unreferenced(at: house.now) == ["cut-off"])
    }
}
