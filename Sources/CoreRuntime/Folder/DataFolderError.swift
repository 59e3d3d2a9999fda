public import SurveillanceKit

/// Why a data folder is not opened. Nothing has been made, changed or removed then.
public enum DataFolderError: Error, Hashable, Sendable {
    /// Others than its owner may reach into the folder.
    case openToOthers(path: String, mode: String)
    /// The folder belongs to another user than the one that runs the program.
    case otherOwner(path: String, owner: Int, user: Int)
    /// A file or folder is not there, and the rest of the data folder is.
    case missing(path: String)
    /// A file is there and holds nothing.
    case empty(path: String)
    case damaged(path: String, detail: String)
    /// A file or folder belongs to another data folder, or is not the one that was here.
    case foreign(path: String)
    /// A database knows less than was acknowledged.
    case older(path: String, known: Int64, highest: Int64, what: String)
    /// The log says that files are kept which are not there.
    case lacking(path: String, uploads: Int, findings: Int, first: String)

    /// Whether `vedette serve --adopt` is a way out.
    var mayBeAdopted: Bool {
        switch self {
        case .older, .lacking: true
        case .missing(let path), .empty(let path): KeptDatabase.all.contains { $0.lies(at: path) }
        default: false
        }
    }
}

extension DataFolderError {
    /// Whether the line list is what is gone or older, rather than the log of submissions.
    var isAboutRecords: Bool {
        switch self {
        case .older(let path, _, _, _), .missing(let path), .empty(let path):
            KeptDatabase.records.lies(at: path)
        default: false
        }
    }
}

extension DataFolderError: CustomStringConvertible {
    public var description: String { "\(message.en)\n\(message.zh)" }

    public var message: BilingualText {
        let what = whatIsWrong
        let adopt = !mayBeAdopted ? BilingualText(zh: "", en: "") : isAboutRecords ? Self.adoptRecords : Self.adopt
        return BilingualText(
            zh: "\(what.zh)；未改动任何内容。\(adopt.zh)", en: "\(what.en); nothing was changed.\(adopt.en)")
    }

    private static let adoptRecords = BilingualText(
        zh: "若无法恢复，可用 vedette serve --adopt 启动一次：仍保留原始文件的上报将重新核验入库，更早的记录将缺失。",
        en:
            " Where that cannot be had, start once with 'vedette serve --adopt': submissions whose uploads are still kept are checked and stored again; older records are missing then."
    )

    private static let adopt = BilingualText(
        zh: "若无法恢复，可用 vedette serve --adopt 启动一次：日志中没有的上传文件将重新登记为已接收。",
        en:
            " Where that cannot be had, start once with 'vedette serve --adopt': uploads that the log does not know are taken in again as received."
    )

    private var whatIsWrong: BilingualText {
        switch self {
        case .openToOthers(let path, let mode):
            BilingualText(
                zh: "\(path)：数据目录权限为 \(mode)，其他用户可以访问；请执行 chmod 700 \(path)",
                en: "\(path): the data folder has mode \(mode), so others can reach into it; run: chmod 700 \(path)")
        case .otherOwner(let path, let owner, let user):
            BilingualText(
                zh: "\(path)：数据目录属于用户 \(owner)，而程序以用户 \(user) 运行；请以该用户运行，或执行 chown -R",
                en:
                    "\(path): the data folder belongs to user \(owner) and the program runs as user \(user); run it as that user (sudo -u …), or give the folder to this one with chown -R"
            )
        case .missing(let path):
            BilingualText(
                zh: "\(path)：数据目录中已有数据，但缺少此项；请从同一备份恢复后再启动",
                en:
                    "\(path): this is missing from a data folder that has data; put it back from the backup that the rest is of, then start again"
            )
        case .empty(let path):
            BilingualText(
                zh: "\(path)：数据目录中已有数据，但此文件为空；请从同一备份恢复后再启动",
                en:
                    "\(path): this is empty in a data folder that has data; put it back from the backup that the rest is of, then start again"
            )
        case .damaged(let path, let detail):
            BilingualText(
                zh: "\(path)：已损坏（\(detail)）；请保留一份副本，再从同一备份恢复后启动",
                en:
                    "\(path): this is damaged (\(detail)); keep a copy of it, put it back from the backup that the rest is of, then start again"
            )
        case .foreign(let path):
            BilingualText(
                zh: "\(path)：不属于此数据目录；请放回此处原有的内容后再启动",
                en:
                    "\(path): this belongs to another data folder, or is not the one that was here; put back what was here, then start again"
            )
        case .older(let path, let known, let highest, let what):
            BilingualText(
                zh: "\(path)：数据库是较旧的版本：\(what) 只到 \(known)，而已发出到 \(highest)；请恢复最新的数据库（连同 -wal 文件）后再启动",
                en:
                    "\(path): this database is older than the data folder: it knows \(what) up to \(known), and \(highest) were given out; put back the latest one, with its -wal file, then start again"
            )
        case .lacking(let path, let uploads, let findings, let first):
            BilingualText(
                zh:
                    "\(path)：缺少数据库记为已保存的文件：上传 \(uploads) 个、核验结果 \(findings) 个（如 \(first)）；请从备份恢复 spool/ 和 findings/ 后再启动",
                en:
                    "\(path): files are missing that the database says are kept: \(uploads.counted("upload")), \(findings.counted("file")) of findings (such as \(first)); put back spool/ and findings/ from a backup, then start again"
            )
        }
    }
}
