import AgentHTTP
public import ShangMi
public import SurveillanceKit

/// The agent: looks at the inbox, takes what is whole, and brings packages through, one round after the other.
///
/// It never waits itself: `step` does what can be done now and answers when the next round is worth while.
public final class Agent {
    /// What became of a package.
    public enum Outcome: Hashable, Sendable {
        case verdict(AgentPackage.Verdict)
        case refused
        case repetition
    }

    /// As many as the server takes in one form.
    static let maximumFilesInForm = 20
    static let leastFreeBytes: Int64 = 200 << 20

    private struct Track {
        var package: AgentPackage
        var failures = 0
        var asked = 0
        var nextTry: Int64 = 0
    }

    private let folder: AgentFolder
    private let settings: AgentSettings
    private let store: PackageStore
    private let delivery: Delivery
    private let clock: AgentClock
    private let random: RandomSource
    private let log: @Sendable (BilingualText) -> Void
    private var watch: InboxWatch
    private var tracks: [Track] = []
    private var nextLook: Int64
    private var lastNumber = 0
    /// Whether packages may lie there of which not all files were taken: at the start, and after a fault.
    private var mayBeUnfinished = true
    private var isLoaded = false
    private var told: Set<String> = []
    private var tellFullAgain: Int64 = 0

    /// What became of packages since the start, in the order in which it was known.
    public private(set) var outcomes: [Outcome] = []
    /// Whether the program was asked to end while something was under way.
    public private(set) var isStopped = false
    /// Whether the last look at the inbox found files that may go later.
    private var isInboxWaiting = true
    /// Files of the last look that cannot go: empty, unreadable, of no kind that is taken.
    public private(set) var stuck: Set<String> = []

    public convenience init(
        folder: AgentFolder, settings: AgentSettings, token: String, server: any ReportServer,
        clock: AgentClock = .system,
        random: RandomSource = .strong, log: @escaping @Sendable (BilingualText) -> Void
    ) {
        self.init(
            folder: folder, settings: settings, token: token, server: server, clock: clock, random: random,
            disk: Disk(),
            log: log)
    }

    init(
        folder: AgentFolder, settings: AgentSettings, token: String, server: any ReportServer, clock: AgentClock,
        random: RandomSource, disk: Disk, log: @escaping @Sendable (BilingualText) -> Void
    ) {
        self.folder = folder
        self.settings = settings
        self.clock = clock
        self.random = random
        self.log = log
        store = PackageStore(folder: folder, disk: disk)
        delivery = Delivery(
            store: store, server: server, token: token, holdsOnErrors: settings.holdOnErrors, random: random)
        watch = InboxWatch(quietSeconds: settings.quietSeconds)
        nextLook = clock.uptime()
    }

    /// Whether nothing is under way and nothing in the inbox may go later.
    public var isIdle: Bool { tracks.isEmpty && !isInboxWaiting && isLoaded && !mayBeUnfinished }
    public var packagesUnderWay: Int { tracks.count }

    /// One round.
    ///
    /// - Returns: the milliseconds until the next one.
    public func step() -> Int64 {
        if clock.uptime() >= nextLook {
            let canTake = load()
            look(canTake: canTake)
            nextLook = clock.uptime() + Int64(settings.pollSeconds) * 1000
        }
        deliver()
        let next = tracks.map(\.nextTry).filter { $0 > clock.uptime() }.min() ?? .max
        return max(0, min(next, nextLook) - clock.uptime())
    }

    /// Goes on where the program ended before, whichever way it ended, and with packages whose making a fault has broken off.
    ///
    /// - Returns: whether files may be taken.
    private func load() -> Bool {
        guard mayBeUnfinished else { return true }
        var isFinished = true
        do {
            try store.recover()
        } catch {
            tell(error, about: "sending")
            isFinished = false
        }
        do {
            let (packages, strange) = try store.pending()
            let known = Set(tracks.map(\.package.id))
            let further = packages.filter { !known.contains($0.id) }
            tracks = (tracks + further.map { Track(package: $0) }).sorted { $0.package.number < $1.package.number }
            lastNumber = max(lastNumber, try store.lastNumber())
            isLoaded = true
            for name in strange {
                let words = BilingualText(
                    zh: "sending/\(shown(name)) 不是本程序的数据包，未处理",
                    en: "sending/\(shown(name)) is no package of this program; it is left alone")
                tellOnce("strange \(name)", words)
            }
            if !further.isEmpty {
                let count = further.count == 1 ? "1 package" : "\(further.count) packages"
                say("继续处理 \(further.count) 个数据包", "going on with \(count)")
            }
        } catch {
            tell(error, about: "sending")
            isFinished = false
        }
        mayBeUnfinished = !isFinished
        return isFinished
    }

    // MARK: Taking

    private func look(canTake: Bool) {
        warnOfFullDisk()
        let found: [Disk.Entry]
        do throws(DiskFault) {
            found = try store.disk.list(folder.inbox)
        } catch {
            tellOnce(
                "list inbox",
                BilingualText(zh: "无法读取 inbox：\(error.words)", en: "the inbox cannot be read: \(error.words)"))
            isInboxWaiting = true
            return
        }
        var problems: Set<String> = []
        if found.contains(where: { $0.name == nil }) {
            problems.insert("?")
            tellOnce(
                "names",
                BilingualText(
                    zh: "inbox 中有文件名不是 UTF-8 编码，未处理；请改名",
                    en: "a name in the inbox is not UTF-8; the file is left alone, rename it"))
        }
        let entries = found.compactMap { entry -> InboxWatch.Entry? in
            guard let name = entry.name, entry.isFile else { return nil }
            return InboxWatch.Entry(name, size: entry.size, modified: entry.modified)
        }
        let whole = watch.look(at: entries, uptime: clock.uptime())
        isInboxWaiting = whole.isWaiting
        for name in whole.empty {
            problems.insert(name)
            tellOnce(
                "file empty \(name)",
                BilingualText(zh: "\(shown(name))：文件为空，未发送", en: "\(shown(name)): is empty and was not sent"))
        }
        for name in whole.foreign {
            problems.insert(name)
            tellOnce(
                "file foreign \(name)",
                BilingualText(
                    zh: "\(shown(name))：不是 .zip、.csv、.xlsx 或 .xls，留在 inbox 中",
                    en: "\(shown(name)): is neither .zip, .csv, .xlsx nor .xls, and stays in the inbox"))
        }
        stuck = problems
        // A fault that was told is told again of the next file of that name.
        let names = Set(entries.map(\.name))
        told = told.filter { line in
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            return words.count < 3 || words[0] != "file" || names.contains(words[2])
        }
        guard canTake else {
            isInboxWaiting = true
            return
        }
        for zip in whole.zips { take([zip], as: .zip, ready: []) }
        var tables = whole.tables[...]
        while !tables.isEmpty {
            let form = Array(tables.prefix(Self.maximumFilesInForm))
            tables = tables.dropFirst(form.count)
            take(form, as: .tables, ready: tables.isEmpty ? whole.ready : [])
        }
    }

    private func take(_ entries: [InboxWatch.Entry], as kind: AgentPackage.Kind, ready: [String]) {
        // A making that failed is finished before anything else is taken.
        guard !mayBeUnfinished else { return }
        var fresh: [AgentPackage.File] = []
        var repeated: [AgentPackage.File] = []
        let history = store.sent(on: AgentClock.day(clock.now())) + tracks.map(\.package)
        for entry in entries {
            let path = "\(folder.inbox)/\(entry.name)"
            do {
                let found = try store.disk.digest(path)
                // One that has grown since the look is looked at again.
                guard found.size == entry.size else {
                    isInboxWaiting = true
                    continue
                }
                let types: Set<String> =
                    kind == .zip ? ZipTypes.types(of: path) : [ZipTypes.type(ofTable: entry.name)]
                let file = AgentPackage.File(name: entry.name, size: found.size, sm3: found.sm3, types: types)
                let isRepeated = isRepetition(file, history) || fresh.contains { file.isRepetition(of: $0) }
                if isRepeated { repeated.append(file) } else { fresh.append(file) }
            } catch {
                stuck.insert(entry.name)
                tell(error, about: entry.name, isInInbox: true)
            }
        }
        if !fresh.isEmpty { make(fresh, kind, ready) }
        if !repeated.isEmpty { make(repeated, .repetition, fresh.isEmpty ? ready : []) }
    }

    /// Whether the server has these bytes from today already, and nothing since that may have taken their place.
    private func isRepetition(_ file: AgentPackage.File, _ history: [AgentPackage]) -> Bool {
        let sent = history.filter { $0.kind != .repetition && $0.verdict?.state != "failed" }
        for package in sent.sorted(by: { $0.number > $1.number }) {
            if package.files.contains(where: { file.isRepetition(of: $0) }) { return true }
            if package.files.contains(where: { file.mayBeReplaced(by: $0) }) { return false }
        }
        return false
    }

    private func make(_ files: [AgentPackage.File], _ kind: AgentPackage.Kind, _ ready: [String]) {
        let number = lastNumber + 1
        let package = AgentPackage(
            id: AgentPackage.id(number: number, at: clock.now()), kind: kind, key: Delivery.key(random),
            createdAt: clock.now(), files: files, ready: ready)
        lastNumber = number
        do {
            try store.make(package)
            tracks.append(Track(package: package))
            told.remove("fault sending")
            if kind != .repetition {
                let names = files.map { shown($0.name) }.joined(separator: ", ")
                say("\(package.id)：已取走 \(names)", "\(package.id): has taken \(names)")
            }
        } catch {
            tell(error, about: "sending")
            mayBeUnfinished = true
            isInboxWaiting = true
        }
    }

    // MARK: Delivering

    /// Packages are sent in the order in which they were taken, because what comes last counts. What has been sent is asked for on its own.
    private func deliver() {
        var maySend = true
        var index = 0
        while index < tracks.count, !isStopped {
            let isUnsent = tracks[index].package.submission == nil && tracks[index].package.kind != .repetition
            if isUnsent && !maySend || tracks[index].nextTry > clock.uptime() {
                if isUnsent { maySend = false }
                index += 1
                continue
            }
            if advance(&tracks[index], &maySend) { tracks.remove(at: index) } else { index += 1 }
        }
    }

    /// - Returns: whether the package is through.
    private func advance(_ track: inout Track, _ maySend: inout Bool) -> Bool {
        let submission = track.package.submission
        defer {
            if submission == nil, let id = track.package.submission {
                track.failures = 0
                say("\(track.package.id)：已送达，编号 \(id)", "\(track.package.id): was received as \(id)")
            }
        }
        do {
            try delivery.run(&track.package, now: clock.now())
            try putAway(track.package)
            return true
        } catch Delivery.Halt.unchecked {
            track.failures = 0
            track.asked += 1
            // Most are through within two seconds; at a rush hour it takes longer.
            let wait: Int64 = track.asked < 5 ? 500 : track.asked < 15 ? 2_000 : track.asked < 45 ? 10_000 : 60_000
            track.nextTry = clock.uptime() + wait
        } catch Delivery.Halt.refused(let reason) {
            return refuse(&track, reason)
        } catch Delivery.Halt.retry(let words, let after) {
            putOff(&track, words, after)
            if track.package.submission == nil { maySend = false }
        } catch let fault as ConnectionFault {
            if fault.stage == .stopped {
                isStopped = true
                return false
            }
            putOff(&track, fault.message, nil)
            // A file that cannot be read says nothing of the network: what comes behind may go.
            if track.package.submission == nil, fault.stage != .file { maySend = false }
        } catch {
            let words = (error as? DiskFault)?.message ?? BilingualText(zh: "\(error)", en: "\(error)")
            putOff(&track, words, nil)
        }
        return false
    }

    private func putAway(_ package: AgentPackage) throws {
        let day = AgentClock.day(clock.now())
        if package.kind == .repetition {
            try store.finish(
                package, on: day,
                note: BilingualText(
                    zh: "这些文件今天已经发送过，内容相同，没有再次发送。如需再次上报，请在网页上传。",
                    en:
                        "These files were sent today with the same content, and were not sent again. To report them once more, upload them on the page."
                ))
            outcomes.append(.repetition)
            let names = package.files.map { shown($0.name) }.joined(separator: ", ")
            say("\(names)：今天已发送过相同内容，不再发送", "\(names): the same content was sent today; it is not sent again")
            return
        }
        guard let verdict = package.verdict else { return }
        try store.finish(package, on: day)
        outcomes.append(.verdict(verdict))
        let corrections = verdict.isFine ? ("", "") : ("；见 corrections", "; see corrections")
        say(
            "\(package.id)：\(verdict.text(.zh))\(corrections.0)", "\(package.id): \(verdict.text(.en))\(corrections.1)")
    }

    private func refuse(_ track: inout Track, _ reason: BilingualText) -> Bool {
        do {
            try store.fail(track.package, reason)
        } catch {
            tell(error, about: track.package.id)
            putOff(&track, BilingualText(zh: "无法移入 failed", en: "cannot be moved to failed"), nil)
            return false
        }
        outcomes.append(.refused)
        func line(_ text: String) -> String { text.split(separator: "\n").prefix(2).joined(separator: " ") }
        say(
            "\(track.package.id)：已移入 failed。\(line(reason.zh))",
            "\(track.package.id): was moved to failed. \(line(reason.en))")
        return true
    }

    private func putOff(_ track: inout Track, _ words: BilingualText, _ retryAfter: Int64?) {
        track.failures += 1
        let bytes = random.bytes(8)
        let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let wait = Backoff.milliseconds(failures: track.failures, retryAfter: retryAfter, random: number)
        track.nextTry = clock.uptime() + wait
        let seconds = (wait + 999) / 1000
        say(
            "\(track.package.id)：\(words.zh)；\(seconds) 秒后再试",
            "\(track.package.id): \(words.en); tried again in \(seconds) seconds")
    }

    // MARK: Telling

    private func warnOfFullDisk() {
        guard clock.uptime() >= tellFullAgain, let free = store.disk.freeBytes(folder.path), free < Self.leastFreeBytes
        else { return }
        tellFullAgain = clock.uptime() + 3_600_000
        say(
            "磁盘只剩 \(free >> 20) MiB；请清理（sent 中较早的日期可以删除）",
            "only \(free >> 20) MiB are left on the disk; make room (earlier days in sent may be deleted)")
    }

    private func tell(_ error: any Error, about name: String, isInInbox: Bool = false) {
        let words = (error as? DiskFault)?.message ?? BilingualText(zh: "\(error)", en: "\(error)")
        tellOnce(
            isInInbox ? "file fault \(name)" : "fault \(name)",
            BilingualText(zh: "\(shown(name))：未处理，\(words.zh)", en: "\(shown(name)): is left alone, \(words.en)"))
    }

    private func tellOnce(_ what: String, _ words: BilingualText) {
        if told.insert(what).inserted { say(words.zh, words.en) }
    }

    private func say(_ zh: String, _ en: String) { log(BilingualText(zh: zh, en: en)) }
}
