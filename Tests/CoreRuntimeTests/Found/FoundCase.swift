import CheckKit
import Foundation
import Intake
import SurveillanceKit
import Synchronization
import Validation

@testable import CoreRuntime

/// A folder of `Tests/FoundTests/Cases`: what is sent, and what is to come of it.
struct FoundCase {
    /// One package of the case. A case without numbered files has one step.
    struct Step {
        var name: String
        var files: [(name: String, bytes: [UInt8])]
    }

    static let folder = Repository.file("Tests/FoundTests/Cases")
    static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
        .sorted()

    let steps: [Step]
    let expectedFile: URL
    let expected: String

    init(_ name: String) throws {
        let folder = FoundCase.folder.appendingPathComponent(name)
        expectedFile = folder.appendingPathComponent("expected.txt")
        expected = (try? String(contentsOf: expectedFile, encoding: .utf8)) ?? ""
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { !["CASE.txt", "expected.txt"].contains($0) }.sorted()
            .map { (name: $0, bytes: Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
        let numbered = files.filter { $0.name.wholeMatch(of: /[0-9]-.+/) != nil }
        if numbered.isEmpty {
            steps = [Step(name: files.map(\.name).joined(separator: " + "), files: files)]
        } else {
            steps = numbered.map { Step(name: $0.name, files: [(String($0.name.dropFirst(2)), $0.bytes)]) }
        }
    }

    /// What comes of each step, offline and at a platform that keeps what the steps before have stored.
    func outcome() async throws -> String {
        let time = FoundClock()
        let test = try TestPlatform(now: { time.now })
        var parts: [String] = []
        for step in steps {
            let offline = try FoundOutcome(offline: step.files, now: time.now)
            let online = try await FoundOutcome(sending: step.files, to: test)
            parts.append(
                """
                \(step.name)

                check
                \(offline.text)
                server: \(online.state), \(try await test.lineList().count) records stored
                \(online.text == offline.text ? "  as above" : online.text)

                """)
            time.passAnHour()
        }
        await test.close()
        return parts.joined(separator: "\n")
    }
}

/// The time of the platform under test: an hour later at every step.
final class FoundClock: Sendable {
    /// 2026-11-28T04:00:00Z, noon in Beijing.
    private let moment = Mutex(Instant(milliseconds: 1_795_838_400_000))

    var now: Instant { moment.withLock { $0 } }
    func passAnHour() { moment.withLock { $0 = $0.advanced(bySeconds: 3600) } }
}
