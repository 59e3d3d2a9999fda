import Foundation
import Testing

/// A server that is disturbed again and again, and its client, which sends each package until it is acknowledged.
final class DurableDeployment {
    let server: ServerProcess
    private let packages: NumberedPackages
    private(set) var acknowledged: [String: Int] = [:]
    /// Submissions whose acknowledgement does not count.
    private(set) var tooLate: [String] = []
    /// How many of those were not there afterwards.
    private(set) var goneAfterAll = 0
    /// What no acknowledgement came for yet.
    private(set) var next = 0
    let log: URL
    private let folder: URL

    init(data: URL? = nil) throws {
        packages = try NumberedPackages()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-faults-\(UUID().uuidString)")
        log = folder.appendingPathComponent("steps")
        // One program alone: the server is started many hundred times.
        let programs = folder.appendingPathComponent("programs")
        try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
        for name in ["Common", "FeverClinic"] {
            try FileManager.default.createSymbolicLink(
                at: programs.appendingPathComponent(name),
                withDestinationURL: Repository.programs.appendingPathComponent(name))
        }
        server = try ServerProcess(data: data, programs: programs)
        try server.useToken()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Lets the next life of the server meet a fault; see Tests/FaultLibrary/faults.c. Nil for an undisturbed one.
    func meet(_ act: String?, at step: String = "", count: Int = 1) throws {
        var environment = [
            "LD_PRELOAD": try FaultLibrary.path.get(), "VEDETTE_FAULT_ROOT": server.data.path,
            "VEDETTE_FAULT_LOG": log.path, "VEDETTE_FAULT_COUNT": String(count),
        ]
        if let act {
            environment["VEDETTE_FAULT_ACT"] = act
            environment["VEDETTE_FAULT_STEP"] = step
        }
        server.environment = environment
    }

    /// Sends one package; false where no acknowledgement came, or one that no sender would have seen.
    ///
    /// - Parameter isTooLate: asked when an acknowledgement has come. Where power is cut for real, the machine that would send it is
    ///   gone with it; here it lives on for a moment, on a file system that is lost.
    func send(unless isTooLate: () -> Bool = { false }) async -> Bool {
        guard let id = try? await server.send(packages[next], named: "package-\(next).zip", key: "\(next)") else {
            return false
        }
        if isTooLate() {
            tooLate.append(id)
            return false
        }
        acknowledged[id] = next
        next += 1
        return true
    }

    /// Lines of the log that begin so, without the beginning.
    func noted(_ mark: String) -> [String] {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }

    /// What has become of the acknowledged uploads that is not as in an undisturbed run: empty where all is well.
    ///
    /// The server is started anew, ends what waits, and is compared upload by upload and row by row; both chains are verified.
    func faults() async throws -> [String] {
        server.environment = [:]
        try server.start()
        defer { server.kill() }
        var faults: [String] = []
        let received = try await server.allSubmissions()
        for (id, number) in acknowledged where !received.contains(where: { $0.id == id }) {
            faults.append("package \(number) was acknowledged and is gone")
        }
        goneAfterAll = tooLate.filter { id in !received.contains { $0.id == id } }.count
        if Set(received.map(\.number)).count != received.count { faults.append("a package counts twice") }
        let other = try DurableDeployment()
        let undisturbed = other.server
        try undisturbed.start()
        defer { undisturbed.kill() }
        faults += try await server.faults(of: received, packages, beside: undisturbed)
        // Its programs must outlive it.
        defer { withExtendedLifetime(other) {} }
        if try server.lineList() != undisturbed.lineList() { faults.append("the line list differs") }
        guard server.stop() == 0 else { return faults + ["it does not stop"] }
        faults += try server.chainFaults()
        for name in ["spool", "findings"] {
            let incoming = server.data.appendingPathComponent("\(name)/incoming").path
            faults += try FileManager.default.contentsOfDirectory(atPath: incoming).map { "\(name): left over: \($0)" }
        }
        return faults
    }
}

/// `Tests/FaultLibrary/faults.c`, built once.
enum FaultLibrary {
    static let path = Result { try build() }
    static var canBuild: Bool { (try? path.get()) != nil }

    private static func build() throws -> String {
        let library = Vedette.executable.deletingLastPathComponent().appendingPathComponent("libfaults.so").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let source = Repository.root.appendingPathComponent("Tests/FaultLibrary/faults.c").path
        process.arguments = ["cc", "-shared", "-fPIC", "-O1", "-o", library, source]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ServerProcess.Failure("cc cannot build \(source)") }
        return library
    }
}
