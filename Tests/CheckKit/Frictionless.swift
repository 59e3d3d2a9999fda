import Foundation

/// Frictionless Framework (PyPI) in a Python of its own: the independent reader of our schemas.
///
/// It is looked for first, and otherwise installed under `.build`; where neither works the tests that need it are skipped.
public enum Frictionless {
    public static let skipped =
        "needs python3 with frictionless (pip install frictionless), which is neither installed nor could be"
    public static var isThere: Bool { environment != nil }

    private static let packages = Repository.file(".build/frictionless")

    /// What Python's environment must hold, or nil where Frictionless cannot be had.
    private static let environment: [String: String]? = {
        let own = ["PYTHONPATH": packages.path]
        for candidate in [[:], own] where succeeds(["-c", "import frictionless"], candidate) { return candidate }
        let install = ["-m", "pip", "install", "--quiet", "--target", packages.path, "frictionless==5.21.0"]
        guard succeeds(install, [:]), succeeds(["-c", "import frictionless"], own) else { return nil }
        return own
    }()

    /// Runs a Python program and answers what it printed.
    public static func run(_ program: String, _ arguments: [String]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString).py")
        try program.write(to: file, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let (status, output) = try python([file.path] + arguments, environment ?? [:])
        guard status == 0 else { throw PythonFailed(status: status, output: output) }
        return output
    }

    public struct PythonFailed: Error {
        public var status: Int32
        public var output: String
    }

    private static func succeeds(_ arguments: [String], _ extra: [String: String]) -> Bool {
        (try? python(arguments, extra))?.status == 0
    }

    private static func python(_ arguments: [String], _ extra: [String: String]) throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(extra) { $1 }
            .merging(["PYTHONIOENCODING": "utf-8"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
