import Foundation
import Intake
import Portal
import ShangMi
import SurveillanceKit

@testable import CoreRuntime

/// A platform in a folder of its own, with one hospital, whose data outlive it until the test ends.
final class TestPlatform {
    static let institution = Institution(
        code: "12345678901234567890A1", name: BilingualText(zh: "示例市第一人民医院", en: "First People's Hospital"),
        level: .tertiary, region: "110105", hasFeverClinic: true)

    let folder: URL
    private var opened: Platform?
    var platform: Platform { opened! }  // Set in init, and nil only within restart.

    init(maximumHeldBytes: Int = 64 << 20, programs: URL = TestPlatform.programs) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-test-\(UUID().uuidString)")
        opened = try TestPlatform.open(folder, maximumHeldBytes: maximumHeldBytes, programs: programs)
    }

    /// Ends the platform and opens its folder anew.
    func restart() async throws {
        await platform.stop()
        opened = nil
        opened = try TestPlatform.open(folder)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let programs = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Surveillance")

    static func open(
        _ folder: URL, maximumHeldBytes: Int = 64 << 20, programs: URL = TestPlatform.programs
    ) throws -> Platform {
        var configuration = Configuration(dataFolder: folder, programsFolder: programs)
        configuration.reserveBytes = 1 << 20
        configuration.maximumHeldBytes = maximumHeldBytes
        return try Platform(configuration, institutions: [institution], report: { _ in })
    }

    static func package(_ program: String, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: programs.appendingPathComponent("\(program)/Cases/\(name)/package.zip")))
    }

    func send(_ bytes: [UInt8], named name: String = "package.zip") async throws -> Recorded {
        let announced = Receiving.Announced(
            account: "data-manager", institution: TestPlatform.institution.code, fileName: name,
            expectedBytes: bytes.count)
        let receiving = try Receiving(announced, at: platform)
        try bytes.withUnsafeBytes { try receiving.write($0) }
        return try await receiving.finish()
    }

    /// Waits until all that was sent has been processed.
    func processAll() async throws { try await platform.workers.drain() }

    func find(_ id: SubmissionID) async throws -> Submission? { try await platform.data.log.find(id, institution: nil) }

    /// Every record of every table with the submission that touched it last, for comparing before and after.
    func lineList() async throws -> [String] {
        let programs = platform.registry.programs.map(\.program)
        return try await platform.data.database.read { connection in
            var lines: [String] = []
            for program in programs {
                for type in program.fileTypes {
                    let table = "\(program.id.split(separator: "-").joined(separator: "_"))_\(type.id)"
                    try connection.forEachRow("SELECT * FROM \"\(table)\" ORDER BY _key") { row in
                        lines.append("\(table) \(row.values)")
                    }
                }
            }
            return lines
        }
    }
}
