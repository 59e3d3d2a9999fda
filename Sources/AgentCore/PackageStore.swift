import SurveillanceKit

/// The packages of an agent on its disk. Each step is durable before the next, so that a crash at any of them loses and repeats nothing.
struct PackageStore: Sendable {
    let folder: AgentFolder
    let disk: Disk

    static let reasonFile = "原因.txt"
    static let noteFile = "说明.txt"
    private static let packageFile = "package.json"
    /// Begins the name of a package's folder until all of its files are in it.
    private static let unfinished = ".making-"

    func path(_ package: AgentPackage) -> String { "\(folder.sending)/\(package.id)" }

    /// Packages that are not through, in their order, and folders that hold none.
    func pending() throws(DiskFault) -> (packages: [AgentPackage], strange: [String]) {
        var packages: [AgentPackage] = []
        var strange: [String] = []
        for name in try folders(in: folder.sending) where !name.hasPrefix(".") {
            if let package = read("\(folder.sending)/\(name)"), package.id == name {
                packages.append(package)
            } else {
                strange.append(name)
            }
        }
        return (packages.sorted { $0.number < $1.number }, strange)
    }

    private func read(_ path: String) -> AgentPackage? {
        (try? disk.read("\(path)/\(Self.packageFile)")).flatMap { AgentPackage($0) }
    }

    /// The highest number that a package has had.
    func lastNumber() throws(DiskFault) -> Int {
        var last = 0
        for parent in [folder.sending, folder.failed] + (try folders(in: folder.sent)).map({ "\(folder.sent)/\($0)" }) {
            for name in try folders(in: parent) {
                let id = name.hasPrefix(Self.unfinished) ? String(name.dropFirst(Self.unfinished.count)) : name
                last = max(last, AgentPackage.number(of: id))
            }
        }
        return last
    }

    /// None where there is no such folder; one that cannot be read is a fault, and never passes for an empty one.
    private func folders(in path: String) throws(DiskFault) -> [String] {
        do throws(DiskFault) {
            return try disk.list(path).filter { !$0.isFile }.compactMap(\.name)
        } catch {
            guard error.isMissing else { throw error }
            return []
        }
    }

    /// Packages that went through on a day, in their order.
    func sent(on day: String) -> [AgentPackage] {
        disk.folders(in: "\(folder.sent)/\(day)").compactMap { read("\(folder.sent)/\(day)/\($0)") }
            .sorted { $0.number < $1.number }
    }

    /// The latest days with packages that are through, the latest first.
    func sentDays(_ count: Int) -> [String] {
        Array(disk.folders(in: folder.sent).filter { CivilDate($0) != nil }.sorted().reversed().prefix(count))
    }

    func failed() -> [AgentPackage] {
        disk.folders(in: folder.failed).compactMap { read("\(folder.failed)/\($0)") }.sorted { $0.number < $1.number }
    }

    /// Takes the files of a package out of the inbox.
    ///
    /// What is planned is written before the first file is moved; the folder gets its name when the last one is in it.
    func make(_ package: AgentPackage) throws {
        let making = "\(folder.sending)/\(Self.unfinished)\(package.id)"
        try disk.makeFolder(making)
        try disk.write(package.encoded, to: "\(making)/\(Self.packageFile)")
        try complete(package, in: making)
    }

    private func complete(_ package: AgentPackage, in making: String) throws {
        for file in package.files {
            let (from, target) = ("\(folder.inbox)/\(file.name)", "\(making)/\(file.name)")
            // Where a copy was made across file systems, the original may still be there.
            if disk.exists(target) {
                if let found = try? disk.digest(from), found.sm3 == file.sm3 { try disk.remove(from) }
            } else {
                try disk.move(from, to: target)
            }
        }
        for name in package.ready { try disk.remove("\(folder.inbox)/\(name)") }
        try disk.move(making, to: path(package))
    }

    /// Goes on with packages whose making a crash has broken off. Files that had not been taken by then are taken only if they are still
    /// the same; otherwise they stay in the inbox for a package of their own.
    func recover() throws {
        try disk.makeFolder(folder.sending)
        for name in try folders(in: folder.sending) where name.hasPrefix(Self.unfinished) {
            let making = "\(folder.sending)/\(name)"
            guard var package = read(making) else {
                // Nothing is moved before the plan is durable: there is nothing in it.
                for entry in try disk.list(making) {
                    if let name = entry.name { try disk.remove("\(making)/\(name)") }
                }
                try disk.remove(making)
                continue
            }
            package.files = package.files.filter { file in
                if disk.exists("\(making)/\(file.name)") { return true }
                return (try? disk.digest("\(folder.inbox)/\(file.name)"))?.sm3 == file.sm3
            }
            if package.files.isEmpty {
                try disk.remove("\(making)/\(Self.packageFile)")
                try disk.remove(making)
                continue
            }
            try disk.write(package.encoded, to: "\(making)/\(Self.packageFile)")
            try complete(package, in: making)
        }
    }

    func save(_ package: AgentPackage) throws {
        try disk.write(package.encoded, to: "\(path(package))/\(Self.packageFile)")
    }

    /// Keeps what the server has sent beside a package's files.
    func keep(_ bytes: [UInt8], as name: String, of package: AgentPackage) throws {
        try disk.write(bytes, to: "\(path(package))/\(name)")
    }

    func keepCorrections(_ bytes: [UInt8], as name: String) throws {
        try disk.makeFolder(folder.corrections, mode: 0o770)
        try disk.write(bytes, to: "\(folder.corrections)/\(name)")
    }

    func has(_ name: String, of package: AgentPackage) -> Bool { disk.exists("\(path(package))/\(name)") }

    /// Moves a package that is through to its day.
    func finish(_ package: AgentPackage, on day: String, note: BilingualText? = nil) throws {
        if let note { try writeText(note, to: "\(path(package))/\(Self.noteFile)") }
        // A crash between a refusal and the move leaves a reason that no longer holds.
        let reason = "\(path(package))/\(Self.reasonFile)"
        if disk.exists(reason) { try disk.remove(reason) }
        try disk.makeFolder(folder.sent)
        try disk.makeFolder("\(folder.sent)/\(day)")
        try disk.move(path(package), to: "\(folder.sent)/\(day)/\(package.id)")
    }

    /// Moves a package that was refused, with the reason beside its files.
    func fail(_ package: AgentPackage, _ reason: BilingualText) throws {
        try writeText(reason, to: "\(path(package))/\(Self.reasonFile)")
        try disk.makeFolder(folder.failed, mode: 0o770)
        try disk.move(path(package), to: "\(folder.failed)/\(package.id)")
    }

    /// Both languages, as every editor of Windows reads them: with a byte order mark and CRLF.
    private func writeText(_ text: BilingualText, to path: String) throws {
        let lines = "\(text.zh)\n\n\(text.en)\n".split(separator: "\n", omittingEmptySubsequences: false)
        try disk.write(Array("\u{FEFF}\(lines.joined(separator: "\r\n"))".utf8), to: path)
    }
}
