import Accounts
import Audit
import Database
import SurveillanceKit
import Timeliness

extension Platform {
    /// Looks at the deadlines that have passed, and at the reminders before them, when they do.
    func addDeadlineJob() {
        schedule.add(.deadlines) { [weak self] now in
            // After a jump of the clock nobody is told of a deadline until an operator has confirmed it.
            guard let self, try data.clock.jump(at: now) == nil else { return .notNow }
            try await rules.refresh()
            let pending = try await pendingReceipts(nil, duties.roster)
            if let next = try await dutyTeller.tell(pending: pending) { schedule.ask(.deadlines, at: next) }
            return .done
        }
        schedule.add(.feeds) { [weak self] now in
            guard let self, try data.clock.jump(at: now) == nil else { return .notNow }
            try await feeds.look(pending: try await pendingReceipts(nil, duties.roster))
            return .done
        }
    }

    /// Writes into the audit trail that the clock was set.
    func noteClockSettings() async throws {
        _ = duties.clock.now()
        let settings = duties.clock.takeSettings()
        guard !settings.isEmpty else { return }
        for setting in settings { report(setting.message) }
        let moment = now()
        try await data.database.write { transaction in
            for setting in settings {
                try AuditTrail.append(
                    AuditEntry(
                        author: .platform, action: "clock.set", subject: "clock", at: moment,
                        detail: ["expected": setting.expected.utc, "shown": setting.shown.utc]), in: transaction)
            }
        }
    }

    /// Today's obligations by program and state, and how many of the last three days are missing, for `/metrics`.
    func dutyLines() async throws -> [String] {
        var lines = [
            "# HELP vedette_obligations Obligations that fall due today, by program and state.",
            "# TYPE vedette_obligations gauge",
        ]
        var overdue = [
            "# HELP vedette_obligations_overdue Obligations of today and the two days before for which nothing that counts has come.",
            "# TYPE vedette_obligations_overdue gauge",
        ]
        let now = try await duties.refresh()
        for program in duties.roster.book.programs where program.hasDeadlines {
            var missing = 0
            for back in 0..<3 {
                let (states, roster, _) = try await duties.states(on: program.zone.day(at: now).advanced(byDays: -back))
                guard let counts = states.totals(roster).first(where: { $0.program == program.program })?.counts else {
                    continue
                }
                missing += counts[.missing]
                guard back == 0 else { continue }
                for state in Obligation.State.allCases {
                    lines.append(
                        "vedette_obligations{program=\"\(program.program)\",state=\"\(state.rawValue)\"} \(counts[state])"
                    )
                }
            }
            overdue.append("vedette_obligations_overdue{program=\"\(program.program)\"} \(missing)")
        }
        return lines + overdue
    }
}

extension DutyClock.Setting {
    var message: BilingualText {
        BilingualText(
            zh: "系统时钟被调整：应为 \(expected.utcSeconds)，现为 \(shown.utcSeconds)。上报义务的状态不会因此倒退；请核对时钟。",
            en:
                "the clock was set from \(expected.utcSeconds) to \(shown.utcSeconds); the state of no obligation goes back for that. Look whether the clock is right."
        )
    }
}
