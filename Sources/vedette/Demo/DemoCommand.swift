import Accounts
import Audit
import CoreRuntime
import Foundation
import NotifyLog
import PluginKit
import Portal
import ProgramFiles
import Settings
import SurveillanceKit
import Timeliness

/// `vedette demo`: a server with a made-up hospital, which sends its sample packages to itself. What `scripts/run` starts.
enum DemoCommand: Command {
    static let name = "demo"
    static let summary = BilingualText(
        zh: "运行演示服务器：虚构的医院、两周的上报和示例数据包",
        en: "run a server with made-up hospitals, a fortnight of their reports, and sample packages")
    static let manual = Manual(
        usage: [
            .init("vedette demo [options]")
        ],
        text: [
            BilingualText(
                zh:
                    "启动一个服务器，含三个省的十二家虚构机构。数据文件夹新建时，各机构先完成两周的上报：按时、迟报、未报、豁免、零报告。然后其中一家通过 API 上报各监测项目的示例数据包，并输出结果。服务器运行到 Ctrl-C 为止。",
                en:
                    "Starts a server with a dozen made-up institutions in three provinces. With a new data folder they first report for a fortnight: in time, late, not at all, excused, without cases. Then one of them sends every program's sample packages through the API; what came of each is printed. The server keeps serving until Ctrl-C."
            )
        ],
        options: [
            .init("--once", zh: "输出结果后结束", en: "end after the summary"),
            .init(
                "--listen", "HOST:PORT", zh: "监听地址（默认 127.0.0.1:8080，被占用时用任一空闲端口）",
                en: "where to listen (default: 127.0.0.1:8080, or any free port where that is taken)"),
            .init(
                "--data", "DIR", zh: "演示数据的文件夹（默认 .demo-data）",
                en: "where the demo keeps its data (default: .demo-data)"),
            .init(
                "--programs", "DIR", zh: "监测项目文件夹（默认 Surveillance）", en: "the programs' folder (default: Surveillance)"),
        ])

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, manual)
        guard arguments.operands.isEmpty else {
            throw UsageError("demo 不带“\(arguments.operands[0])”", "demo takes no '\(arguments.operands[0])'")
        }
        var configuration = Configuration(
            dataFolder: URL(fileURLWithPath: arguments.value("--data") ?? ".demo-data"),
            programsFolder: try ProgramsFolder.find(arguments.value("--programs")))
        if let listen = arguments.value("--listen") { try configuration.setListen(listen) }
        configuration.support = [
            SupportContact(
                name: BilingualText(zh: "演示平台支持", en: "Support of the demo"), phone: "010-0000 0000",
                mail: "support@example.org", hours: BilingualText(zh: "工作日 8:30–17:30", en: "working days 8:30–17:30")),
            SupportContact(
                region: Region("43"), name: BilingualText(zh: "湖南省平台支持", en: "Support of Hunan"),
                phone: "0731-0000 0000",
                group: BilingualText(zh: "微信群“哨点湖南”", en: "WeChat group 哨点湖南")),
        ]
        guard let zone = CivilZone("Asia/Shanghai") else {
            throw UsageError("本机没有时区数据：请安装 tzdata", "this machine knows no time zones; install the package tzdata")
        }
        configuration.isDemo = true
        configuration.findAgent()
        let messages = configuration.dataFolder.appendingPathExtension("messages.log")
        let log = SettingsObject(
            ["file": .string(messages.path), "showsSecrets": .bool(true)], file: "demo", place: "plugins.notify.log")
        configuration.plugins = EnabledPlugins([
            try LogNotifier(PluginSettings(log, declared: LogNotifier.settings, folder: "/"))
        ])
        let clock = DemoClock()
        let today = zone.day(at: clock.now)
        let isNew = !FileManager.default.fileExists(atPath: configuration.dataFolder.path)
        let rules = configuration.dataFolder.appendingPathExtension("deadlines")
        if isNew { try DemoHistory.writeRules(to: rules, today: today) }
        configuration.deadlinesFolder = FileManager.default.fileExists(atPath: rules.path) ? rules : nil
        // The fortnight begins with the first day's first minute.
        let first = today.advanced(byDays: 1 - DemoHistory.days)
        if isNew { clock.set(zone.instant(first, .midnight)) }
        let since = isNew ? first : nil
        let platform = try Platform(
            configuration, institutions: DemoHospital.all.map { $0.institution(since: since ?? first) },
            // The fortnight passes as if the machine had been up: nobody has set its clock.
            now: { clock.now }, upMilliseconds: { clock.now.milliseconds }, report: Log.write)
        let passwords = try await signUp(platform, at: clock.now)
        let (server, address) = try await start(platform, mayMove: arguments.value("--listen") == nil)
        if isNew {
            print(
                "正在发送 \(DemoHospital.all.count) 家机构两周的上报 / sending a fortnight of \(DemoHospital.all.count) institutions' reports"
            )
            let history = DemoHistory(platform: platform, clock: clock, server: address)
            try await history.send(today: today, in: zone) { done, total in
                if done % 50 == 0 || done == total { print("  \(done) / \(total)") }
                fflush(nil)
            }
        }
        try await DemoApplications.add(to: platform)

        print("\n哨点 Vedette  \(address.absoluteString)")
        for person in people {
            print("账号 account  \(person.account)   密码 password  \(passwords[person.account] ?? "")   \(person.what)")
        }
        print("\n正在发送示例数据包 / sending the sample packages …")
        fflush(nil)
        let own = DemoHospital.own.account
        let status = try await sendSamples(
            SubmissionClient(server: address, account: own, password: passwords[own] ?? ""),
            configuration.programsFolder)
        if !arguments.flags.contains("--once") {
            print("\n用浏览器打开 open \(address.absoluteString)")
            print("  医院 as a hospital (\(own)):        /duties 今日任务与日历 today's duties and the calendar")
            print("  管理员 as an administrator (admin): /board 上报看板 the board, /rules 规则 the rules")
            print("  安全管理员 as a security administrator (security): /people; 审计管理员 auditor: /audit")
            print(
                "  审核人员 as a reviewer (\(DemoApplications.reviewer)): /applications 账号申请 applications; 申请人 as an applicant: /apply"
            )
            print("  演示短信、邮件和管理员的验证码 the demo's messages and administrators' codes: /demo/messages")
            if !isNew {
                print(
                    "  历史只在数据目录新建时生成 the history is made with a new data folder: rm -r \(configuration.dataFolder.lastPathComponent)"
                )
            }
            print("结束请按 Ctrl-C to end")
            fflush(nil)
            await StopSignal().wait()
        }
        await server.stop()
        return status
    }

    /// Who can sign in.
    private static let people: [(account: String, role: Role, region: Region?, what: String)] = [
        (DemoHospital.own.account, .institution, nil, "医院 a hospital"),
        ("admin", .national, nil, "国家级管理员 the national administrator"),
        ("hunan", .provincial, Region("43"), "湖南省管理员 the administrator of Hunan"),
        (DemoApplications.reviewer, .reviewer, Region("43"), "湖南省审核人员 the reviewer of Hunan"),
        ("security", .security, nil, "安全管理员 a security administrator"),
        ("security-2", .security, nil, "另一名安全管理员 another security administrator"),
        ("auditor", .auditor, nil, "审计管理员 the audit administrator"),
        ("analyst", .analyst, Region("43"), "湖南省数据分析人员 an analyst of Hunan"),
    ]

    /// The demo's accounts, with passwords that are new at every start.
    private static func signUp(_ platform: Platform, at now: Instant) async throws -> [String: String] {
        let author = Author(name: "demo", origin: "command line")
        var passwords: [String: String] = [:]
        for person in people {
            let isHospital = person.role == .institution
            passwords[person.account] = try await signUp(
                Account(
                    name: person.account,
                    displayName: isHospital ? DemoHospital.own.institution.name.zh : person.account,
                    role: person.role, institution: isHospital ? DemoHospital.own.institution.code : nil,
                    region: person.region), platform, author, now)
        }
        for hospital in DemoHospital.all where try await platform.accounts.find(hospital.account) == nil {
            _ = try await signUp(
                Account(
                    name: hospital.account, displayName: hospital.institution.name.zh, role: .institution,
                    institution: hospital.institution.code), platform, author, now)
        }
        return passwords
    }

    private static func signUp(
        _ account: Account, _ platform: Platform, _ author: Author, _ now: Instant
    ) async throws -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        var random = SystemRandomNumberGenerator()
        let password = (0..<4).map { _ in String((0..<4).compactMap { _ in letters.randomElement(using: &random) }) }
            .joined(separator: "-")
        if try await platform.accounts.find(account.name) == nil {
            try await platform.accounts.create(account, password: password, by: author, at: now)
        } else {
            try await platform.accounts.setPassword(password, of: account.name, by: author, at: now)
        }
        if account.role.needsSecondFactor { try await platform.setUpDemoFactor(of: account.name, by: author) }
        return password
    }

    private static func start(_ platform: Platform, mayMove: Bool) async throws -> (PlatformServer, URL) {
        let server = try PlatformServer(platform)
        do {
            return (server, try await server.start())
        } catch  where mayMove {
            let elsewhere = try PlatformServer(platform, port: 0)
            return (elsewhere, try await elsewhere.start())
        }
    }

    private static func sendSamples(_ client: SubmissionClient, _ programs: URL) async throws -> Int32 {
        var isFine = true
        for package in samples(in: programs) {
            let receipt = try await client.submit(package.file, as: package.name)
            let outcome = try await client.outcome(of: receipt.id)
            print("\n\(package.name)  \(receipt.id)")
            SubmissionText.lines(outcome).forEach { print($0) }
            fflush(nil)
            if !outcome.isFinal || outcome.state == "failed" { isFine = false }
        }
        return isFine ? 0 : 2
    }

    /// Each program's sample packages: `<Program>/Cases/<what it shows>/package.zip`.
    private static func samples(in programs: URL) -> [(name: String, file: URL)] {
        func entries(_ folder: URL) -> [URL] {
            ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
        }
        return entries(programs).flatMap { program in
            entries(program.appendingPathComponent("Cases")).compactMap { folder in
                let file = folder.appendingPathComponent("package.zip")
                guard FileManager.default.fileExists(atPath: file.path) else { return nil }
                return ("\(program.lastPathComponent.lowercased())-\(folder.lastPathComponent).zip", file)
            }
        }
    }
}
