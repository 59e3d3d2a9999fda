public import SurveillanceKit

/// Why an obligation is in its state: every rule and every fact that led to it, in the order in which they were applied.
public struct DutyExplanation: Sendable {
    /// Nil where nothing is owed; the reasons say why.
    public var obligation: Obligation?
    public var reasons: [DutyReason]
}

/// A rule or a fact that led to a verdict.
public struct DutyReason: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// What the register says of the institution.
        case institution
        /// Whether a rule makes it owe the report.
        case scope
        case addition
        case exemption
        /// When recurring reports began.
        case firstReport = "first-report"
        case deadline
        /// Something that was received.
        case receipt
        case verdict
    }

    public var kind: Kind
    public var text: BilingualText
    /// Of the rule, where it is one.
    public var origin: RuleOrigin?
}

extension ProgramDuties {
    /// Explains what an institution owes that falls due on a day.
    ///
    /// - Parameters:
    ///   - receipts: also those that do not count are told.
    ///   - wanted: only this kind.
    /// - Returns: one explanation for each obligation, recurring ones first; one without an obligation where nothing is owed.
    public func explain(
        _ institution: Institution, dueOn day: CivilDate, kind wanted: DeadlineRule.Kind? = nil,
        _ receipts: DutyReceipts, at now: Instant
    ) throws(DutyError) -> [DutyExplanation] {
        let table = try periods(dueOn: day...day)
        let owing = try self.institution(institution)
        var judged: [Judgement] = []
        judge(owing, receipts, table, at: now) { judged.append($0) }
        judged = judged.filter { wanted == nil || slots[$0.slot].kind == wanted }
        judged.sort { slots[$0.slot].kind.isRecurring && !slots[$1.slot].kind.isRecurring }
        guard !judged.isEmpty else {
            return [DutyExplanation(obligation: nil, reasons: reasonsForNothing(owing, day, receipts, at: now))]
        }
        return judged.map { judgement in
            DutyExplanation(
                obligation: Obligation(judgement, of: owing, self),
                reasons: reasons(judgement, owing, receipts, at: now))
        }
    }

    // MARK: What is owed

    func reasons(
        _ judgement: Judgement, _ institution: DutyInstitution, _ receipts: DutyReceipts, at now: Instant
    ) -> [DutyReason] {
        var reasons = [fact(of: institution, on: judgement.to)]
        reasons += scopeReasons(institution, on: judgement.to)
        if let exemption = exemption(institution, on: judgement.to) { reasons.append(exempted(exemption)) }
        if slots[judgement.slot].kind.isRecurring {
            reasons += firstReportReason(institution, receipts, at: now).map { [$0] } ?? []
        }
        reasons.append(deadline(judgement))
        reasons += receiptReasons(judgement, receipts, at: now)
        reasons += contradiction(judgement, receipts, at: now).map { [$0] } ?? []
        reasons.append(verdict(judgement, at: now))
        return reasons
    }

    private func fact(of institution: DutyInstitution, on day: Int) -> DutyReason {
        let now = institution.institution.on(CivilDate(daysSince1970: day))
        let parts = [
            ("level", now.level.rawValue), ("grade", now.grade?.rawValue), ("category", now.category?.rawValue),
            ("region", now.region), ("hasFeverClinic", "\(now.hasFeverClinic)"),
        ].compactMap { name, value in value.map { "\(name) = \($0)" } }.joined(separator: ", ")
        let shown = CivilDate(daysSince1970: day)
        return DutyReason(
            kind: .institution,
            text: BilingualText(
                zh: "\(now.code)（\(now.name.zh)）在 \(shown)：\(parts)",
                en: "\(now.code) (\(now.name.en)) on \(shown): \(parts)"))
    }

    private func scopeReasons(_ institution: DutyInstitution, on day: Int) -> [DutyReason] {
        var reasons: [DutyReason] = []
        let shown = CivilDate(daysSince1970: day)
        if let place = scopeTimeline.rule(on: day) {
            let rule = scopes[place]
            let answers = institution.span(on: day)?.answers ?? 0
            let holds = (bit(rule.institutions) ?? 0) & answers != 0
            reasons.append(
                DutyReason(
                    kind: .scope,
                    text: BilingualText(
                        zh: "范围（自 \(rule.from) 起）：\(rule.institutions)，\(holds ? "符合，应上报" : "不符合")",
                        en:
                            "scope, from \(rule.from) on: \(rule.institutions) \(holds ? "holds, so it owes the report" : "does not hold")"
                    ), origin: rule.origin))
        } else {
            reasons.append(
                DutyReason(
                    kind: .scope,
                    text: BilingualText(zh: "\(shown) 没有生效的范围规则", en: "no scope rule is in force on \(shown)")))
        }
        if let addition = addition(institution, on: day) {
            reasons.append(
                DutyReason(
                    kind: .addition,
                    text: BilingualText(
                        zh: "指定纳入（\(addition.from) 至 \(addition.until)）：\(addition.origin.reason?.zh ?? "")",
                        en:
                            "added by name from \(addition.from) to \(addition.until): \(addition.origin.reason?.en ?? "")"
                    ),
                    origin: addition.origin))
        }
        return reasons
    }

    private func exempted(_ exemption: DutyScope.Named) -> DutyReason {
        DutyReason(
            kind: .exemption,
            text: BilingualText(
                zh: "豁免（\(exemption.from) 至 \(exemption.until)）：\(exemption.origin.reason?.zh ?? "")",
                en: "exempt from \(exemption.from) to \(exemption.until): \(exemption.origin.reason?.en ?? "")"),
            origin: exemption.origin)
    }

    private func firstReportReason(
        _ institution: DutyInstitution, _ receipts: DutyReceipts, at now: Instant
    ) -> DutyReason? {
        guard let (place, slot) = slots.enumerated().first(where: { $0.element.kind == .firstReport }),
            let once = oneOff(slot, place, institution)
        else { return nil }
        let deadline = CivilDate(daysSince1970: once.dueDay)
        let origin = rules[once.rule].origin
        guard let first = receipts.first(since: Instant(milliseconds: once.opens), knownAt: now),
            case let day = zone.day(at: first.receivedAt), day < deadline
        else {
            return DutyReason(
                kind: .firstReport,
                text: BilingualText(
                    zh: "首次上报截止日为 \(deadline)，次日 \(deadline.advanced(byDays: 1)) 起按期上报",
                    en:
                        "the first report was due on \(deadline); recurring reports begin on the day after, \(deadline.advanced(byDays: 1))"
                ), origin: origin)
        }
        return DutyReason(
            kind: .firstReport,
            text: BilingualText(
                zh: "首次上报于 \(zone.shown(first.receivedAt)) 收到，早于截止日 \(deadline)，次日 \(day.advanced(byDays: 1)) 起按期上报",
                en:
                    "the first report came at \(zone.shown(first.receivedAt)), before its deadline \(deadline); recurring reports begin on the day after, \(day.advanced(byDays: 1))"
            ), origin: origin)
    }

    private func deadline(_ judgement: Judgement) -> DutyReason {
        let rule = rules[judgement.rule]
        let due = rule.due[judgement.due]
        let at = zone.shown(Instant(milliseconds: judgement.dueAt))
        let kind = rule.kind.rawValue
        let classZh = due.condition.map { "，适用于 \($0)" } ?? (rule.due.count > 1 ? "，适用于其余机构" : "")
        let classEn = due.condition.map { ", for \($0)" } ?? (rule.due.count > 1 ? ", for all others" : "")
        let (from, to) = (CivilDate(daysSince1970: judgement.from), CivilDate(daysSince1970: judgement.to))
        let graceZh = rule.graceMinutes > 0 ? "；此前开始上传的宽限 \(rule.graceMinutes) 分钟" : ""
        let graceEn =
            rule.graceMinutes > 0 ? "; an upload that began before it has \(rule.graceMinutes) minutes more" : ""
        return DutyReason(
            kind: .deadline,
            text: BilingualText(
                zh: "\(kind) 规则（自 \(rule.from) 起）\(classZh)：覆盖 \(from) 至 \(to)，截止 \(at)，含该时刻\(graceZh)",
                en:
                    "\(kind) rule, in force from \(rule.from) on\(classEn): covers \(from) to \(to), due at or before \(at)\(graceEn)"
            ), origin: rule.origin)
    }

    /// That a zero report and rows both speak for the period; nil where only one does.
    private func contradiction(_ judgement: Judgement, _ receipts: DutyReceipts, at now: Instant) -> DutyReason? {
        guard slots[judgement.slot].kind.isRecurring else { return nil }
        let outcomes = Set(self.receipts(for: judgement, receipts, at: now).map(\.outcome))
        guard outcomes.contains(.zero), outcomes.contains(.accepted) || outcomes.contains(.partlyAccepted) else {
            return nil
        }
        return DutyReason(
            kind: .receipt,
            text: BilingualText(
                zh: "本期既有零报告又有数据：两者都计入，最早按时收到的为准，已接收的数据照常保存；若零报告有误，请撤回",
                en:
                    "a zero report and rows both speak for this period: both count, the first in time decides, and the rows stay stored; withdraw the zero report if it was wrong"
            ))
    }

    /// What was received in the time in which this period can be reported.
    private func receipts(for judgement: Judgement, _ receipts: DutyReceipts, at now: Instant) -> [DutyReceipt] {
        let isForOneDay = [.daily, .workingDays].contains(slots[judgement.slot].kind)
        return receipts.all.filter { receipt in
            guard receipt.receivedAt <= now else { return false }
            if let day = receipt.day, isForOneDay { return day.daysSince1970 == judgement.to }
            let received = receipt.receivedAt.milliseconds
            guard received >= judgement.opens else { return false }
            // Of a report that comes once only what came until the deadline, and what decided, is told.
            return judgement.closes == .max
                ? received <= judgement.dueAt || received == judgement.receivedAt : received < judgement.closes
        }
    }

    private func receiptReasons(_ judgement: Judgement, _ receipts: DutyReceipts, at now: Instant) -> [DutyReason] {
        self.receipts(for: judgement, receipts, at: now).prefix(ProgramDuties.mostReceiptsTold).map { receipt in
            let decided = receipt.outcome.counts && receipt.receivedAt.milliseconds == judgement.receivedAt
            let (zh, en) = receipt.outcome.words
            return DutyReason(
                kind: .receipt,
                text: BilingualText(
                    zh: "\(zone.shown(receipt.receivedAt)) 收到：\(zh)\(decided ? "，以此为准" : "")",
                    en: "received at \(zone.shown(receipt.receivedAt)): \(en)\(decided ? "; this one decides" : "")"))
        }
    }

    private static let mostReceiptsTold = 100

    private func verdict(_ judgement: Judgement, at now: Instant) -> DutyReason {
        let due = zone.shown(Instant(milliseconds: judgement.dueAt))
        let at = zone.shown(now)
        let received = judgement.receivedAt.map { zone.shown(Instant(milliseconds: $0)) } ?? ""
        let text =
            switch judgement.state {
            case .upcoming:
                BilingualText(
                    zh: "尚未开始：\(zone.shown(Instant(milliseconds: judgement.opens))) 起可上报",
                    en: "upcoming: it can be reported from \(zone.shown(Instant(milliseconds: judgement.opens))) on")
            case .due:
                BilingualText(
                    zh: "待报：截至 \(at) 尚未收到，截止时间 \(due)",
                    en: "due: nothing that counts has come by \(at), and the deadline is \(due)")
            case .inTime: BilingualText(zh: "按时：\(received) 收到", en: "in time: received at \(received)")
            case .late:
                BilingualText(zh: "迟报：\(received) 收到，晚于 \(due)", en: "late: received at \(received), after \(due)")
            case .missing:
                BilingualText(
                    zh: "漏报：截至 \(at) 没有收到，截止时间 \(due)",
                    en: "missing: nothing that counts has come by \(at), and the deadline was \(due)")
            case .exempt: BilingualText(zh: "豁免", en: "exempt")
            }
        guard judgement.isPending, judgement.state != .exempt else { return DutyReason(kind: .verdict, text: text) }
        return DutyReason(
            kind: .verdict,
            text: BilingualText(
                zh: text.zh + "；按时收到的数据尚未处理完，处理后以其结果为准",
                en: text.en + "; what was received in time has not been processed yet, and its outcome will decide"))
    }

    // MARK: Nothing is owed

    private func reasonsForNothing(
        _ institution: DutyInstitution, _ day: CivilDate, _ receipts: DutyReceipts, at now: Instant
    ) -> [DutyReason] {
        let number = day.daysSince1970
        var reasons = [fact(of: institution, on: number)]
        func verdict(_ zh: String, _ en: String) -> [DutyReason] {
            reasons + [DutyReason(kind: .verdict, text: BilingualText(zh: "无上报义务：\(zh)", en: "nothing is owed: \(en)"))]
        }
        guard number >= start else {
            let first = CivilDate(daysSince1970: start)
            return verdict("监测项目自 \(first) 起执行", "the program takes reports from \(first) on")
        }
        guard institution.span(on: number)?.isRegistered == true else {
            return verdict(
                "机构名录中该机构当日不在册", "the register has the institution from another day on, or until an earlier one")
        }
        let scope = scopeReasons(institution, on: number)
        reasons += scope
        let holds = scopeTimeline.rule(on: number).flatMap { bit(scopes[$0].institutions) }.map {
            (institution.span(on: number)?.answers ?? 0) & $0 != 0
        }
        if holds != true, addition(institution, on: number) == nil {
            return verdict("不在上报范围内", "the institution is not in scope")
        }
        if let first = firstReportReason(institution, receipts, at: now) { reasons.append(first) }
        return verdict("\(day) 没有到期的上报", "no deadline falls on \(day)")
    }
}

extension DutyReceipt.Outcome {
    /// What it is called in explanations, with whether it counts.
    var words: (zh: String, en: String) {
        switch self {
        case .accepted: ("已接收，计入", "accepted, which counts")
        case .partlyAccepted: ("部分接收，计入", "partly accepted, which counts")
        case .zero: ("零报告，计入", "a zero report, which counts")
        case .rejected: ("已退回，不计入", "rejected, which does not count")
        case .failed: ("处理失败，不计入", "could not be processed, which does not count")
        case .pending: ("尚未处理完，暂不计入", "not processed yet, which does not count so far")
        case .withdrawn: ("已撤回，不计入", "withdrawn by the institution, which does not count")
        }
    }
}
