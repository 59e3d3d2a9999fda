import Foundation
import Glibc
import PluginKit
import Settings
import SurveillanceKit
import Synchronization
import Testing

@testable import ScanClamAV

@Suite("ClamAV")
struct ClamAVTests {
    private static func scanner(_ socket: String, seconds: Int = 5) throws -> ClamAVScanner {
        let object = SettingsObject(
            ["socket": .string(socket), "timeoutSeconds": .number(Double(seconds))], file: "test",
            place: "plugins.scan.clamav")
        return try ClamAVScanner(PluginSettings(object, declared: ClamAVScanner.settings, folder: "/"))
    }

    private static func ask(_ scanner: ClamAVScanner, _ bytes: [UInt8], pieces: Int = 1000) throws -> ScanVerdict {
        var rest = bytes[...]
        return try scanner.scan {
            defer { rest = rest.dropFirst(pieces) }
            return Array(rest.prefix(pieces))
        }
    }

    @Test(
        "five kinds of answers, and what is none of them",
        arguments: [
            ("stream: OK", ScanVerdict.clean),
            ("stream: Eicar-Test-Signature FOUND", .infected("Eicar-Test-Signature")),
            ("stream: Name with blanks FOUND", .infected("Name with blanks")),
            (
                "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND",
                .notFullyScanned(reason: "Heuristics.Limits.Exceeded.MaxFileSize")
            ),
            ("stream: Heuristics.Encrypted.PDF FOUND", .notFullyScanned(reason: "Heuristics.Encrypted.PDF")),
            ("INSTREAM size limit exceeded. ERROR", .notFullyScanned(reason: "StreamMaxLength")),
            ("stream: Can't allocate memory ERROR", .failed(reason: "clamd: Can't allocate memory ERROR")),
            ("OKAY", .failed(reason: "clamd: OKAY")), ("stream: OK FOUND ", .failed(reason: "clamd: OK FOUND ")),
        ])
    func answers(answer: String, verdict: ScanVerdict) {
        #expect(ClamAVScanner.verdict(answer) == verdict)
    }

    @Test("every byte goes through the socket, in pieces with their lengths, whatever the pieces are")
    func stream() throws {
        let clamd = try FakeClamd("stream: OK\0")
        defer { clamd.stop() }
        let bytes = (0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for pieces in [1000, 65_536, 300_000] {
            #expect(try Self.ask(Self.scanner(clamd.path), bytes, pieces: pieces) == .clean)
            #expect(clamd.received == bytes)
        }
        #expect(try Self.ask(Self.scanner(clamd.path), []) == .clean)
        #expect(clamd.received == [])
    }

    @Test(
        "a clamd that hangs up early has its answer read; one that says nothing, and one that is away, are no verdict")
    func faults() throws {
        let hasty = try FakeClamd("INSTREAM size limit exceeded. ERROR\0", reads: 5000)
        defer { hasty.stop() }
        let bytes = [UInt8](repeating: 7, count: 5_000_000)
        #expect(
            try Self.ask(Self.scanner(hasty.path), bytes, pieces: 100_000)
                == .notFullyScanned(reason: "StreamMaxLength"))
        let silent = try FakeClamd("")
        defer { silent.stop() }
        guard case .failed(let reason) = try Self.ask(Self.scanner(silent.path, seconds: 1), [1]) else {
            Issue.record("a verdict without an answer")
            return
        }
        #expect(reason.contains("has not answered"))
        guard case .failed(let away) = try Self.ask(Self.scanner("/nowhere/clamd.ctl"), [1]) else {
            Issue.record("a verdict without a clamd")
            return
        }
        #expect(away.contains("/nowhere/clamd.ctl") && away.contains("cannot be reached"))
        #expect(throws: (any Error).self) { try Self.scanner("/" + String(repeating: "x", count: 120)) }
    }

    private static let clamd = "/usr/sbin/clamd"

    @Test(
        "a real clamd finds what its signatures name, alone and in the middle of a document",
        .enabled(if: FileManager.default.isExecutableFile(atPath: ClamAVTests.clamd), "needs clamav-daemon"))
    func real() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "clamd-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let mark = "a-mark-that-this-test-made-up"
        let hex = mark.utf8.map { String($0, radix: 16) }.joined()
        try "Made.Up:0:*:\(hex)\n".write(
            to: folder.appendingPathComponent("test.ndb"), atomically: true, encoding: .utf8)
        let settings = folder.appendingPathComponent("clamd.conf")
        let socket = folder.appendingPathComponent("s").path
        try """
        LocalSocket \(socket)
        DatabaseDirectory \(folder.path)
        Foreground yes
        StreamMaxLength 100K
        AlertExceedsMax yes
        """.appending("\n").write(to: settings, atomically: true, encoding: .utf8)
        let clamd = Process()
        clamd.executableURL = URL(fileURLWithPath: Self.clamd)
        clamd.arguments = ["--config-file", settings.path]
        (clamd.standardOutput, clamd.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try clamd.run()
        defer {
            clamd.terminate()
            clamd.waitUntilExit()
        }
        let scanner = try Self.scanner(socket)
        let limit = ContinuousClock.now + .seconds(20)
        while clamd.isRunning, ContinuousClock.now < limit, try Self.ask(scanner, [1]) != .clean { await Task.yield() }
        #expect(try Self.ask(scanner, Array("nothing of the kind".utf8)) == .clean)
        #expect(try Self.ask(scanner, Array("%PDF-1.7 … \(mark) …".utf8)) == .infected("Made.Up.UNOFFICIAL"))
        let large = [UInt8](repeating: 0x41, count: 300_000)
        #expect(try Self.ask(scanner, large) == .notFullyScanned(reason: "StreamMaxLength"))
    }
}

/// Takes streams as clamd does, and gives one answer.
private final class FakeClamd: Sendable {
    let path: String
    private let descriptor: Int32
    private let bytes = Mutex<[UInt8]>([])

    var received: [UInt8] { bytes.withLock { $0 } }

    /// - Parameter reads: so many bytes before it answers and hangs up; nil for all.
    init(_ answer: String, reads: Int? = nil) throws {
        path = "\(NSTemporaryDirectory())/clamd-\(UUID().uuidString.prefix(8))"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound && listen(descriptor, 4) == 0)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                serve(connection, answer, reads)
                close(connection)
            }
        }
    }

    private func serve(_ connection: Int32, _ answer: String, _ reads: Int?) {
        func read(_ count: Int) -> [UInt8]? {
            var all: [UInt8] = []
            while all.count < count {
                var buffer = [UInt8](repeating: 0, count: count - all.count)
                let got = recv(connection, &buffer, buffer.count, 0)
                guard got > 0 else { return nil }
                all += buffer[..<got]
            }
            return all
        }
        guard read(10) == Array("zINSTREAM\0".utf8) else { return }
        var all: [UInt8] = []
        while reads.map({ all.count < $0 }) ?? true {
            guard let head = read(4) else { return }
            let count = head.reduce(0) { $0 << 8 | Int($1) }
            if count == 0 { break }
            guard let piece = read(count) else { return }
            all += piece
        }
        bytes.withLock { $0 = all }
        guard !answer.isEmpty else {
            // It holds the connection until the other side has had enough.
            _ = read(1)
            return
        }
        _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
    }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        unlink(path)
    }
}
