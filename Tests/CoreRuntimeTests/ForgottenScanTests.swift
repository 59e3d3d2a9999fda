import Accounts
import Documents
import Foundation
import Intake
import Portal
import Registrations
import StoreKit
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

@Suite("Sealed scans of forgotten drafts, on every store", .everyStore)
struct ForgottenScanTests {
    @Test("are removed by the daily purge with their draft; a disk that fails meanwhile leaves them to the next one")
    func removed() async throws {
        let clock = try SetClock("2026-03-02T10:00:00+08:00")
        let fails = Mutex(false)
        var files = FileSystem.local
        files.remove = { path in
            if path.contains("/documents/"), fails.withLock({ $0 }) { throw FileSystem.Fault("remove", code: EIO) }
            try FileSystem.local.remove(path)
        }
        let test = try TestPlatform(now: clock.now, fileSystem: files)
        let services = test.platform.portalServices
        func application(_ number: String) async throws -> Application {
            try await test.platform.registrations.applications.begin(
                try #require(PhoneNumber(number)), at: clock.now()
            ).application
        }
        let scan = try DrawnPicture.jpeg(width: 9, height: 9) { _, _ in (1, 2, 3) }
        let left = try await application("13800000001")
        for kind in [ApplicationFile.Kind.licence, .agreement, .licence] {
            guard case .added = try await services.addFile(scan, named: "a.jpg", as: kind, to: left) else {
                Issue.record("the scan was not taken")
                return
            }
        }
        try clock.set("2026-03-20T10:00:00+08:00")
        let going = try await application("13800000002")
        _ = try await services.addFile(scan, named: "a.jpg", as: .licence, to: going)
        func sealed() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: test.folder.appendingPathComponent("documents").path)
                .count { $0.count == 32 }
        }
        try await test.platform.purge()
        #expect(try sealed() == 4)

        try clock.set("2026-04-02T10:00:00+08:00")
        fails.withLock { $0 = true }
        await #expect(throws: (any Error).self) { try await test.platform.purge() }
        #expect(try sealed() == 4)
        fails.withLock { $0 = false }
        try await test.platform.purge()
        #expect(try sealed() == 1)
        let found = try await test.platform.registrations.applications.begin(going.phone, at: clock.now()).application
        #expect(try test.platform.data.documents.read(try #require(found.files.first).id) == scan)
        #expect(try await application("13800000001").id != left.id)
        #expect(try await test.audit().contains("vedette application.forget \(left.id)"))
    }
}
