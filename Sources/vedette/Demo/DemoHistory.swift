import Accounts
import Audit
import CoreRuntime
import Foundation
import HTTPClient
import ProgramFiles
import SurveillanceKit
import Synchronization
import Timeliness
import Validation

/// The clock of the demo: first it goes through a fortnight that has passed, then it is the system's.
final class DemoClock: Sendable {
    private let past = Mutex<Instant?>(nil)

    var now: Instant { past.withLock { $0 } ?? .systemClock() }

    func set(_ instant: Instant?) { past.withLock { $0 = instant } }
}

/// A fortnight in which a dozen institutions have reported: in time, late, not at all, excused, without cases.
struct DemoHistory {
    let platform: Platform
    let clock: DemoClock
    let server: URL

    static let days = 14

    /// Rules as a deployment sets them: the institution with a new system is excused while it changes over.
    static func writeRules(to folder: URL, today: CivilDate) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard let changing = DemoHospital.all.first(where: { $0.habit == .newSystem }) else { return }
        for program in ["fever-clinic", "influenza"] {
            let text = """
                // Written by "vedette demo".
                {
                    "program": "\(program)",
                    "setOn": "\(today.advanced(byDays: -days))",
                    "reason": { "zh": "更换信息系统", "en": "a new hospital system" },
                    "scope": {
                        "exemptions": [
                            {
                                "institution": "\(changing.institution.code)",
                                "from": "\(today.advanced(byDays: -8))",
                                "until": "\(today.advanced(byDays: -5))",
                                "reason": { "zh": "更换信息系统", "en": "a new hospital system" }
                            }
                        ]
                    }
                }
                """
            try text.write(
                to: folder.appendingPathComponent("\(program).json"), atomically: true, encoding: .utf8)
        }
    }

    private struct Event {
        var at: Instant
        var hospital: DemoHospital
        var package: DemoPackage
    }

    /// Sends everything in the order of its time, each at its time.
    ///
    /// - Parameter progress: told how many of how many have been sent.
    func send(today: CivilDate, in zone: CivilZone, progress: (Int, Int) -> Void) async throws {
        let events = events(today: today, zone)
        let client = HTTPClient()
        var tokens: [String: String] = [:]
        let author = Author(name: "demo", origin: "command line")
        if let first = events.first { clock.set(first.at) }
        for hospital in DemoHospital.all {
            tokens[hospital.account] = try await platform.tokens.create(
                for: hospital.account, label: "demo", by: author, at: clock.now
            ).secret
        }
        for (number, event) in events.enumerated() {
            clock.set(event.at)
            try platform.lookAtClock()
            let answer = try await client.send(
                .init(
                    .post,
                    server.appendingPathComponent("api/v1/submissions").absoluteString
                        + "?filename=\(event.package.fileName)",
                    headers: [
                        ("Content-Type", "application/octet-stream"),
                        ("Authorization", "Bearer \(tokens[event.hospital.account] ?? "")"),
                    ], text: event.package.text))
            guard answer.status == 201 else {
                throw ClientError(
                    "\(event.package.fileName) of \(event.hospital.account): refused with \(answer.status)")
            }
            progress(number + 1, events.count)
        }
        clock.set(nil)
        try platform.lookAtClock()
    }

    private func events(today: CivilDate, _ zone: CivilZone) -> [Event] {
        let now = Instant.systemClock()
        var events: [Event] = []
        let types = platform.registry.programs.map(\.program).compactMap { program in
            ["flu", "fever"].compactMap(program.fileType).first
        }
        for daysAgo in (0..<DemoHistory.days).reversed() {
            let day = today.advanced(byDays: -daysAgo)
            let midnight = zone.instant(day, .midnight).milliseconds
            for (place, hospital) in DemoHospital.all.enumerated() {
                // What the demo's own hospital sends today are the sample packages.
                if hospital.account == DemoHospital.own.account, daysAgo == 0 { continue }
                for (position, type) in types.enumerated() {
                    for deed in hospital.deeds(daysAgo: daysAgo, isSunday: day.weekday == 7, place: place) {
                        let (minutes, package): (Int, DemoPackage) =
                            switch deed {
                            case .package(let minutes, let visits):
                                (minutes, DemoPackage(type, of: hospital.institution, on: day, visits: visits))
                            case .broken(let minutes):
                                (
                                    minutes,
                                    DemoPackage(type, of: hospital.institution, on: day, visits: 4, isBroken: true)
                                )
                            case .zero(let minutes):
                                (minutes, DemoPackage(type, of: hospital.institution, on: day, visits: 0))
                            }
                        let at = Instant(milliseconds: midnight + Int64(minutes + position) * 60_000)
                        if at <= now { events.append(Event(at: at, hospital: hospital, package: package)) }
                    }
                }
            }
        }
        return events.sorted { $0.at < $1.at }
    }
}
