import Intake
import SurveillanceKit

extension RecurringJob {
    /// Every recurring job of a server.
    public static let all = [clock, purge, retries, receipts, notices, deadlines, feeds, figures, snapshots, register]

    static let clock = RecurringJob(
        name: "clock",
        purpose: BilingualText(zh: "检查系统时钟是否跳变", en: "notices a clock that has jumped"), intervalSeconds: 60)

    static let purge = RecurringJob(
        name: "purge",
        purpose: BilingualText(zh: "清理已到保存期限的内容", en: "removes what has been kept long enough"),
        intervalSeconds: 86_400)

    static let retries = RecurringJob(
        name: "retries",
        purpose: BilingualText(zh: "重试处理出错的上报", en: "tries submissions again that could not be processed"),
        intervalSeconds: 60)

    static let receipts = RecurringJob(
        name: "receipts", purpose: BilingualText(zh: "为回执签名", en: "signs receipts"), intervalSeconds: 600)

    static let register = RecurringJob(
        name: "register",
        purpose: BilingualText(zh: "读取其他服务器登记的机构", en: "takes in institutions that another server has registered"),
        intervalSeconds: 60)

    static let notices = RecurringJob(
        name: "notices", purpose: BilingualText(zh: "发送通知", en: "delivers notices"), intervalSeconds: 60)
}

extension RecurringJob {
    static let feeds = RecurringJob(
        name: "feeds",
        purpose: BilingualText(zh: "发现中断或明显减少的数据", en: "notices feeds that fell silent or shrank"),
        intervalSeconds: 600)

    static let deadlines = RecurringJob(
        name: "deadlines",
        purpose: BilingualText(zh: "提醒即将到期和逾期未报的上报", en: "tells of reports that are due soon or missing"),
        intervalSeconds: 60)
}

extension Platform {
    /// Looks at the clock, as the job does every minute: for one that goes on in large steps.
    public func lookAtClock() throws { _ = try data.clock.look(at: now()) }

    func addJobs() {
        schedule.add(.clock) { [data, weak self] now in
            _ = try data.clock.look(at: now)
            try await self?.noteClockSettings()
            return .done
        }
        schedule.add(.purge) { [weak self] now in
            // After a jump of the clock nothing is removed until an operator has confirmed it.
            guard let self, try data.clock.look(at: now) == nil else { return .notNow }
            let purged = try await purge()
            if !purged.isEmpty {
                report(
                    BilingualText(
                        zh: "\(purged.count) 份上传已到保留期限并删除",
                        en: "\(purged.count.counted("upload was", "uploads were")) kept long enough and removed"))
            }
            return .done
        }
        // Programs may have been given other days while the server was down: they count from the start on.
        schedule.ask(.purge, at: now())
        schedule.add(.retries) { [weak self] now in
            guard let self else { return .notNow }
            await workers.look()
            do {
                try await data.log.renewClaims(at: now)
                if let due = try await data.log.allDue(), due > now {
                    schedule.ask(.retries, at: due)
                }
            } catch {
                // A full disk or a locked database: a job that counts as failed would keep due submissions waiting longer.
                let cause = ErrorText.of(error)
                report(
                    BilingualText(
                        zh: "无法读取待重试的上报：\(cause.zh)",
                        en: "what is due for a retry cannot be read: \(cause.en)"))
                schedule.ask(.retries, at: now.advanced(by: 5_000))
            }
            return .done
        }
        // What waits for a retry since the last run is due at its own moment, not when this job comes round again.
        schedule.ask(.retries, at: now())
        schedule.add(.receipts) { [weak self] _ in
            guard let self else { return .notNow }
            return try await signer.sign()
        }
        addNoticeJob()
        addDeadlineJob()
        addFigureJob()
        addSnapshotJob()
        schedule.add(.register) { [weak self] _ in
            guard let self else { return .notNow }
            try await lookAtRegister()
            return .done
        }
    }
}
