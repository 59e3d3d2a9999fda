import Foundation
import HTTPClient
import Testing

@Suite("A disk that is full", .serialized)
struct FullDiskTests {
    @Test(
        "answers 507 and keeps everything received whole; with room again it goes on",
        .enabled(if: geteuid() == 0 && SmallDisk.canMount, "needs root and the right to mount a small tmpfs"))
    func fullDisk() async throws {
        let disk = try SmallDisk(mebibytes: 24)
        let server = try ServerProcess(data: disk.folder.appendingPathComponent("data"), reserveBytes: 65_536)
        try server.start()
        let first = try await server.send(try Repository.package("Influenza", "faults"))
        let before = try await server.outcome(first)
        let findings = try await server.request(.get, "/api/v1/submissions/\(first)/findings")
        let records = try server.lineList()

        // Room for the reserve and a little more: the upload begins, and the disk ends under it.
        let package = try Repository.package("FeverClinic", "faults")
        var statuses: Set<Int> = []
        for left in [1_200_000, 400_000, 300_000, 200_000, 100_000, 40_000, 0] {
            try disk.fill(leaving: left)
            for turn in 0..<3 {
                // Another file each time, so that none is recognised.
                let table = Data("P900,P4\r\n\(left)-\(turn)\r\n".utf8) + Data(repeating: 120, count: 300_000)
                let answer = try await server.request(
                    .post, "/api/v1/submissions?filename=flu_\(left)_\(turn).csv", body: table)
                statuses.insert(answer.status)
                #expect(answer.status == 201 || answer.status == 507, "\(answer.status): \(answer.text)")
                if answer.status == 507 { #expect(answer.text.contains("urn:vedette:problem:no-space")) }
            }
        }
        #expect(statuses.contains(507))
        let ready = try await server.request(.get, "/readyz", as: nil)
        #expect(ready.status == 503 && ready.text.contains("MB"))
        let again = try await server.request(.get, "/api/v1/submissions/\(first)/findings")
        #expect(again.status == 200 || again.status == 507, "\(again.status): \(again.text)")

        try disk.empty()
        #expect(try await server.request(.get, "/readyz", as: nil).status == 200)
        let second = try await server.outcome(try await server.send(package))
        #expect(second["state"] as? String == "partly-accepted")
        #expect(server.stop() == 0)

        // What had been received is as it was, for a new process too.
        try server.start()
        let after = try await server.request(.get, "/api/v1/submissions/\(first)/findings")
        #expect(after.body == findings.body)
        #expect(try await server.outcome(first)["accepted"] as? Int == before["accepted"] as? Int)
        #expect(Set(try server.lineList()).isSuperset(of: records))
        #expect(server.stop() == 0)
        #expect(try server.chainFaults() == [])
    }
}

/// A disk of a few megabytes, gone with the test.
private final class SmallDisk {
    let folder: URL
    private var ballast: URL { folder.appendingPathComponent("ballast") }

    static var canMount: Bool { (try? SmallDisk(mebibytes: 1)) != nil }

    struct CannotMount: Error {}

    init(mebibytes: Int) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
            try? FileManager.default.removeItem(at: folder)
            throw CannotMount()
        }
    }

    deinit {
        umount2(folder.path, 2)  // MNT_DETACH: a process that still ends holds it no longer than it lives.
        try? FileManager.default.removeItem(at: folder)
    }

    func empty() throws { try? FileManager.default.removeItem(at: ballast) }

    /// Leaves so many bytes free.
    func fill(leaving left: Int) throws {
        try empty()
        var status = statvfs()
        guard statvfs(folder.path, &status) == 0 else { throw CannotMount() }
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        do {
            try Data(count: max(0, free - left)).write(to: ballast)
        } catch CocoaError.fileWriteOutOfSpace {
            // The server has written meanwhile: the disk is full, which is what is wanted.
        }
    }
}
