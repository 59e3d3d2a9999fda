import AllPrograms
import CoreRuntime
import Foundation
import ProgramFiles
import SelfTest
import SurveillanceKit
import Validation

/// What storing costs from end to end: from the first byte of a POST to `accepted`, beside `sqlite3 .import` of the same CSV.
///
/// Each run has a data folder of its own on the same disk, and takes every figure and its reference in turn; medians of the ratios count.
enum IngestRun {
    struct Size {
        var rows = 100_000
        var runs = 5
        /// Rows of the package that is stored while small uploads come in.
        var largeRows = 500_000
        /// Hospitals of the everyday load.
        var hospitals = 16
    }

    static func run(_ size: Size, programs: URL, report: (Figure) -> Void) async throws {
        try await pairs(size, programs: programs, report: report)
        try await everyday(size, programs: programs, report: report)
        try await receipts(size, programs: programs, report: report)
    }

    // MARK: One hospital's package, again and again

    static func pairs(_ size: Size, programs: URL, report: (Figure) -> Void) async throws {
        let type = try LoadRun.influenzaCases(in: programs)
        let known = size.rows * 6 / 7
        let added = size.rows - known
        let pool = InfluenzaPool(
            type, rows: size.rows + added, institution: Deployment.code(0), seed: 11)
        let first = pool.table(0..<size.rows)
        var times: [(imported: Double, first: Double, again: Double, changed: Double)] = []
        var bytes: [Double] = []
        var running: [Double] = []
        var peaks: [Double] = []
        for _ in 0..<size.runs {
            let deployment = try await Deployment(institutions: 1, programs: programs)
            func packed(_ table: [UInt8]) throws -> [UInt8] {
                try PackedFiles.zip([("flu_1.csv", table)], in: deployment.folder)
            }
            let packages = try [
                first, pool.table(added..<size.rows + added),
                pool.table(added..<size.rows + added, change: size.rows / 2),
            ].map(packed)
            try Data(first).write(to: deployment.folder.appendingPathComponent("flu.csv"))
            sync()
            let imported = try PackedFiles.run(
                "sqlite3", ["import.sqlite", "-cmd", ".import --csv flu.csv flu", "SELECT count(*) FROM flu"],
                in: deployment.folder)
            try deployment.start()
            let taken = try packages.map { try seconds(of: $0, to: deployment) }
            times.append((imported, taken[0], taken[1], taken[2]))
            running.append(Double(deployment.databaseBytes()))
            peaks.append(Double(try deployment.memory().peak) / 1e6)
            try deployment.stop()
            bytes.append(Double(deployment.databaseBytes()))
        }
        func median(_ ratio: (Int) -> Double) -> Double { times.indices.map(ratio).percentile(0.5) }
        let title = "\(size.rows) flu rows in a zip"
        report(Figure("\(title): POST to accepted", median { times[$0].first }, "s"))
        report(Figure("  sqlite3 .import of the CSV", median { times[$0].imported }, "s"))
        report(Figure("  ratio", median { times[$0].first / times[$0].imported }, "x", limit: 1.0))
        report(
            Figure(
                "  6 of 7 rows known, beside the first", median { times[$0].again / times[$0].first }, "x", limit: 0.35)
        )
        report(
            Figure(
                "  one row changed, beside the first", median { times[$0].changed / times[$0].first }, "x", limit: 0.25)
        )
        // One row in seven came on top of the first table.
        let csv = Double(first.count) * Double(size.rows + added) / Double(size.rows)
        report(Figure("  database beside CSV", bytes.percentile(0.5) / csv, "x", limit: 1.3))
        report(Figure("  database and its log while the server runs", running.percentile(0.5) / csv, "x"))
        report(Figure("  peak memory of the server", peaks.percentile(0.5), "MB", limit: 256))
    }

    /// The same packages on SQLite and on PostgreSQL, in turn.
    ///
    /// - Parameter connection: of a PostgreSQL server on the same machine.
    static func stores(_ size: Size, connection: String, programs: URL, report: (Figure) -> Void) async throws {
        let type = try LoadRun.influenzaCases(in: programs)
        let added = size.rows - size.rows * 6 / 7
        let pool = InfluenzaPool(type, rows: size.rows + added, institution: Deployment.code(0), seed: 11)
        var times: [[[Double]]] = []
        for _ in 0..<size.runs {
            times.append([])
            for store in [nil, connection] {
                let deployment = try await Deployment(institutions: 1, programs: programs, connection: store)
                let packages = try [
                    pool.table(0..<size.rows), pool.table(added..<size.rows + added),
                    pool.table(added..<size.rows + added, change: size.rows / 2),
                ].map { try PackedFiles.zip([("flu_1.csv", $0)], in: deployment.folder) }
                sync()
                try deployment.start()
                times[times.count - 1].append(try packages.map { try seconds(of: $0, to: deployment) })
                try deployment.stop()
            }
        }
        func median(_ value: ([[Double]]) -> Double) -> Double { times.map(value).percentile(0.5) }
        report(Figure("\(size.rows) flu rows in a zip: POST to accepted, SQLite", median { $0[0][0] }, "s"))
        report(Figure("  PostgreSQL", median { $0[1][0] }, "s"))
        report(Figure("  PostgreSQL beside SQLite", median { $0[1][0] / $0[0][0] }, "x", limit: 2.0))
        report(
            Figure(
                "  6 of 7 rows known, PostgreSQL beside SQLite's first", median { $0[1][1] / $0[0][0] }, "x", limit: 1.0
            ))
        report(Figure("  6 of 7 rows known, PostgreSQL beside SQLite", median { $0[1][1] / $0[0][1] }, "x"))
        report(Figure("  one row changed, PostgreSQL beside SQLite", median { $0[1][2] / $0[0][2] }, "x"))
    }

    /// From the first byte of the POST to the final state.
    private static func seconds(of package: [UInt8], to deployment: Deployment) throws -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        let id = try deployment.send(package, as: 0)
        while true {
            let state = try deployment.state(of: id)
            if state == "accepted" { break }
            guard state == "received" || state == "processing" else { throw BenchError("the package is \(state)") }
            // Not more often: a question every 2 ms took a seventh of the server's processor time, which no hospital's client does.
            usleep(8_000)
        }
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }

    // MARK: Everyday load

    /// Each hospital sends its package of the next day; those of the first day are stored before.
    static func everyday(_ size: Size, programs: URL, report: (Figure) -> Void) async throws {
        let registry = try ProgramRegistry(folder: programs)
        guard let program = registry.program("fever-clinic")?.program else { throw BenchError("no fever-clinic") }
        let days = 4
        let source = try FeverPackages(program, cases: try RuleCases.all(of: program.id, in: programs), days: days)
        let deployment = try await Deployment(institutions: size.hospitals, programs: programs)
        let packages = try (0..<days).map { day in
            try (0..<size.hospitals).map { hospital in
                try PackedFiles.zip(
                    source.files(day: day, institution: Deployment.code(hospital)), in: deployment.folder)
            }
        }
        try deployment.start()
        var rates: [Double] = []
        var first = 0.0
        for day in 0..<days {
            let start = DispatchTime.now().uptimeNanoseconds
            var ids: [String] = []
            for hospital in 0..<size.hospitals {
                ids.append(try deployment.send(packages[day][hospital], as: hospital))
            }
            for id in ids {
                while true {
                    let state = try deployment.state(of: id)
                    if state == "accepted" { break }
                    guard state == "received" || state == "processing" else {
                        throw BenchError("a package is \(state)")
                    }
                    usleep(2_000)
                }
            }
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            let rate = Double(size.hospitals * FeverPackages.rows) / seconds
            if day == 0 { first = rate } else { rates.append(rate) }
        }
        report(Figure("fever packages of 3,400 rows, 6 of 7 known", rates.percentile(0.5) / 1000, "thousand rows/s"))
        report(Figure("  all new", first / 1000, "thousand rows/s"))
        report(Figure("  microseconds a row", 1e6 / rates.percentile(0.5), "us", limit: 25))
        report(Figure("  peak memory of the server", Double(try deployment.memory().peak) / 1e6, "MB", limit: 256))
        try deployment.stop()
    }

    // MARK: Receipts meanwhile

    /// 50 small uploads a second while a large package is stored.
    static func receipts(_ size: Size, programs: URL, report: (Figure) -> Void) async throws {
        let type = try LoadRun.influenzaCases(in: programs)
        let (rate, seconds) = (50, 20)
        let count = rate * seconds
        // Half a million rows are beyond the default limit of one upload.
        let deployment = try await Deployment(
            institutions: count + 1, programs: programs, maximumUploadBytes: 64 << 20)
        let pool = InfluenzaPool(type, rows: size.largeRows, institution: Deployment.code(count), seed: 12)
        let large = try PackedFiles.zip([("flu_1.csv", pool.table(0..<size.largeRows))], in: deployment.folder)
        let template = PackageTemplate(type, InfluenzaRows(), rows: 20)
        try deployment.start()
        let start = DispatchTime.now().uptimeNanoseconds
        let id = try deployment.send(large, as: count)
        // Seconds until the large package is accepted; asked for on a thread of its own while the small ones are sent.
        let watch = Watch(deployment, id, since: start)
        watch.begin()
        let before = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        let times = (0..<count).map { Double($0) / Double(rate) }
        let outcomes = try Senders().run(template, to: deployment, at: times)
        let stored = try watch.value()
        let during = zip(times, outcomes).filter { $0.0 + before < stored }.map { $0.1.seconds * 1000 }
        report(Figure("\(size.largeRows) rows: POST to accepted", stored, "s"))
        report(Figure("  receipts meanwhile, at 50 a second", Double(during.count), "receipts"))
        report(Figure("  median", during.percentile(0.5), "ms"))
        report(Figure("  99 of 100 within", during.percentile(0.99), "ms", limit: 50))
        report(Figure("  the slowest", during.max() ?? .nan, "ms"))
        report(Figure("  peak memory of the server", Double(try deployment.memory().peak) / 1e6, "MB", limit: 256))
        try LoadRun.drain(deployment)
        try deployment.stop()
    }
}

/// Asks for a submission's state until it is accepted. Unchecked: the thread writes before it signals, and who waits reads after.
private final class Watch: @unchecked Sendable {
    private let deployment: Deployment
    private let id: String
    private let start: UInt64
    private var result: Result<Double, any Error> = .success(0)
    private let isOver = DispatchSemaphore(value: 0)

    init(_ deployment: Deployment, _ id: String, since start: UInt64) {
        self.deployment = deployment
        self.id = id
        self.start = start
    }

    func begin() {
        Thread { [self] in
            result = Result { try run() }
            isOver.signal()
        }.start()
    }

    func value() throws -> Double {
        isOver.wait()
        return try result.get()
    }

    private func run() throws -> Double {
        while true {
            let state = try deployment.state(of: id)
            if state == "accepted" { return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
            guard state == "received" || state == "processing" else { throw BenchError("the package is \(state)") }
            usleep(10_000)
        }
    }
}
