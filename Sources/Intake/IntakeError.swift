public import SurveillanceKit

/// What keeps a report from being received, processed or read back, each with what would mend it.
public enum IntakeError: Error, Hashable, Sendable {
    case tooLarge(maximumBytes: Int)
    /// The institution has that many uploads under way.
    case tooManyUploads(maximum: Int)
    /// Less than the reserve would be left on the disk.
    case belowReserve(availableBytes: Int, reserveBytes: Int)
    case diskFull(path: String)
    case inputOutput(path: String, operation: String, reason: String)
    /// A sync has failed: what was written since may be lost, so nothing is acknowledged any more until the program is started anew.
    case poisoned(path: String, cause: String)
    /// The database is damaged, gone, or may not be written; the reason says what would mend it, and holds no value of a table.
    case databaseUnusable(reason: String)
    /// The database's server cannot be reached, or is busy; the reason says what would mend it.
    case databaseAway(reason: BilingualText)
    /// A file was written to or finished after its end.
    case alreadyEnded(path: String)
    /// Another process works in the folder.
    case inUse(path: String)
    /// What was sealed does not open; the detail says what would mend it.
    case damaged(path: String, detail: String)
    /// Others than its owner may read a file of keys.
    case keyOpenToOthers(path: String)
    case noKey(path: String)
    case malformedKey(path: String)
    case noSuchSubmission(SubmissionID)
    /// The bytes are gone, or never were.
    case notKept(SubmissionID)
    /// The same `Idempotency-Key` came with other bytes.
    case idempotencyConflict(first: SubmissionID)
    /// Another attempt has taken the submission over, or it has ended.
    case notProcessing(SubmissionID, attempt: Int)
    case cannotRetry(SubmissionID, state: SubmissionState)
    /// Only what has brought records can be withdrawn.
    case cannotWithdraw(SubmissionID, state: SubmissionState)
    /// Warnings are known when the check has ended.
    case cannotAcknowledge(SubmissionID, state: SubmissionState)
    /// It has been withdrawn, and is not processed again.
    case withdrawn(SubmissionID)
    /// What was stored before its records is no longer kept (`historyDays`).
    case tooOldToWithdraw(SubmissionID)
}

extension IntakeError: CustomStringConvertible {
    public var description: String { message.en }

    public var message: BilingualText {
        switch self {
        case .tooLarge(let maximum):
            BilingualText(
                zh: "文件超过上限 \(Self.mebibytes(maximum)) MB；请分成多个数据包上传",
                en: "the upload exceeds \(Self.mebibytes(maximum)) MB; send it in several packages")
        case .tooManyUploads(let maximum):
            BilingualText(
                zh: "本机构已有 \(maximum) 个文件正在上传；请等其中一个完成后再上传",
                en: "your institution has \(maximum.counted("upload")) under way; wait until one is complete")
        case .belowReserve(let available, let reserve):
            BilingualText(
                zh: "服务器磁盘剩余 \(Self.mebibytes(available)) MB，低于预留的 \(Self.mebibytes(reserve)) MB，暂不接收；请管理员清理磁盘后重新上传",
                en: """
                    the server has \(Self.mebibytes(available)) MB of disk left and keeps \(Self.mebibytes(reserve)) MB in reserve; \
                    an administrator must free some space, then send again
                    """)
        case .diskFull(let path):
            BilingualText(
                zh: "服务器磁盘已满，本次上传未保存；请管理员清理磁盘后重新上传",
                en: "\(path): the disk is full and nothing of this was kept; free some space, then try again")
        case .inputOutput(let path, let operation, let reason):
            BilingualText(
                zh: "服务器磁盘读写失败（\(reason)）；请管理员检查磁盘和系统日志",
                en: "\(path): could not \(operation) (\(reason)); look at the system's log and the disk's health")
        case .poisoned(let path, let cause):
            BilingualText(
                zh: "服务器磁盘曾写入失败（\(cause)），已停止接收；请管理员检查磁盘后重新启动服务",
                en: "\(path): the disk failed to keep what was written (\(cause)); check it, then start the server anew"
            )
        case .databaseUnusable(let reason):
            BilingualText(
                zh: "服务器数据库已损坏或不可用，已停止接收；请管理员停止服务，保留现有文件的副本，从备份恢复数据目录后再启动（\(reason)）",
                en: "the server's database is damaged or gone, and nothing is received: \(reason)")
        case .databaseAway(let reason): reason
        case .alreadyEnded(let path):
            BilingualText(zh: "该文件已结束写入", en: "\(path): the file has been ended; begin a new one")
        case .inUse(let path):
            BilingualText(
                zh: "数据目录正由另一进程使用；请先停止该进程",
                en: "\(path): another process works in this folder; stop it first")
        case .damaged(let path, let detail):
            BilingualText(
                zh: "服务器上保存的文件已损坏（\(detail)）；请从备份恢复",
                en: "\(path): this does not open: \(detail)")
        case .keyOpenToOthers(let path):
            BilingualText(
                zh: "\(path)：密钥文件可被其他用户读取；请将其权限改为 600",
                en: "\(path): others may read this key file; change its mode to 600")
        case .noKey(let path):
            BilingualText(
                zh: "\(path)：没有密钥文件；请从备份恢复，没有密钥就无法读取已保存的文件",
                en: "\(path): the key is missing; put it back from a backup: what was sealed cannot be read without it")
        case .malformedKey(let path):
            BilingualText(
                zh: "\(path)：不是密钥文件；请从备份恢复", en: "\(path): this is not a key file; put it back from a backup")
        case .noSuchSubmission(let id):
            BilingualText(zh: "没有编号为 \(id) 的上报", en: "there is no submission \(id)")
        case .notKept(let id):
            BilingualText(
                zh: "上报 \(id) 的原始文件已不再保存；请重新上传",
                en: "the bytes of submission \(id) are no longer kept; send them again")
        case .idempotencyConflict(let first):
            BilingualText(
                zh: "同一 Idempotency-Key 已用于另一数据包（上报 \(first)）；请更换后重新上传",
                en: "this Idempotency-Key was used for other bytes (submission \(first)); send with a new one")
        case .notProcessing(let id, let attempt):
            BilingualText(
                zh: "上报 \(id) 的第 \(attempt) 次处理已被取代", en: "attempt \(attempt) at submission \(id) has been taken over")
        case .cannotWithdraw(let id, let state):
            state.isFinal
                ? BilingualText(
                    zh: "上报 \(id) 没有入库的记录，无需撤回", en: "submission \(id) has stored nothing that could be withdrawn")
                : BilingualText(
                    zh: "上报 \(id) 正在等待或处理中，请在核验完成后再撤回",
                    en: "submission \(id) is still being checked; withdraw it when its state is final")
        case .cannotAcknowledge(let id, _):
            BilingualText(
                zh: "上报 \(id) 正在等待或处理中，请在核验完成后再确认",
                en: "submission \(id) is still being checked; acknowledge its warnings when its state is final")
        case .withdrawn(let id):
            BilingualText(
                zh: "上报 \(id) 已撤回，不再处理；需要时请重新上传", en: "submission \(id) was withdrawn; send it again to have it stored")
        case .tooOldToWithdraw(let id):
            BilingualText(
                zh: "上报 \(id) 之前的记录版本已超过保存期限，无法恢复；请逐条更正或撤回记录",
                en:
                    "what was stored before submission \(id) is no longer kept; correct its records, or withdraw them row by row"
            )
        case .cannotRetry(let id, let state):
            BilingualText(
                zh: "上报 \(id) 正在等待或处理中，无需重试",
                en: "submission \(id) is \(state.rawValue): it needs no retry")
        }
    }

    private static func mebibytes(_ bytes: Int) -> Int { max(0, bytes) / 1_048_576 }
}
