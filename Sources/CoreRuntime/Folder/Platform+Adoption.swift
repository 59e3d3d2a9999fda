import Accounts
import Audit
import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit

extension Platform {
    /// Tells the operator what a start has found, takes in what it was asked to, and looks at the clock.
    func lookAtStart(_ taken: TakenUp, adopts: Bool) throws {
        for error in data.adopted {
            report(BilingualText(zh: "已接纳：\(error.message.zh)", en: "adopted: \(error.message.en)"))
        }
        if adopts {
            try checkAgainWithoutFindings()
            if data.adopted.contains(where: \.isAboutRecords) { try storeAgain() }
            try adoptUploads()
        }
        let apart = try data.spool.idsApart().count
        if apart > 0 {
            report(
                BilingualText(
                    zh: "spool/set-apart 中有 \(apart) 份上传未登记在日志中：数据库未确认接收过；文件已保留，可用 vedette serve --adopt 重新登记",
                    en:
                        "\(apart.counted("upload")) in spool/set-apart not known to the log: the database acknowledged none of these; they are kept, and 'vedette serve --adopt' takes them in"
                ))
        }
        if let jump = try data.clock.look(at: now()) { report(jump.message) }
    }

    /// Takes every upload that was set apart and says where it came from into the log, as received when it came.
    ///
    /// An upload that the log knows under another number is not taken in twice and stays where it is. So does one of which nobody knows
    /// where it came from, and one that does not open.
    private func adoptUploads() throws {
        var (adopted, known, nameless) = (0, 0, 0)
        for id in try data.spool.idsApart() {
            let upload: SealedContent
            let origin: UploadOrigin?
            let sm3: String
            do {
                (upload, origin) = try data.spool.openApart(id)
                sm3 = try Self.digest(upload)
            } catch {
                let cause = ErrorText.of(error)
                report(
                    BilingualText(
                        zh: "上传 \(id) 无法打开，留在 spool/set-apart：\(cause.zh)",
                        en: "upload \(id) does not open and stays in spool/set-apart: \(cause.en)"))
                continue
            }
            guard let origin else {
                nameless += 1
                continue
            }
            let isNew = try adopt(
                Arrival(
                    id: id, institution: origin.institution, account: origin.account, fileName: origin.fileName,
                    size: upload.size, sm3: sm3, receivedAt: origin.receivedAt))
            if isNew { adopted += 1 } else { known += 1 }
        }
        if adopted > 0 {
            report(
                BilingualText(
                    zh: "已重新登记 \(adopted) 份上传为已接收",
                    en: "\(adopted.counted("upload was", "uploads were")) taken in again as received"))
        }
        if known > 0 {
            report(
                BilingualText(
                    zh: "\(known) 份上传留在 spool/set-apart：日志中已有相同内容",
                    en:
                        "\(known.counted("upload stays", "uploads stay")) in spool/set-apart: the log has the same bytes already"
                ))
        }
        if nameless > 0 {
            report(
                BilingualText(
                    zh: "\(nameless) 份上传留在 spool/set-apart：接收它们的版本没有随文件保存发送方；请医院补报缺少的内容",
                    en:
                        "\(nameless.counted("upload stays", "uploads stay")) in spool/set-apart: the version that received them did not keep the sender with the bytes; ask the hospitals to send again what they miss"
                ))
        }
    }

    /// - Returns: false where the log has the same upload already.
    private func adopt(_ arrival: Arrival) throws -> Bool {
        // First the bytes, then the record: a start that is cut off in between sets the bytes apart again.
        try data.spool.folder.putBack(arrival.id.description)
        let recorded = try data.database.writeBlockingAgain { transaction in
            if try data.log.find(arrival.id, scope: .nation, in: transaction) != nil { return false }
            guard case .new(let submission) = try data.log.record(arrival, in: transaction) else { return false }
            try data.receipts.issue(for: submission, at: now(), in: transaction)
            try AuditTrail.append(
                AuditEntry(
                    author: .platform, action: "submission.adopt", subject: arrival.id.description,
                    at: now(),
                    detail: ["institution": arrival.institution]), in: transaction)
            return true
        }
        if !recorded { try data.spool.folder.setApart(arrival.id.description) }
        return recorded
    }

    /// Puts submissions whose findings are gone and whose bytes are there back into the queue.
    private func checkAgainWithoutFindings() throws {
        let findings = Set(try data.findings.folder.names())
        let uploads = Set(try data.spool.ids().map(\.description))
        let count = try data.database.writeBlocking { transaction in
            let lacking = try SubmissionLog.lacking(uploads: uploads, findings: findings, in: transaction)
            return try retry(lacking.findings, because: "findings missing", in: transaction)
        }
        if count > 0 {
            report(
                BilingualText(
                    zh: "问题文件缺失，重新校验 \(count) 次上报",
                    en: "\(count.counted("submission is", "submissions are")) checked again: the findings are gone"))
        }
    }

    /// Puts every submission whose bytes are there back into the queue, in the order of arrival: the line list is gone or an older one.
    private func storeAgain() throws {
        let count = try data.database.writeBlocking { transaction in
            try retry(data.log.stored(in: transaction), because: "records missing", in: transaction)
        }
        if count > 0 {
            report(
                BilingualText(
                    zh: "重新校验并入库 \(count) 次仍保留原文件的上报",
                    en: "\(count) submissions whose bytes are kept are checked and stored again"))
        }
    }

    /// Puts submissions back into the queue and answers how many; what cannot be taken up again is reported.
    private func retry(_ ids: [SubmissionID], because reason: String, in transaction: any Transaction) throws -> Int {
        var count = 0
        for id in ids {
            do { _ = try data.log.retry(id, in: transaction) } catch let error as IntakeError {
                report(ErrorText.of(error))
                continue
            }
            try AuditTrail.append(
                AuditEntry(
                    author: .platform, action: "submission.retry", subject: id.description,
                    at: now(), detail: ["reason": reason]), in: transaction)
            count += 1
        }
        return count
    }

    private static func digest(_ content: SealedContent) throws -> String {
        var sm3 = try SM3()
        var offset = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while offset < content.size {
            let count = try buffer.withUnsafeMutableBytes { try content.read(at: offset, into: $0) }
            guard count > 0 else { break }
            buffer.withUnsafeBytes { sm3.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            offset += count
        }
        return sm3.finish().hex
    }

    /// What an administrator is to be told, on the pages that administrators see.
    func notices() -> [BilingualText] {
        var notices: [BilingualText] = []
        if let jump = try? data.clock.jump(at: now()) {
            notices.append(jump.message)
        } else if let setting = duties.clock.recentSetting() {
            notices.append(setting.message)
        }
        if let apart = try? data.spool.idsApart().count, apart > 0 {
            notices.append(
                BilingualText(
                    zh: "spool/set-apart 中有 \(apart) 个数据库中没有记录的上传文件，已保留；用 vedette serve --adopt 可重新登记。",
                    en:
                        "\(apart.counted("upload")) in spool/set-apart not known to the log and kept; 'vedette serve --adopt' takes them in."
                ))
        }
        for status in schedule.statuses {
            guard let failures = status.last?.failures, failures > 0 else { continue }
            let purpose = status.job.purpose
            notices.append(
                BilingualText(
                    zh: "定时任务 \(status.job.name)（\(purpose.zh)）已连续失败 \(failures) 次，系统会继续重试；原因见 vedette status。",
                    en:
                        "the recurring job '\(status.job.name)' (\(purpose.en)) has failed \(failures.counted("time")) in a row and is tried again; 'vedette status' says why."
                ))
        }
        return notices
    }
}

extension ClockWatch.Jump {
    var message: BilingualText {
        BilingualText(
            zh:
                "系统时钟为 \(now.utcSeconds)，而上次记录的时间为 \(last.utcSeconds)，相差超过一天；确认之前不会清理任何到期文件。时钟正确时请执行 vedette clock confirm，否则请先校正时钟。",
            en:
                "the clock shows \(now.utcSeconds) and was last at \(last.utcSeconds), more than a day apart; nothing that was kept long enough is removed until somebody confirms it: run 'vedette clock confirm' if the clock is right, or set it right"
        )
    }
}
