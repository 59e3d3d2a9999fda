public import SurveillanceKit

/// What one institution owes for one period and what came of it, by numbers: made for millions of them.
public struct Judgement: Sendable {
    /// The rule's kind and name stand in the program's slots.
    var slot: Int
    var rule: Int
    /// The place of the deadline among the rule's.
    var due: Int
    var from: Int
    var to: Int
    var opens: Int64
    var closes: Int64
    var dueAt: Int64
    var dueDay: Int
    /// In milliseconds.
    var grace: Int64
    public var state: Obligation.State
    /// In milliseconds; nil where nothing has come.
    var receivedAt: Int64?
    /// Nothing that counts has come, and something that came in time has not been processed yet.
    var isPending = false

    /// The first moment after the deadline and its grace.
    var over: Instant { Instant(milliseconds: dueAt + grace + 1) }

    /// When it will be another if nothing is received; the distant future where it stays.
    var changesAt: Instant {
        switch state {
        case .upcoming: Instant(milliseconds: opens)
        case .due: over
        case .inTime, .late, .missing, .exempt: .distantFuture
        }
    }
}

extension ProgramDuties {
    /// Judges what an institution owes that falls due on some days, as it is at an instant.
    ///
    /// What was received after the instant is not known at it. A judgement depends on nothing else: asked again, about the same or
    /// after a restart, the answer is the same.
    ///
    /// - Parameter body: told of each duty; one-off reports first, then each kind by day.
    public func judge(
        _ institution: DutyInstitution, _ receipts: DutyReceipts, _ table: DutyPeriods, at now: Instant,
        _ body: (Judgement) -> Void
    ) {
        var begin = start
        for place in slots.indices {
            switch slots[place].kind {
            case .firstReport:
                guard let once = oneOff(slots[place], place, institution) else { continue }
                let first = receipts.first(since: Instant(milliseconds: once.opens), knownAt: now)
                begin = min(once.dueDay, first.map { zone.day(at: $0.receivedAt).daysSince1970 } ?? once.dueDay) + 1
                judge(once, institution, receipts, table, at: now, body)
            case .once:
                guard let once = oneOff(slots[place], place, institution) else { continue }
                judge(once, institution, receipts, table, at: now, body)
            default: break
            }
        }
        var span = 0
        var next = 0
        for period in table.periods {
            guard period.to >= begin else { continue }
            // Periods of a slot ascend; another slot begins again.
            if span < institution.spans.count, !institution.spans[span].days.contains(period.to) {
                span = institution.spans.firstIndex { $0.days.contains(period.to) } ?? 0
            }
            let current = institution.spans[span]
            guard isInScope(institution, current, period.scope, on: period.to) else { continue }
            var due = period.firstDue
            let end = due + period.dueCount
            while due < end, table.dues[due].condition != 0, table.dues[due].condition & current.answers == 0 {
                due += 1
            }
            guard due < end, table.days.contains(table.dues[due].day) else { continue }
            var judgement = Judgement(
                slot: period.slot, rule: period.rule, due: table.dues[due].place, from: period.from, to: period.to,
                opens: period.opens, closes: period.closes, dueAt: table.dues[due].at, dueDay: table.dues[due].day,
                grace: period.graceMilliseconds, state: .upcoming, receivedAt: nil)
            let (received, isInTime) = found(period, receipts, dueAt: judgement.dueAt, at: now, from: &next)
            judgement.receivedAt = received
            judgement.state = state(
                institution, judgement, received, isInTime: isInTime, grace: period.graceMilliseconds, at: now)
            if received == nil, !receipts.pending.isEmpty {
                judgement.isPending = isPending(judgement, receipts, grace: period.graceMilliseconds, at: now)
            }
            body(judgement)
        }
    }

    /// What decides a period: the first that counts and is in time, or else the first that counts.
    private func found(
        _ period: DutyPeriods.Period, _ receipts: DutyReceipts, dueAt: Int64, at now: Instant, from next: inout Int
    ) -> (received: Int64?, isInTime: Bool) {
        let counting = receipts.counting
        if next > 0, next > counting.count || counting[next - 1].receivedAt.milliseconds >= period.opens { next = 0 }
        while next < counting.count, counting[next].receivedAt.milliseconds < period.opens { next += 1 }
        var first: Int64?
        var inTime: Int64?
        var place = next
        while place < counting.count {
            let receipt = counting[place]
            let received = receipt.receivedAt.milliseconds
            guard received < period.closes, received <= now.milliseconds else { break }
            if first == nil { first = received }
            if isInTime(receipt, dueAt: dueAt, grace: period.graceMilliseconds) {
                inTime = received
                break
            }
            // Later ones can only be in time by grace.
            if period.graceMilliseconds == 0 || received > dueAt + period.graceMilliseconds { break }
            place += 1
        }
        for receipt in receipts.named {
            let received = receipt.receivedAt.milliseconds
            // Nobody can say of a day that has not begun that it had no cases.
            guard received >= period.opens, received <= now.milliseconds, let day = receipt.day,
                period.isForOneDay ? day.daysSince1970 == period.to : received < period.closes
            else { continue }
            first = min(first ?? received, received)
            if isInTime(receipt, dueAt: dueAt, grace: period.graceMilliseconds) {
                inTime = min(inTime ?? received, received)
            }
        }
        return (inTime ?? first, inTime != nil)
    }

    func isInTime(_ receipt: DutyReceipt, dueAt: Int64, grace: Int64) -> Bool {
        let received = receipt.receivedAt.milliseconds
        guard received > dueAt else { return true }
        guard grace > 0, let begun = receipt.begunAt else { return false }
        return begun.milliseconds <= dueAt && received <= dueAt + grace
    }

    private func isPending(_ judgement: Judgement, _ receipts: DutyReceipts, grace: Int64, at now: Instant) -> Bool {
        receipts.pending.contains {
            let received = $0.receivedAt.milliseconds
            return received >= judgement.opens && received < judgement.closes && $0.receivedAt <= now
                && isInTime($0, dueAt: judgement.dueAt, grace: grace)
        }
    }

    private func state(
        _ institution: DutyInstitution, _ judgement: Judgement, _ received: Int64?, isInTime: Bool, grace: Int64,
        at now: Instant
    ) -> Obligation.State {
        if isExempt(institution, on: judgement.to) { return .exempt }
        if received != nil { return isInTime ? .inTime : .late }
        if now.milliseconds < judgement.opens { return .upcoming }
        return now.milliseconds <= judgement.dueAt + grace ? .due : .missing
    }

    func isExempt(_ institution: DutyInstitution, on day: Int) -> Bool {
        !institution.exemptions.isEmpty && exemption(institution, on: day) != nil
    }

    func exemption(_ institution: DutyInstitution, on day: Int) -> DutyScope.Named? {
        institution.exemptions.first { $0.from.daysSince1970 <= day && day <= $0.until.daysSince1970 }
    }

    func addition(_ institution: DutyInstitution, on day: Int) -> DutyScope.Named? {
        institution.additions.first { $0.from.daysSince1970 <= day && day <= $0.until.daysSince1970 }
    }

    private func isInScope(
        _ institution: DutyInstitution, _ span: DutyInstitution.Span, _ scope: UInt64, on day: Int
    ) -> Bool {
        guard span.isRegistered else { return false }
        return span.answers & scope != 0 || !institution.additions.isEmpty && addition(institution, on: day) != nil
    }

    // MARK: Reports that come once

    /// A report that comes once, with the deadline of the institution's class.
    struct OneOff {
        var slot: Int
        var rule: Int
        var due: Int
        var from: Int
        var opens: Int64
        var dueAt: Int64
        var dueDay: Int
    }

    /// A later rule replaces an earlier one whose deadline has not passed on the later one's first day; or any, where it says that it
    /// is retroactive.
    func oneOff(_ slot: Slot, _ place: Int, _ institution: DutyInstitution) -> OneOff? {
        var current: OneOff?
        for rule in slot.rules {
            guard let next = oneOff(slot: place, rule: rule, institution) else { continue }
            if let earlier = current, rules[rule].from.daysSince1970 > earlier.dueDay,
                !rules[rule].origin.isRetroactive
            {
                continue
            }
            current = next
        }
        return current
    }

    private func oneOff(slot: Int, rule place: Int, _ institution: DutyInstitution) -> OneOff? {
        let rule = rules[place]
        guard case .since(let since) = rule.covers else { return nil }
        for (number, due) in rule.due.enumerated() {
            guard case .date(let day) = due.point else { continue }
            if let bit = bit(due.condition), (institution.span(on: day.daysSince1970)?.answers ?? 0) & bit == 0 {
                continue
            }
            return OneOff(
                slot: slot, rule: place, due: number, from: max(since.daysSince1970, start),
                opens: zone.instant(max(since, CivilDate(daysSince1970: start)), .midnight).milliseconds,
                dueAt: zone.instant(day, due.time).milliseconds, dueDay: day.daysSince1970)
        }
        return nil
    }

    private func judge(
        _ once: OneOff, _ institution: DutyInstitution, _ receipts: DutyReceipts, _ table: DutyPeriods,
        at now: Instant, _ body: (Judgement) -> Void
    ) {
        guard table.hasEveryOnce || table.days.contains(once.dueDay), let span = institution.span(on: once.dueDay)
        else { return }
        let scope = scopeTimeline.rule(on: once.dueDay).flatMap { bit(scopes[$0].institutions) } ?? 0
        guard isInScope(institution, span, scope, on: once.dueDay) else { return }
        let grace = Int64(rules[once.rule].graceMinutes) * 60_000
        let first = receipts.first(since: Instant(milliseconds: once.opens), knownAt: now)
        // A later one can be in time by grace.
        let inTime =
            first.flatMap { isInTime($0, dueAt: once.dueAt, grace: grace) ? $0 : nil }
            ?? (grace == 0
                ? nil
                : receipts.all.first {
                    $0.outcome.counts && $0.receivedAt.milliseconds >= once.opens && $0.receivedAt <= now
                        && isInTime($0, dueAt: once.dueAt, grace: grace)
                })
        var judgement = Judgement(
            slot: once.slot, rule: once.rule, due: once.due, from: once.from, to: once.dueDay, opens: once.opens,
            closes: .max, dueAt: once.dueAt, dueDay: once.dueDay, grace: grace, state: .upcoming,
            receivedAt: (inTime ?? first)?.receivedAt.milliseconds)
        judgement.state = state(
            institution, judgement, judgement.receivedAt, isInTime: inTime != nil, grace: grace, at: now)
        if judgement.receivedAt == nil {
            judgement.isPending = isPending(judgement, receipts, grace: grace, at: now)
        }
        body(judgement)
    }
}

extension Obligation {
    /// In words and days what was judged by numbers.
    public init(_ judgement: Judgement, of institution: DutyInstitution, _ duties: ProgramDuties) {
        let slot = duties.slots[judgement.slot]
        self.init(
            institution: institution.institution.code, program: duties.program, kind: slot.kind, name: slot.name,
            from: CivilDate(daysSince1970: judgement.from), to: CivilDate(daysSince1970: judgement.to),
            dueAt: Instant(milliseconds: judgement.dueAt), dueDay: CivilDate(daysSince1970: judgement.dueDay),
            state: judgement.state, receivedAt: judgement.receivedAt.map { Instant(milliseconds: $0) },
            isPending: judgement.isPending)
    }
}
