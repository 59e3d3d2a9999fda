public import SurveillanceKit

extension DatabaseError {
    /// What is wrong and what would mend it, for an operator.
    public var message: BilingualText {
        switch self {
        case .cannotOpen(let path, let reason):
            BilingualText(
                zh: "\(path)：无法打开数据库（\(reason)）；所在文件夹必须存在，且属于运行程序的账户",
                en:
                    "\(path): the database cannot be opened (\(reason)); its folder must exist and belong to the account that runs the program"
            )
        case .notADatabase(let path):
            BilingualText(
                zh: "\(path)：该文件不是数据库；请指定其他文件，或从备份恢复数据库",
                en: "\(path): this file is not a database; name another file, or put the database back from a backup")
        case .corrupt(let path, let detail):
            BilingualText(
                zh: "\(path)：数据库已损坏（\(detail)）；请停止程序，保留该文件的副本，并恢复最近一次备份",
                en:
                    "\(path): the database is damaged (\(detail)); stop, keep a copy of the file, and put back the last backup"
            )
        case .replaced(let path):
            BilingualText(
                zh: "\(path)：服务器运行期间该文件被删除或替换；请停止服务器，从备份恢复数据目录后重新启动",
                en:
                    "\(path): this file was removed or replaced while the server worked with it; stop the server, put the data folder back from a backup, and start again"
            )
        case .diskFull(let path):
            BilingualText(
                zh: "\(path)：磁盘已满，本次事务未保存任何内容；请清理磁盘后重试",
                en:
                    "\(path): the disk is full; nothing of this transaction was kept; free some space and try again")
        case .locked(let path):
            BilingualText(
                zh: "\(path)：另一进程占用着数据库；请等待其结束或将其停止后重试",
                en: "\(path): another process holds the database; let it finish, or stop it, and try again")
        case .readOnly(let path):
            BilingualText(
                zh: "\(path)：数据库不可写；请将文件及其文件夹交给运行程序的账户（数据库服务器请连接主库）",
                en:
                    "\(path): the database may not be written; give the file and its folder to the account that runs the program, and of a database server name the primary"
            )
        case .inputOutput(let path, let detail):
            BilingualText(
                zh: "\(path)：磁盘读写失败（\(detail)）；请查看系统日志并检查磁盘",
                en: "\(path): the disk failed (\(detail)); look at the system's log and the disk's health")
        case .constraint(let kind, let detail):
            BilingualText(
                zh: "违反数据库约束（\(kind.rawValue)）：\(detail)", en: "a \(kind.rawValue) constraint does not hold: \(detail)")
        case .writerPoisoned(let cause):
            BilingualText(
                zh: "一次提交未能持久保存（\(cause)）；在重新启动程序之前不再写入",
                en:
                    "a commit could not be made durable (\(cause)); nothing is written any more until the program is started anew"
            )
        case .transactionLost:
            BilingualText(
                zh: "事务已因先前的错误结束，未保存任何内容",
                en: "the transaction had been ended by an earlier error; nothing of it was kept")
        case .newerThanProgram(let unknown):
            BilingualText(
                zh: "该数据库已被更新版本的程序修改（\(unknown.joined(separator: "、"))）；请运行该版本，或恢复此前的备份",
                en:
                    "a later version of the program has changed this database (\(unknown.joined(separator: ", "))); run that version, or put back a backup from before"
            )
        case .migrationFailed(let id, let reason):
            BilingualText(
                zh: "数据库结构升级 \(id) 失败：\(reason)", en: "the database could not be brought to shape by \(id): \(reason)")
        case .invalidSQL(let detail):
            BilingualText(
                zh: "程序向数据库提出了无法执行的请求：\(detail)",
                en: "the program asked the database for something it cannot do: \(detail)")
        case .noSuchColumn(let name, let known):
            BilingualText(
                zh: "没有列 \(name)；现有 \(known.joined(separator: "、"))",
                en: "no column \(name); there are \(known.joined(separator: ", "))")
        case .unexpectedValue(let column, let expected, let found):
            BilingualText(
                zh: "列 \(column) 的值是 \(found)，应为 \(expected)；该表不是由此版本的程序写入的",
                en:
                    "column \(column) holds \(found), not \(expected); the table was not written by this version of the program"
            )
        case .outOfMemory: BilingualText(zh: "数据库内存不足", en: "the database ran out of memory")
        case .other(let code, let detail):
            BilingualText(zh: "数据库出错，代码 \(code)：\(detail)", en: "the database failed with code \(code): \(detail)")
        default: serverMessage
        }
    }

    private var serverMessage: BilingualText {
        switch self {
        case .invalidSettings(let reason):
            BilingualText(zh: "数据库设置无法使用：\(reason)", en: "the store's settings cannot be used: \(reason)")
        case .connectionLost(let server, let detail):
            BilingualText(
                zh: "\(server)：无法连接数据库服务器，或连接已中断（\(detail)）；请检查服务器是否运行、网络是否通畅；恢复后程序会自行继续",
                en:
                    "\(server): the database server cannot be reached, or the connection broke (\(detail)); check that it runs and can be reached: the program goes on by itself when it is back"
            )
        case .commitUnknown(let server):
            BilingualText(
                zh: "\(server)：提交过程中连接中断，无法确定是否已保存；未向任何人确认，请重新发送",
                en:
                    "\(server): the connection broke during a commit, and nobody knows whether it was kept; it was acknowledged to nobody: send again"
            )
        case .serialization(let detail):
            BilingualText(
                zh: "与另一事务冲突，未保存任何内容（\(detail)）；请重试",
                en: "another transaction was in the way and nothing of this one was kept (\(detail)); try again")
        case .timedOut(let server):
            BilingualText(
                zh: "\(server)：语句执行超时，已被终止；请检查服务器负载后重试",
                en: "\(server): a statement took too long and was ended; look at the server's load and try again")
        case .versionTooOld(let server, let version, let needed):
            BilingualText(
                zh: "\(server)：数据库服务器版本为 \(version)，需要 \(needed) 或更高版本；请升级服务器",
                en: "\(server): the database server is version \(version), and \(needed) or later is needed; upgrade it"
            )
        case .encoding(let detail):
            BilingualText(
                zh: "字符编码不可用（\(detail)）；数据库必须以 UTF8 编码创建，文本中不得含有 NUL",
                en:
                    "an encoding that cannot be used (\(detail)); the database must be created with the encoding UTF8, and text may not hold NUL"
            )
        case .permission(let server, let detail):
            BilingualText(
                zh: "\(server)：账户被拒绝或缺少权限（\(detail)）；请检查用户名和密码文件，并授予该账户在其模式中建表的权限",
                en:
                    "\(server): the account was refused or lacks a right (\(detail)); check its name and password file, and grant it the right to create tables in its schema"
            )
        case .notDurable(let server, let setting):
            BilingualText(
                zh: "\(server)：服务器设置 \(setting) 会使已确认的数据在断电时丢失；请将其打开",
                en:
                    "\(server): with \(setting) the server could lose what it has acknowledged when the power is cut; turn it on"
            )
        case .tooManyConnections(let server):
            BilingualText(
                zh: "\(server)：连接数已达上限；请调高 max_connections，或减少连接",
                en: "\(server): it takes no more connections; raise max_connections, or close others")
        default: BilingualText(zh: "数据库出错", en: "the database failed")
        }
    }
}
