import Accounts
import Audit
import Database
import IndicatorStore
import Intake
import ProgramFiles
import ShangMi
import SurveillanceKit
import Timeliness
import Validation

extension RecurringJob {
    static let snapshots = RecurringJob(
        name: "snapshots",
        purpose: BilingualText(zh: "每周三 0 时冻结指标快照", en: "freezes figures as they were known on Wednesdays at 00:00"),
        intervalSeconds: 3_600)
}

extension Platform {
    func addSnapshotJob() {
        schedule.add(.snapshots) { [weak self] now in
            guard let self else { return .notNow }
            let count = try await takeSnapshots(at: now)
            if count > 0 {
                report(
                    BilingualText(
                        zh: "已生成 \(count) 份指标周快照",
                        en: "\(count.counted("weekly snapshot", "weekly snapshots")) of figures taken"))
            }
            return .done
        }
    }

    /// Takes the snapshots that are due: of each program that of the last Wednesday, and those that were missed since the one before it.
    ///
    /// - Returns: how many.
    func takeSnapshots(at now: Instant) async throws -> Int {
        var count = 0
        for program in registry.programs.map(\.program) where !program.indicators.isEmpty {
            guard let zone = figures.zone(of: program.id) else { continue }
            let last = FigureSnapshot.lastInstant(at: now, in: zone)
            let known = try await data.database.read { connection in
                try connection.firstRow(
                    "SELECT at FROM figure_snapshot WHERE program = ? ORDER BY at DESC LIMIT 1", [.text(program.id)]
                ).map { Instant(milliseconds: try $0[0]) }
            }
            var due: [Instant] = [last]
            while let first = due.first, let known, first > known, due.count < 53 {
                due.insert(zone.instant(zone.day(at: first).advanced(byDays: -7), .midnight), at: 0)
            }
            for instant in due where known.map({ $0 < instant }) ?? true {
                count += try await takeSnapshot(of: program.id, at: instant, now) ? 1 : 0
            }
        }
        return count
    }

    /// False where nothing was known then, or figures are being worked out anew.
    private func takeSnapshot(of program: String, at instant: Instant, _ now: Instant) async throws -> Bool {
        let body = try await data.records.read { [figures, institutions] connection -> [UInt8]? in
            let store = figures.store
            // While figures are being worked out anew they are not what was known then; the next hour looks again.
            let isReady = try store.outdated(program, in: connection) {
                institutions[$0].map(InstitutionPlace.init)
            }.isEmpty
            guard isReady, try store.hasFigures(of: try store.program(program), at: instant, in: connection) else {
                return nil
            }
            return try figures.snapshotText(of: program, at: instant, connection)
        }
        guard let body else { return false }
        let digest = SM3.digest(body).hex
        let signature = try data.receiptKey.sign(body).hex
        let keyID = SignedReceipt.keyID(data.receiptKey.publicKey)
        try await data.database.write { transaction in
            try transaction.execute(
                "INSERT INTO figure_snapshot (program, at, digest, key_id, signature, body) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .text(program), .integer(instant.milliseconds), .text(digest), .text(keyID), .text(signature),
                    .blob(body),
                ])
            try AuditTrail.append(
                AuditEntry(
                    author: .platform, action: "figures.snapshot", subject: program, at: now,
                    detail: ["asOf": instant.utc, "sm3": digest]), in: transaction)
        }
        return true
    }
}
