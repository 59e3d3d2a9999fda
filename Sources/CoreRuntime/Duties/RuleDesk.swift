import Accounts
import Audit
import Database
import Foundation
import Portal
import ProgramFiles
import ShangMi
import SurveillanceKit
import Synchronization
import Timeliness
import TimelinessStore
import Validation

/// Deadlines, scopes and exemptions that administrators set: read, tried, put in force, ended.
final class RuleDesk: Sendable {
    private let ledger: DutyLedger
    private let database: any SQLDatabase
    private let programs: [Program]
    private let random: RandomSource
    private let now: @Sendable () -> Instant
    private let report: @Sendable (BilingualText) -> Void
    private let mark = Mutex<Int?>(nil)

    /// What mistakes call what is about to be set.
    private static let draft = "draft"
    /// As many differences are shown.
    private static let mostShown = 200
    /// A preview looks at so many days before and after today.
    private static let daysAround = 31

    init(
        _ ledger: DutyLedger, _ programs: [Program], random: RandomSource, now: @escaping @Sendable () -> Instant,
        report: @escaping @Sendable (BilingualText) -> Void
    ) {
        self.ledger = ledger
        database = ledger.database
        self.programs = programs
        self.random = random
        self.now = now
        self.report = report
    }

    // MARK: Keeping up

    /// Judges by what was set, also by another process, since the last time.
    func refresh() async throws {
        let (mark, entries) = try await database.read { connection in
            let mark = try RuleChangeLog.mark(in: connection)
            let isSame = self.mark.withLock { $0 == mark }
            return (mark, isSame ? nil : try RuleChangeLog.all(in: connection))
        }
        guard let entries else { return }
        put(entries, mark)
    }

    /// As `refresh`, before anybody asks.
    func load() throws {
        let (mark, entries) = try database.readBlocking {
            (try RuleChangeLog.mark(in: $0), try RuleChangeLog.all(in: $0))
        }
        put(entries, mark)
    }

    private func put(_ entries: [RuleChangeLog.Entry], _ mark: Int) {
        var overrides: [DutyOverrides] = []
        for entry in entries where entry.revokedAt == nil {
            switch read(entry) {
            case .success(let read): overrides += read
            case .failure(let error):
                let cause = ErrorText.of(error)
                report(
                    BilingualText(
                        zh: "规则变更 \(entry.id) 未生效：\(cause.zh)",
                        en: "the rule change \(entry.id) is not in force: \(cause.en)"))
            }
        }
        let isFirst = self.mark.withLock { known in
            defer { known = mark }
            return known == nil
        }
        // Nothing was set, and nothing is.
        if isFirst, overrides.isEmpty { return }
        do {
            try ledger.replaceOverrides(overrides)
        } catch {
            // Each was judged by when it was set; a program that has changed since must not keep the server from starting.
            let cause = ErrorText.of(error)
            report(
                BilingualText(
                    zh: "管理员设置的截止时间规则未生效：\(cause.zh)；请在 /rules 结束其中一条",
                    en:
                        "what administrators have set for deadlines is not in force: \(cause.en); end one of them on /rules"
                ))
        }
    }

    private func read(_ entry: RuleChangeLog.Entry) -> Result<[DutyOverrides], ProgramError> {
        Result { () throws(ProgramError) in
            try OverridesFolder.read(texts: [(entry.id, entry.body)], programs: programs)
        }
    }

    // MARK: What administrators do

    func changes(in scope: Scope) async throws -> [RuleChange] {
        try await database.read { try RuleChangeLog.all(in: $0) }.reversed().compactMap { entry in
            let read = read(entry)
            if case .success(let overrides) = read, !concerns(overrides, scope) { return nil }
            var change = RuleChange(entry)
            if case .failure(let error) = read, entry.revokedAt == nil {
                change.difficulty = error.mistakes.first?.message
            }
            return change
        }
    }

    func preview(_ draft: RuleDraft, in scope: Scope) async throws -> RuleAnswer<RulePreview> {
        try await refresh()
        switch try await examine(draft, in: scope) {
        case .refused(let mistakes): return .refused(mistakes)
        case .notAllowed: return .notAllowed
        case .answer(let examined):
            do {
                return .answer(try await preview(examined))
            } catch let error as DutyError {
                return .refused([ProgramMistake(file: RuleDesk.draft, message: error.message)])
            }
        }
    }

    func apply(
        _ draft: RuleDraft, by account: Account, from address: String
    ) async throws -> RuleAnswer<RuleChange> {
        try await refresh()
        let examined: Examined
        switch try await examine(draft, in: account.scope) {
        case .refused(let mistakes): return .refused(mistakes)
        case .notAllowed: return .notAllowed
        case .answer(let found): examined = found
        }
        let moment = now()
        let seen = mark.withLock(\.self)
        let entry = RuleChangeLog.Entry(
            id: Hex.encode(random.bytes(8)), program: examined.new.program, body: examined.text, author: account.name,
            setAt: moment)
        let isSet = try await database.write { transaction in
            // Somebody else has set or ended something since the draft was examined.
            guard try RuleChangeLog.mark(in: transaction) == seen else { return false }
            try RuleChangeLog.add(entry, in: transaction)
            try AuditTrail.append(
                AuditEntry(
                    author: Author(name: account.name, origin: address), action: "deadline.set", subject: entry.id,
                    at: moment, detail: ["program": entry.program, "rules": entry.body]), in: transaction)
            return true
        }
        guard isSet else { return try await apply(draft, by: account, from: address) }
        try await refresh()
        return .answer(RuleChange(entry))
    }

    func revoke(_ id: String, by account: Account, from address: String) async throws -> RuleChange? {
        let entries = try await database.read { try RuleChangeLog.all(in: $0) }
        guard var entry = entries.first(where: { $0.id == id }), entry.revokedAt == nil else { return nil }
        switch read(entry) {
        case .success(let overrides): guard maySet(overrides, account.scope) else { return nil }
        case .failure: guard account.scope == .nation else { return nil }
        }
        let moment = now()
        let isDone = try await database.write { transaction in
            guard try RuleChangeLog.revoke(id, by: account.name, at: moment, in: transaction) else { return false }
            try AuditTrail.append(
                AuditEntry(
                    author: Author(name: account.name, origin: address), action: "deadline.revoke", subject: id,
                    at: moment), in: transaction)
            return true
        }
        guard isDone else { return nil }
        try await refresh()
        (entry.revokedAt, entry.revokedBy) = (moment, account.name)
        return RuleChange(entry)
    }

    // MARK: Examining

    private struct Examined: Sendable {
        var text: String
        var new: DutyOverrides
        /// All of the administrators' that are in force, with the new one.
        var all: [DutyOverrides]
    }

    private func examine(_ draft: RuleDraft, in scope: Scope) async throws -> RuleAnswer<Examined> {
        let today = CivilZone("Asia/Shanghai").map { $0.day(at: now()) }
        let text = RuleDesk.dated(draft.text, today)
        let name = RuleDesk.draft
        let entries = try await database.read { try RuleChangeLog.all(in: $0) }.filter { $0.revokedAt == nil }
        let readable = entries.filter { if case .success = read($0) { true } else { false } }
        do throws(ProgramError) {
            guard let new = try OverridesFolder.read(texts: [(name, text)], programs: programs).first else {
                return .refused([])
            }
            guard maySet([new], scope) else { return .notAllowed }
            let unknown = unknownInstitutions(new, text, name)
            guard unknown.isEmpty else { return .refused(unknown) }
            let all = try OverridesFolder.read(
                texts: readable.map { ($0.id, $0.body) } + [(name, text)], programs: programs)
            if let today, let error = difficulty(new, all, today) {
                return .refused([ProgramMistake(file: name, message: error.message)])
            }
            return .answer(Examined(text: text, new: new, all: all))
        } catch {
            return .refused(error.mistakes)
        }
    }

    /// The text with the day of setting, on the line on which the object begins, so that lines stay as they are.
    static func dated(_ text: String, _ today: CivilDate?) -> String {
        guard let today, let brace = text.firstIndex(of: "{") else { return text }
        let rest = text[text.index(after: brace)...]
        let isEmpty = rest.first { !$0.isWhitespace } == "}"
        return text[...brace] + "\"setOn\": \"\(today)\"" + (isEmpty ? "" : ",") + rest
    }

    /// What keeps the program from being judged under the rules in the days that a preview looks at.
    private func difficulty(_ new: DutyOverrides, _ all: [DutyOverrides], _ today: CivilDate) -> DutyError? {
        do throws(DutyError) {
            let days = days(of: new, around: today)
            for duties in try ledger.book(of: new.program, with: all, { _ in false }).programs {
                _ = try duties.periods(dueOn: days)
            }
            return nil
        } catch {
            return error
        }
    }

    private func unknownInstitutions(_ new: DutyOverrides, _ text: String, _ name: String) -> [ProgramMistake] {
        let roster = ledger.roster
        return new.named.compactMap { named in
            guard roster.place(ofInstitution: named.institution) == nil else { return nil }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let line = lines.firstIndex { $0.contains("\"\(named.institution)\"") }.map { $0 + 1 }
            return ProgramMistake(
                file: name, line: line,
                message: BilingualText(
                    zh: "机构名录中没有 '\(named.institution)'", en: "no institution '\(named.institution)' in the register"))
        }
    }

    /// A province sets what is named and lies in it; the rules of a program are the nation's.
    private func maySet(_ overrides: [DutyOverrides], _ scope: Scope) -> Bool {
        if scope == .nation { return true }
        guard case .region = scope else { return false }
        return overrides.allSatisfy { override in
            override.isNamedAlone && override.named.allSatisfy { isWithin(scope, $0.institution) }
        }
    }

    /// What a scope is shown: rules of programs, and what is named within it.
    private func concerns(_ overrides: [DutyOverrides], _ scope: Scope) -> Bool {
        if scope == .nation { return true }
        return overrides.contains { override in
            !override.isNamedAlone || override.named.contains { isWithin(scope, $0.institution) }
        }
    }

    private func isWithin(_ scope: Scope, _ institution: String) -> Bool {
        let roster = ledger.roster
        guard let place = roster.place(ofInstitution: institution) else { return false }
        return scope.covers(institution: institution, in: roster.book.institutions[place].region)
    }

    // MARK: Trying

    private func preview(_ examined: Examined) async throws -> RulePreview {
        let ledger = ledger
        let program = examined.new.program
        let at = ledger.clock.now()
        let current = ledger.roster.book
        let today = current.program(program)?.zone.day(at: at) ?? CivilDate(daysSince1970: 0)
        let days = days(of: examined.new, around: today)
        let named = Set(examined.new.named.map(\.institution))
        let isNamedAlone = examined.new.isNamedAlone
        // Of an institution whose register does not say what a condition asks nothing is judged.
        let rules = [
            try ledger.book(of: program, with: ledger.administrators, { _ in false }),
            try ledger.book(of: program, with: examined.all, { _ in false }),
        ].flatMap(\.programs)
        let isWanted = { (institution: Institution) -> Bool in
            guard !isNamedAlone || named.contains(institution.code) else { return false }
            return rules.allSatisfy { (try? $0.institution(institution)) != nil }
        }
        let (before, after) = (
            try ledger.book(of: program, with: ledger.administrators, isWanted),
            try ledger.book(of: program, with: examined.all, isWanted)
        )
        return try await database.read { connection in
            var failure: (any Error)?
            let firsts = (before.programs + after.programs).flatMap(\.firstInstants)
            let around = before.compared(to: after, dueOn: days)
            let since = try (before.programs + after.programs).map {
                $0.opens(try $0.periods(dueOn: around))
            }.min()
            let differences = try before.differences(to: after, dueOn: days, at: at) { institution, program in
                do {
                    return DutyReceipts(
                        try DutyLog.receipts(
                            of: institution, for: program, since: since ?? at, firsts: firsts, in: connection))
                } catch {
                    failure = error
                    return .none
                }
            }
            if let failure { throw failure }
            let institutions = Set(differences.compactMap { ($0.after ?? $0.before)?.institution }).count
            return RulePreview(
                days: days, differences: Array(differences.prefix(RuleDesk.mostShown)), total: differences.count,
                institutions: institutions)
        }
    }

    /// The days that a change may touch, as far as they lie near today.
    private func days(of change: DutyOverrides, around today: CivilDate) -> ClosedRange<CivilDate> {
        let starts =
            change.deadlines.map(\.from) + change.scope.rules.map(\.from)
            + change.named.map(\.from)
        let first = max(today.advanced(byDays: -RuleDesk.daysAround), min(starts.min() ?? today, today))
        let begins = max(today, starts.max() ?? today)
        var last = begins.advanced(byDays: RuleDesk.daysAround)
        // What begins while the calendars know the working days is tried as far as they do.
        while last > begins, ledger.calendar.knows(begins), !ledger.calendar.knows(last) {
            last = last.advanced(byDays: -1)
        }
        return first...last
    }
}

extension RuleChange {
    init(_ entry: RuleChangeLog.Entry) {
        self.init(
            id: entry.id, program: entry.program, text: entry.body, author: entry.author, setAt: entry.setAt,
            revokedAt: entry.revokedAt, revokedBy: entry.revokedBy)
    }
}

extension DutyOverrides {
    /// Institutions that are added or excused by name.
    fileprivate var named: [DutyScope.Named] { scope.additions + scope.exemptions }

    /// Whether nothing is set for institutions that are not named.
    fileprivate var isNamedAlone: Bool { deadlines.isEmpty && scope.rules.isEmpty }
}
