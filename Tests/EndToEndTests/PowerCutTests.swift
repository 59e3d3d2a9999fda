import Foundation
import Synchronization
import Testing

@Suite("A power cut", .serialized)
struct PowerCutTests {
    /// `scripts/crash-test` sets it higher.
    static let cuts = ProcessInfo.processInfo.environment["VEDETTE_POWER_CUTS"].flatMap(Int.init) ?? 300

    @Test(
        "under uploads, 300 times on a real file system: every acknowledged upload ends as in an undisturbed run",
        .enabled(if: PowerCutDisk.canMount, "not run: needs root and the right to mount a loop device of ext4"))
    func losesNothing() async throws {
        let disk = try PowerCutDisk()
        let deployment = try DurableDeployment(data: disk.folder.appendingPathComponent("data"))
        for cut in 0..<Self.cuts {
            try deployment.server.start()
            try await Self.cutPower(of: deployment, on: disk, afterMilliseconds: 1 + (cut * 37) % 100)
        }
        let faults = try await deployment.faults()
        #expect(faults.isEmpty, "\(faults.prefix(20))")
        print(
            """
            power cuts: \(Self.cuts), \(deployment.acknowledged.count) uploads acknowledged, faults: \(faults.count); \
            \(deployment.tooLate.count) more acknowledged behind the cut, of which \(deployment.goneAfterAll) are gone
            """)
    }

    @Test(
        "takes acknowledged uploads where syncs are left out, and the same comparison says so",
        .enabled(
            if: PowerCutDisk.canMount && FaultLibrary.canBuild, "not run: needs root, a loop device of ext4 and cc"))
    func brokenDiscipline() async throws {
        let disk = try PowerCutDisk()
        let deployment = try DurableDeployment(data: disk.folder.appendingPathComponent("data"))
        // Once as it should be, so that there is a database to come back to.
        try deployment.server.start()
        #expect(await deployment.send())
        #expect(deployment.server.stop() == 0)
        sync()
        try deployment.meet("skip", at: "sqlite-wal sync")
        try deployment.server.start()
        for _ in 0..<5 { #expect(await deployment.send()) }
        try await Self.cutPower(of: deployment, on: disk, afterMilliseconds: 0)
        let faults = try await deployment.faults()
        #expect(faults.contains { $0.contains("acknowledged and is gone") }, "\(faults)")
        print("power cut without syncs of the log: \(faults.count) faults found, as it must be")
    }

    private static func cutPower(
        of deployment: DurableDeployment, on disk: PowerCutDisk, afterMilliseconds delay: Int
    ) async throws {
        // A clock is what cuts power: at moments that have nothing to do with what the server does.
        let cutter = Task.detached {
            if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
            try disk.cut()
        }
        if delay > 0 { while await deployment.send(unless: { disk.isCut }) {} }
        try await cutter.value
        deployment.server.kill()
        try disk.remount()
    }
}

/// An ext4 file system in a file, whose power can be cut: what was not synced is gone.
final class PowerCutDisk: Sendable {
    let folder: URL
    private let image: URL
    /// Whether a cut has begun since the file system was mounted: what is acknowledged from then on, nobody hears.
    private let hasBegunCut = Mutex(false)

    var isCut: Bool { hasBegunCut.withLock { $0 } }

    static let canMount = geteuid() == 0 && (try? PowerCutDisk(mebibytes: 16)) != nil

    init(mebibytes: Int = 128) throws {
        let name = "vedette-power-\(UUID().uuidString)"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        image = FileManager.default.temporaryDirectory.appendingPathComponent(name + ".img")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try run("truncate", "-s", "\(mebibytes)M", image.path)
            try run("mkfs.ext4", "-q", "-F", image.path)
            try remountFirst()
        } catch {
            remove()
            throw error
        }
    }

    deinit {
        umount2(folder.path, 2)  // MNT_DETACH
        remove()
    }

    private func remove() {
        try? FileManager.default.removeItem(at: folder)
        try? FileManager.default.removeItem(at: image)
    }

    /// Stops the file system at once, without writing its journal: Linux, include/uapi/linux/fs.h, FS_IOC_SHUTDOWN with NOLOGFLUSH.
    func cut() throws {
        let descriptor = open(folder.path, O_RDONLY)
        defer { close(descriptor) }
        var flag: UInt32 = 2
        hasBegunCut.withLock { $0 = true }
        guard descriptor >= 0, ioctl(descriptor, 0x8004_587d, &flag) == 0 else {
            throw ServerProcess.Failure("the power cannot be cut: \(String(cString: strerror(errno)))")
        }
    }

    func remount() throws {
        try run("umount", folder.path)
        try remountFirst()
        hasBegunCut.withLock { $0 = false }
    }

    private func remountFirst() throws { try run("mount", "-t", "ext4", "-o", "loop", image.path, folder.path) }

    private func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ServerProcess.Failure("\(words.joined(separator: " ")): \(process.terminationStatus)")
        }
    }
}
