import Accounts
import Audit
import Database
import Foundation
import Intake
import Portal
import ProgramFiles
import ShangMi
import StoreKit
import SurveillanceKit
import Validation

@testable import CoreRuntime

/// A platform in a folder of its own, with one hospital, whose data outlive it until the test ends.
final class TestPlatform {
    static let institution = Institution(
        code: "12345678901234567890A1", name: BilingualText(zh: "示例市第一人民医院", en: "First People's Hospital"),
        level: .tertiary, region: "110105", hasFeverClinic: true)

    let folder: URL
    private var opened: Platform?
    var platform: Platform { opened! }  // Set in init, and nil only within restart.

    /// - Parameter adjust: what is to be configured otherwise.
    init(
        maximumHeldBytes: Int = 64 << 20, now: (@Sendable () -> Instant)? = nil, fileSystem: FileSystem = .local,
        programs: URL = TestPlatform.programs, institutions: [Institution] = [TestPlatform.institution],
        adjust: (inout Configuration) -> Void = { _ in }
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-test-\(UUID().uuidString)")
        opened = try TestPlatform.open(
            folder, maximumHeldBytes: maximumHeldBytes, now: now, fileSystem: fileSystem, programs: programs,
            institutions: institutions, adjust: adjust)
    }

    /// Ends the platform; its folder stays.
    func close() async {
        await opened?.stop()
        opened = nil
    }

    /// Ends the platform and opens its folder anew, by another clock or with other programs where they are given.
    func restart(now: (@Sendable () -> Instant)? = nil, programs: URL = TestPlatform.programs) async throws {
        await close()
        // A thread that has just ended an upload may still hold its folder for a moment.
        for _ in 0..<10_000 where opened == nil {
            do { opened = try TestPlatform.open(folder, now: now, programs: programs) } catch IntakeError.inUse {
                await Task.yield()
            }
        }
        if opened == nil { opened = try TestPlatform.open(folder, now: now, programs: programs) }
    }

    /// What an operator uses beside it or after it.
    func desk() throws -> Desk {
        var configuration = Configuration(dataFolder: folder, programsFolder: TestPlatform.programs)
        if let store = try TestStore.plugin(for: folder.path) { configuration.plugins = EnabledPlugins([store]) }
        return try Desk(configuration, operatorName: "operator", now: Instant(seconds: 1_800_000_000))
    }

    /// The audit trail, oldest first: who, what, to what.
    func audit() async throws -> [String] {
        try await AuditTrail(database: platform.data.database).records(limit: 1000).reversed().map {
            "\($0.entry.author.name) \($0.entry.action) \($0.entry.subject)"
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let programs = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Surveillance")

    static func open(
        _ folder: URL, maximumHeldBytes: Int = 64 << 20, now: (@Sendable () -> Instant)? = nil,
        fileSystem: FileSystem = .local, programs: URL = TestPlatform.programs,
        institutions: [Institution] = [TestPlatform.institution], adjust: (inout Configuration) -> Void = { _ in }
    ) throws -> Platform {
        var configuration = Configuration(dataFolder: folder, programsFolder: programs)
        configuration.reserveBytes = 1 << 20
        configuration.maximumHeldBytes = maximumHeldBytes
        if let store = try TestStore.plugin(for: folder.path) { configuration.plugins = EnabledPlugins([store]) }
        adjust(&configuration)
        guard let now else {
            return try Platform(
                configuration, institutions: institutions, fileSystem: fileSystem, report: { _ in })
        }
        return try Platform(
            configuration, institutions: institutions, now: now, fileSystem: fileSystem, report: { _ in })
    }

    static func package(_ program: String, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: programs.appendingPathComponent("\(program)/Cases/\(name)/package.zip")))
    }

    func send(_ bytes: [UInt8], named name: String = "package.zip") async throws -> Recorded {
        try await send(bytes, named: name, from: TestPlatform.institution.code)
    }

    func send(_ bytes: [UInt8], named name: String, from institution: String) async throws -> Recorded {
        let announced = UploadAnnouncement(
            account: "data-manager", institution: institution, fileName: name,
            expectedBytes: bytes.count)
        let receiving = try Receiving(announced, at: platform)
        try bytes.withUnsafeBytes { try receiving.write($0) }
        return try await receiving.finish(0)
    }

    /// Waits until all that was sent has been processed.
    func processAll() async throws { try await platform.workers.drain() }

    func find(_ id: SubmissionID) async throws -> Submission? { try await platform.data.log.find(id, scope: .nation) }

    /// Every record of every table with the submission that touched it last, for comparing before and after.
    func lineList() async throws -> [String] {
        let programs = platform.registry.programs.map(\.program)
        return try await platform.data.records.read { connection in
            var lines: [String] = []
            for program in programs {
                for type in program.fileTypes {
                    let table = "\(program.id.split(separator: "-").joined(separator: "_"))_\(type.id)"
                    try connection.forEachRow("SELECT * FROM \"\(table)\" ORDER BY _institution, _record") { row in
                        lines.append("\(table) \(row.values)")
                    }
                }
            }
            return lines
        }
    }
}
