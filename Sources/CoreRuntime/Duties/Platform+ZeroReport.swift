import Accounts
import Audit
import Database
import HTTPServer
import Intake
import Portal
import SurveillanceKit
import Timeliness
import TimelinessStore

extension Platform {
    /// Records that an institution had no cases on a day: accepted at once, with its receipt.
    ///
    /// - Throws: `Problem` for what cannot be said: an unknown program, a day that has not begun, or for which nothing is owed.
    func reportZero(
        _ program: String, on day: CivilDate, by account: Account, from address: String, idempotencyKey: String?
    ) async throws -> Recorded {
        guard account.role == .institution, let code = account.institution else { throw Problem.noInstitution }
        let now = try await duties.refresh()
        let roster = duties.roster
        guard let institution = roster.place(ofInstitution: code) else { throw Problem.unknownInstitution(code) }
        guard let rules = roster.book.program(program), let place = roster.place(ofProgram: program) else {
            throw Problem.noSuchProgram(program, known: roster.book.programs.map(\.program))
        }
        let today = rules.zone.day(at: now)
        guard day <= today else { throw Problem.dayNotBegun(day, today: today, zone: rules.zone.identifier) }
        try requireOwed(institution, place, rules, day, roster, at: now)

        let report = ZeroReport(institution: code, program: program, day: day)
        let announced = UploadAnnouncement(
            account: account.name, institution: code, fileName: ZeroReport.fileName,
            expectedBytes: report.bytes.count, idempotencyKey: idempotencyKey, address: address)
        let slot = try takeSlot(for: code)
        defer { slot.giveBack() }
        let file = try data.spool.begin(
            SubmissionID(at: self.now(), random: random), expectedBytes: report.bytes.count)
        try report.bytes.withUnsafeBytes { try file.write($0) }
        let finished = try await file.finish(announced.origin(named: ZeroReport.fileName, at: self.now()))
        let findings = try data.findings.begin(finished.id, attempt: 1)
        try findings.finish()
        do {
            let recorded = try await record(finished, announced, named: ZeroReport.fileName) {
                [pipeline] submission, transaction in
                try pipeline.accept(report, submission, in: transaction)
            }
            if case .known = recorded { _ = try? data.findings.removeAll(of: [finished.id]) }
            return recorded
        } catch {
            // What perhaps was recorded keeps its bytes, and what belongs to them.
            if !data.spool.contains(finished.id) { _ = try? data.findings.removeAll(of: [finished.id]) }
            throw error
        }
    }

    /// - Throws: `Problem` where the institution owes the program no report that covers the day.
    private func requireOwed(
        _ institution: Int, _ program: Int, _ rules: ProgramDuties, _ day: CivilDate, _ roster: DutyRoster,
        at now: Instant
    ) throws {
        let code = roster.book.institutions[institution].code
        if let error = roster.undecided(program: program, isWanted: { $0 == institution }).first {
            throw Problem.nothingOwed(code, rules.program, day, error.message)
        }
        // A month's report falls due in the month after it.
        let table: DutyPeriods
        do throws(DutyError) {
            table = try rules.periods(dueOn: day...day.advanced(byDays: 62))
        } catch {
            do throws(DutyError) {
                // The calendar may end soon; the day itself is enough for daily reports.
                table = try rules.periods(dueOn: day...day)
            } catch { throw Problem.nothingOwed(code, rules.program, day, error.message) }
        }
        let owed = roster.obligations(institution, program, .none, table, at: now).contains { obligation in
            switch obligation.kind {
            case .daily, .workingDays: obligation.to == day
            default: obligation.from <= day && day <= obligation.to
            }
        }
        guard !owed else { return }
        throw Problem.nothingOwed(
            code, rules.program, day,
            BilingualText(
                zh: "该机构当日没有此监测项目的上报义务", en: "the institution owes this program no report that covers the day"))
    }
}

extension Pipeline {
    /// Ends a zero report in the transaction that records it.
    func accept(
        _ report: ZeroReport, _ submission: Submission, in transaction: any Transaction
    ) throws -> (submission: Submission, receiptNumber: Int) {
        let accepted = try data.log.acceptAtOnce(submission.id, files: [report.file], at: now(), in: transaction)
        try noteDuties(of: accepted, day: report.day, in: transaction)
        let receipt = try data.receipts.issue(
            for: accepted, programs: applied(to: accepted.files), at: now(), in: transaction)
        return (accepted, receipt.number)
    }
}

extension Problem {
    static func noSuchProgram(_ id: String, known: [String]) -> Problem {
        Problem(
            "no-such-program", status: .badRequest,
            title: BilingualText(zh: "没有这个监测项目", en: "There is no such program"),
            detail: BilingualText(
                zh: "没有监测项目“\(id)”；现有 \(known.joined(separator: ", "))。",
                en: "There is no program '\(id)'; there are \(known.joined(separator: ", "))."))
    }

    static func dayNotBegun(_ day: CivilDate, today: CivilDate, zone: String) -> Problem {
        Problem(
            "day-not-begun", status: .unprocessableContent,
            title: BilingualText(zh: "这一天还没有开始", en: "The day has not begun"),
            detail: BilingualText(
                zh: "\(day) 还没有开始，今天是 \(today)（\(zone)）；只能为今天或以前的日期零报告。",
                en: "\(day) has not begun: today is \(today) (\(zone)). A zero report is for today or an earlier day."))
    }

    static func nothingOwed(_ institution: String, _ program: String, _ day: CivilDate, _ reason: BilingualText)
        -> Problem
    {
        Problem(
            "nothing-owed", status: .conflict,
            title: BilingualText(zh: "当日无需上报", en: "Nothing is owed for this day"),
            detail: BilingualText(
                zh: "\(institution) \(program) \(day)：\(reason.zh)。",
                en: "\(institution), \(program), \(day): \(reason.en)."))
    }
}
