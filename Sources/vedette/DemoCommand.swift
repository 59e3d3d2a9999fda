import Accounts
import Audit
import CoreRuntime
import Foundation
import ProgramFiles
import SurveillanceKit

/// `vedette demo`: a server with a made-up hospital, which sends its sample packages to itself. What `scripts/run` starts.
enum DemoCommand: Command {
    static let name = "demo"
    static let summary = "run a server with a made-up hospital and its sample packages"
    static let help = """
        usage: vedette demo [options]

        Starts a server with one made-up hospital and its account, sends every program's sample packages through the API,
        prints what came of each, and keeps serving until Ctrl-C.

          --once                end after the summary
          --listen HOST:PORT    where to listen (default: 127.0.0.1:8080, or any free port where that is taken)
          --data DIR            where the demo keeps its data (default: .demo-data)
          --programs DIR        the programs' folder (default: Surveillance)
        """

    static let hospital = Institution(
        code: "12345678901234567890A1", name: BilingualText(zh: "示例市第一人民医院", en: "First People's Hospital of Shili"),
        level: .tertiary, region: "110105", hasFeverClinic: true)
    static let account = "demo"

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, shape: .init(options: ["--listen", "--data", "--programs"], flags: ["--once"]))
        guard arguments.operands.isEmpty else { throw UsageError("demo takes no '\(arguments.operands[0])'") }
        var configuration = Configuration(
            dataFolder: URL(fileURLWithPath: arguments.value("--data") ?? ".demo-data"),
            programsFolder: try ProgramsFolder.find(arguments.value("--programs")))
        if let listen = arguments.value("--listen") { try configuration.setListen(listen) }
        let platform = try Platform(configuration, institutions: [hospital], report: Log.write)
        let password = try await signUp(platform)
        let (server, address) = try await start(platform, mayMove: arguments.value("--listen") == nil)

        print("哨点 Vedette  \(address.absoluteString)")
        print("账号 account  \(account)   密码 password  \(password)")
        print("\n正在发送示例数据包 / sending the sample packages …")
        fflush(nil)
        let status = try await sendSamples(
            SubmissionClient(server: address, account: account, password: password), configuration.programsFolder)
        if !arguments.flags.contains("--once") {
            print("\n用浏览器打开 open \(address.absoluteString)   结束请按 Ctrl-C to end")
            fflush(nil)
            await StopSignal().wait()
        }
        await server.stop()
        return status
    }

    /// The demo's account, with a password that is new at every start.
    private static func signUp(_ platform: Platform) async throws -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        var random = SystemRandomNumberGenerator()
        let password = (0..<4).map { _ in String((0..<4).compactMap { _ in letters.randomElement(using: &random) }) }
            .joined(separator: "-")
        let author = Author(name: "demo", origin: "command line")
        let now = Instant.systemClock()
        if try await platform.accounts.find(account) == nil {
            let new = Account(
                name: account, displayName: hospital.name.zh, role: .institution, institution: hospital.code)
            try await platform.accounts.create(new, password: password, by: author, at: now)
        } else {
            try await platform.accounts.setPassword(password, of: account, by: author, at: now)
        }
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
