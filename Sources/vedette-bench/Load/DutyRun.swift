import AllPrograms
import CoreRuntime
import Foundation
import ProgramFiles
import SurveillanceKit
import Timeliness
import Validation

/// What judging obligations costs: every institution's for every program over more than a year, the nation's board for a day, and one
/// submission more.
enum DutyRun {
    struct Size {
        var institutions = 16_000
        var programs = 10
        var days = 400
    }

    static func run(_ size: Size, programs folder: URL, report: @escaping (Figure) -> Void) throws {
        let registry = try ProgramRegistry(folder: folder)
        guard let model = registry.programs.map(\.program).first(where: { $0.id == "fever-clinic" }),
            let zone = CivilZone(model.timeZone)
        else { throw BenchError("the program fever-clinic is not there") }
        let programs = (0..<size.programs).map { number in
            var program = model
            program.id = "program-\(number)"
            return program
        }
        let today = CivilDate(daysSince1970: 20_785)
        let now = zone.instant(today, TimeOfDay("16:00") ?? .midnight)
        let roster = try timed("make the roster ready", "s", report) {
            DutyRoster(try DutyBook(programs, calendar: .none, institutions: institutions(size.institutions)))
        }
        let first = today.advanced(byDays: 1 - size.days)

        try scratch(roster, first...today, zone, at: now, report)
        board(roster, today, zone, at: now, report)
        report(Figure("memory, highest", Double(peakMegabytes()), "MB", limit: 512))
    }

    private static func timed<T>(
        _ name: String, _ unit: String, limit: Double? = nil, _ report: (Figure) -> Void, _ body: () throws -> T
    ) rethrows -> T {
        let start = ContinuousClock.now
        let value = try body()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        report(Figure(name, unit == "ms" ? seconds * 1000 : seconds, unit, limit: limit))
        return value
    }

    /// All states from nothing: receipts are made up as they are asked for, and what that costs is told apart.
    private static func scratch(
        _ roster: DutyRoster, _ days: ClosedRange<CivilDate>, _ zone: CivilZone, at now: Instant,
        _ report: @escaping (Figure) -> Void
    ) throws {
        let (institutions, programs) = (roster.book.institutions.count, roster.book.programs.count)
        let midnights = days.lowerBound.daysSince1970...days.upperBound.daysSince1970
        let starts = midnights.map { zone.instant(CivilDate(daysSince1970: $0), .midnight).milliseconds }
        var made = 0
        timed("make receipts up, alone", "s", report) {
            for institution in 0..<institutions {
                for program in 0..<programs { made += receipts(institution, program, starts).all.count }
            }
        }
        let tables = roster.tables(dueOn: days).tables
        var states = [Int](repeating: 0, count: Obligation.State.allCases.count)
        timed("all states from nothing, with made-up receipts", "s", limit: 30, report) {
            for institution in 0..<institutions {
                for program in 0..<programs {
                    guard let table = tables[program] else { continue }
                    roster.judge(institution, program, receipts(institution, program, starts), table, at: now) {
                        states[Obligation.State.allCases.firstIndex(of: $0.state) ?? 0] += 1
                    }
                }
            }
        }
        report(Figure("obligations judged", Double(states.reduce(0, +)) / 1e6, "million"))
        report(Figure("receipts", Double(made) / 1e6, "million"))
    }

    private static func board(
        _ roster: DutyRoster, _ today: CivilDate, _ zone: CivilZone, at now: Instant, _ report: (Figure) -> Void
    ) {
        let days = today.daysSince1970 - 8...today.daysSince1970
        let starts = days.map { zone.instant(CivilDate(daysSince1970: $0), .midnight).milliseconds }
        let (institutions, programs) = (roster.book.institutions.count, roster.book.programs.count)
        var memory = (0..<programs).map { program in (0..<institutions).map { receipts($0, program, starts) } }
        var states = timed("the nation's board for today, judged anew", "ms", limit: 100, report) {
            DayStates(roster, day: today, at: now) { program in
                let own = memory[program]
                return { own[$0] }
            }
        }
        timed("the nation's board for today, once judged", "ms", limit: 100, report) {
            precondition(!states.rows(in: .nation, roster).isEmpty)
        }
        let due = zone.instant(today, TimeOfDay("17:00:00.001") ?? .midnight)
        timed("all that fell due at 17:00", "s", limit: 1, report) {
            _ = DayStates(roster, day: today, at: due) { program in
                let own = memory[program]
                return { own[$0] }
            }
        }
        let count = 1000
        let start = ContinuousClock.now
        for number in 0..<count {
            let (institution, program) = (number * 7919 % institutions, number % programs)
            memory[program][institution] = DutyReceipts(
                memory[program][institution].all + [DutyReceipt(receivedAt: now, outcome: .accepted)])
            states.update(roster, institution, program, memory[program][institution], at: now)
        }
        let each = (ContinuousClock.now - start) / .microseconds(1) / Double(count)
        report(Figure("one submission more", each, "µs"))
    }

    /// A hospital's receipts: 2 of 100 days are missing, 3 are late, some have two packages.
    private static func receipts(_ institution: Int, _ program: Int, _ starts: [Int64]) -> DutyReceipts {
        var state = UInt64(institution &* 31 &+ program &+ 1) &* 0x9E37_79B9_7F4A_7C15
        var found: [DutyReceipt] = []
        found.reserveCapacity(starts.count + 8)
        for start in starts {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let chance = Int(state >> 40) % 100
            if chance < 2 { continue }
            let minutes = chance < 5 ? 1030 : 540 + Int(state >> 33 & 255)
            found.append(
                DutyReceipt(
                    receivedAt: Instant(milliseconds: start + Int64(minutes) * 60_000), outcome: .accepted))
        }
        return DutyReceipts(found)
    }

    private static func institutions(_ count: Int) -> [Institution] {
        let levels: [Institution.Level] = [.tertiary, .secondary, .secondary, .primary]
        return (0..<count).map { number in
            let region = 11 + number * 54 / count
            return Institution(
                code: "H\(number + 100_000)", name: BilingualText(zh: "院\(number)", en: "H\(number)"),
                level: levels[number % 4], region: "\(region)\(10 + number % 20)\(10 + number % 30)",
                hasFeverClinic: true)
        }
    }

    static func peakMegabytes() -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") }),
            let kilobytes = line.split(separator: " ").dropLast().last.flatMap({ Int($0) })
        else { return 0 }
        return kilobytes / 1024
    }
}
