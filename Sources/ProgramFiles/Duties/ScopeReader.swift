import JSON
import SurveillanceKit

/// Reads `scope`: who owes the reports by rule, and who by name.
struct ScopeReader {
    private(set) var scope = DutyScope()

    init(_ object: ObjectReader, _ context: DutyContext) {
        object.allow(["rules", "additions", "exemptions"])
        var read: [(rule: DutyScope.Rule, object: ObjectReader)] = []
        for reader in object.objects("rules") {
            guard let reader else { continue }
            reader.allow(["from", "until", "institutions"] + context.ruleNames)
            let from = reader.day("from")
            let until = reader.day("until", isNeeded: false)
            if let from, let until, until < from {
                reader.fault("until", "'until' \(until) 早于 'from' \(from)", "'until' \(until) is before 'from' \(from)")
            }
            let origin = context.origin(reader, from: from)
            let condition = reader.condition("institutions", isNeeded: true)
            guard let from, let condition else { continue }
            read.append(
                (DutyScope.Rule(from: from, until: until, institutions: condition, origin: origin), reader))
        }
        ScopeReader.refuseOverlaps(read)
        scope.rules = read.map(\.rule)
        scope.additions = ScopeReader.named("additions", object, context)
        scope.exemptions = ScopeReader.named("exemptions", object, context)
    }

    private static func named(_ list: String, _ object: ObjectReader, _ context: DutyContext) -> [DutyScope.Named] {
        object.objects(list).compactMap { reader in
            guard let reader else { return nil }
            reader.allow(["institution", "from", "until", "reason"] + context.ruleNames)
            let code = reader.string("institution")
            let from = reader.day("from")
            if !reader.has("until") {
                reader.fault(
                    at: reader.offset, "缺少 'until'：豁免和指定纳入都要写明最后一天，如 2026-12-31",
                    "'until' is missing: an exemption or addition needs its last day, as in 2026-12-31")
            }
            let until = reader.has("until") ? reader.day("until") : nil
            let reason = reader.text("reason")
            if let from, let until, until < from {
                reader.fault("until", "'until' \(until) 早于 'from' \(from)", "'until' \(until) is before 'from' \(from)")
            }
            let origin = context.origin(reader, from: from, reason: reason)
            guard let code, let from, let until else { return nil }
            return DutyScope.Named(institution: code, from: from, until: until, origin: origin)
        }
    }

    static func refuseOverlaps(_ read: [(rule: DutyScope.Rule, object: ObjectReader)]) {
        let sorted = read.sorted { $0.rule.from < $1.rule.from }
        for (earlier, later) in zip(sorted, sorted.dropFirst()) {
            guard earlier.rule.from == later.rule.from || earlier.rule.until.map({ $0 >= later.rule.from }) ?? false
            else { continue }
            let other = earlier.rule.origin.place ?? ""
            later.object.fault(
                "from", "与 \(other) 的范围规则重叠：\(later.rule.from) 起两条同时有效；请改 'from'，或用 'until' 结束前一条",
                "overlaps the scope rule at \(other): from \(later.rule.from) on both would be in force; change 'from', or end the other with 'until'"
            )
        }
    }
}
