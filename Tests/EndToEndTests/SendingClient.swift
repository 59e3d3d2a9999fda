import Foundation

/// One of `docs/clients/`, run as a hospital runs it.
enum SendingClient: String, CaseIterable {
    case shell = "send.sh"
    case python = "send.py"

    /// Whether this machine has what both need.
    static let canRun = ["bash", "curl", "python3"].allSatisfy { tool in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
    }

    /// A run that has begun.
    struct Run {
        let process: Process
        fileprivate let output = Pipe()
        fileprivate let errors = Pipe()

        /// Reads what is said as an error until a text has come; what was read is in `said`.
        func wait(for text: String, said: inout String) {
            while !said.contains(text) {
                let data = errors.fileHandleForReading.availableData
                if data.isEmpty { return }
                said += String(decoding: data, as: UTF8.self)
            }
        }

        func end() -> (status: Int32, output: String, errors: String) {
            let said = output.fileHandleForReading.readDataToEndOfFile()
            let wrong = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (
                process.terminationStatus, String(decoding: said, as: UTF8.self), String(decoding: wrong, as: UTF8.self)
            )
        }
    }

    func start(_ words: [String], token: String?, in folder: URL) throws -> Run {
        let run = Run(process: Process())
        run.process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let file = Repository.root.appendingPathComponent("docs/clients/\(rawValue)").path
        run.process.arguments = [self == .shell ? "bash" : "python3", file, "--poll-seconds", "0.05"] + words
        run.process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["VEDETTE_TOKEN"] = token
        run.process.environment = environment
        run.process.standardOutput = run.output
        run.process.standardError = run.errors
        run.process.standardInput = FileHandle.nullDevice
        try run.process.run()
        return run
    }

    func run(
        _ words: [String], token: String?, in folder: URL
    ) throws -> (status: Int32, output: String, errors: String) {
        try start(words, token: token, in: folder).end()
    }
}
