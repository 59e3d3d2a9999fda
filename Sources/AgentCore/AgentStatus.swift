public import SurveillanceKit

/// What lies in an agent's folder, for a person: the last days, what waits, the last verdict.
public struct AgentStatus {
    static let days = 7

    /// The lines to print. Nothing is changed, and a running agent is not disturbed.
    public static func lines(of folder: AgentFolder, in language: Language) throws(AgentProblem) -> [String] {
        let store = PackageStore(folder: folder, disk: Disk())
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        let pending: [AgentPackage]
        let inbox: [String]
        do throws(DiskFault) {
            pending = try store.pending().packages
            inbox = try store.disk.list(folder.inbox).filter(\.isFile).map { shown($0.name ?? "?") }
        } catch {
            throw AgentProblem(
                zh: "无法读取 \(folder.path)：\(error.words)", en: "\(folder.path) cannot be read: \(error.words)")
        }
        var lines: [String] = []
        lines.append(say("inbox 中的文件：\(inbox.count)", "files in inbox: \(inbox.count)"))
        lines += inbox.prefix(20).map { "  \($0)" }
        if inbox.count > 20 { lines.append("  …") }
        lines.append(say("正在发送的数据包：\(pending.count)", "packages under way: \(pending.count)"))
        for package in pending {
            let names = package.files.map { shown($0.name) }.joined(separator: ", ")
            let state =
                package.submission.map { say("已送达，编号 \($0)，等待结果", "received as \($0), waits for the verdict") }
                ?? say("等待发送", "waits to be sent")
            lines.append("  \(package.id)  \(names)  \(state)")
        }
        let failed = store.failed()
        lines.append(say("failed 中被拒绝的数据包：\(failed.count)", "refused packages in failed: \(failed.count)"))
        for package in failed.suffix(10) {
            lines.append("  \(package.id)  \(package.files.map { shown($0.name) }.joined(separator: ", "))")
        }
        lines.append(say("最近的日期：", "latest days:"))
        let days = store.sentDays(Self.days)
        if days.isEmpty { lines.append(say("  还没有发送过", "  nothing has been sent yet")) }
        var last: (day: String, package: AgentPackage)?
        for day in days {
            let packages = store.sent(on: day).filter { $0.kind != .repetition }
            last = last ?? packages.last.map { (day, $0) }
            let fine = packages.count { $0.verdict?.isFine == true }
            let rows = packages.reduce(0) { $0 + ($1.verdict?.accepted ?? 0) }
            lines.append(
                say(
                    "  \(day)  数据包 \(packages.count)，全部接收 \(fine)，接收 \(rows) 行",
                    "  \(day)  packages \(packages.count), accepted as a whole \(fine), rows accepted \(rows)"))
        }
        if let last, let verdict = last.package.verdict {
            let names = last.package.files.map { shown($0.name) }.joined(separator: ", ")
            lines.append(say("最后一次结果：", "last verdict:"))
            lines.append("  \(last.day)  \(names)")
            lines.append("  \(verdict.text(language))")
        }
        return lines
    }
}
