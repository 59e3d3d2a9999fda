import Database
import PluginKit
import SurveillanceKit

extension Deliveries {
    enum Claim {
        case message(OutgoingNotice, isUnsure: Bool)
        /// Nothing now; something may be due then.
        case later(Instant)
        case nothing
    }

    /// Takes the next message of a channel, what may have been taken already before what has not.
    func claim(_ channel: Channel, at now: Instant, in transaction: any Transaction) throws -> Claim {
        let own = SQLValue.text(channel.name)
        let moment = SQLValue.integer(now.milliseconds)
        // What another server has claimed and not ended may have been taken.
        try transaction.execute(
            "UPDATE notice_delivery SET state = 'unsure' WHERE state = 'sending' AND channel = ? AND held_until < ?",
            [own, moment])
        let due = try ["unsure", "waiting"].compactMap { state -> Int64? in
            try transaction.first(
                "SELECT not_before FROM notice_delivery WHERE channel = ? AND state = ? ORDER BY not_before LIMIT 1",
                [own, .text(state)])
        }.min()
        guard let due else { return .nothing }
        if due > now.milliseconds { return .later(Instant(milliseconds: due)) }
        let quietEnd = channel.notifier.contact == nil ? nil : policy.quietHours?.end(at: now)
        if let quietEnd, due > Deliveries.urgent { return .later(quietEnd) }
        let recent = try transaction.rows(
            "SELECT begun_at FROM notice_delivery WHERE channel = ? AND begun_at > ? ORDER BY begun_at DESC LIMIT ?",
            [own, .integer(now.milliseconds - 60_000), SQLValue(policy.perMinute)])
        if recent.count >= policy.perMinute, let first = recent.last {
            let begun: Int64 = try first[0]
            // A clock that was set back must not keep messages for as long as it was.
            if begun <= now.milliseconds { return .later(Instant(milliseconds: begun + 60_001)) }
        }
        let latest = quietEnd == nil ? now.milliseconds : Deliveries.urgent
        guard let found = try next(channel, dueBy: latest, at: now, in: transaction) else {
            return .later(now.advanced(by: 1))
        }
        let (id, state) = (found.id, found.state)
        let claimed = try transaction.execute(
            """
            UPDATE notice_delivery SET state = 'sending', tries = tries + 1, holder = ?, held_until = ?, begun_at = ? \
            WHERE id = ? AND state = ?
            """,
            [
                .text(holder), .integer(now.milliseconds + policy.holdMilliseconds), moment, .text(id), .text(state),
            ])
        guard claimed == 1 else { return .later(now) }
        let message = OutgoingNotice(id: id, notice: found.notice, address: found.address, now: now)
        return .message(message, isUnsure: state == "unsure")
    }

    private struct Found {
        var id: String
        var state: String
        var address: String
        var notice: Notice
    }

    /// The next message that is due and still of use; what is of none any more expires on the way.
    private func next(
        _ channel: Channel, dueBy latest: Int64, at now: Instant, in transaction: any Transaction
    ) throws -> Found? {
        for state in ["unsure", "waiting"] {
            while let row = try transaction.firstRow(
                """
                SELECT d.id, d.address, \(StoredNotice.columns) FROM notice_delivery AS d JOIN notice AS n ON n.id = d.notice \
                WHERE d.channel = ? AND d.state = ? AND d.not_before <= ? ORDER BY d.not_before, d.id LIMIT 1
                """, [.text(channel.name), .text(state), .integer(latest)])
            {
                let found = Found(
                    id: try row[0], state: state, address: try row[1], notice: try StoredNotice.notice(row, from: 2))
                guard state == "waiting", let until = found.notice.until, until <= now else { return found }
                try transaction.execute(
                    "UPDATE notice_delivery SET state = 'expired', ended_at = ? WHERE id = ?",
                    [.integer(now.milliseconds), .text(found.id)])
            }
        }
        return nil
    }

    /// Ends a claim. One that another server has taken over meanwhile is left to it.
    func end(_ id: String, _ outcome: Outcome, at now: Instant, in transaction: any Transaction) throws {
        let row = try transaction.firstRow(
            "SELECT tries FROM notice_delivery WHERE id = ? AND state = 'sending' AND holder = ?",
            [.text(id), .text(holder)])
        guard let row else { return }
        let tries: Int = try row[0]
        let isLast = tries >= policy.mostTries
        let again = now.advanced(by: DeliveryPolicy.wait(afterTry: tries))
        let (state, notBefore, reason): (String, Instant, BilingualText?) =
            switch outcome {
            case .taken: ("sent", now, nil)
            case .waits: ("waiting", now, nil)
            case .notTaken(let why): (why.isFinal || isLast ? "failed" : "waiting", again, why.reason)
            case .unsure(let why): (isLast ? "held" : "unsure", again, why)
            case .held: ("held", now, Deliveries.mayHaveBeenTaken)
            }
        let isEnded = !["waiting", "unsure"].contains(state)
        try transaction.execute(
            """
            UPDATE notice_delivery SET state = ?, not_before = ?, ended_at = ?, reason_zh = ?, reason_en = ?, holder = NULL \
            WHERE id = ?
            """,
            [
                .text(state), .integer(notBefore.milliseconds), isEnded ? .integer(now.milliseconds) : .null,
                SQLValue(reason?.zh), SQLValue(reason?.en), .text(id),
            ])
    }

    private static let mayHaveBeenTaken = BilingualText(
        zh: "发送过程中断，对方可能已收到，且无法查询；核实后请选择重发或忽略",
        en:
            "sending was cut off: it may have been taken, and the gateway cannot be asked; look, then send it again or leave it"
    )
}
