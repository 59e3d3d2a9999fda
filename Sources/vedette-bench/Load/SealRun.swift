import ForgetfulMemory
import Foundation
import HTTPServer
import Intake
import ShangMi
import SurveillanceKit
import Synchronization

/// What sealing costs: uploads over HTTP into the sealed spool, beside the same into plain files, in turn.
///
/// Both ways count the bytes into an SM3 digest beside, as the receipt needs it, and make each file durable by the same calls. One
/// connection, so that the thread of the server that takes the bytes is what all waits for. Where all cores are busy with other
/// uploads it is the processor's time that counts, which is told too, less what the sender takes.
enum SealRun {
    private static let uploads = 10
    private static let bytes = 20_000_000

    static func run(runs: Int, report: (Figure) -> Void) async throws {
        // As `vedette serve` does.
        forgetful_memory_begin()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-seal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let keys = try MasterKeys(path: folder.appendingPathComponent("keys").path)
        let spool = Spool(
            folder: try SealedFolder(
                path: folder.appendingPathComponent("spool").path, purpose: "spool", keys: keys),
            maximumBytes: bytes, reserveBytes: 0,
            seal: try FieldSeal(
                folder: SealedFolder(
                    path: folder.appendingPathComponent("sealed-keys").path, purpose: "keys", keys: keys)))
        let plain = folder.appendingPathComponent("plain").path
        try FileManager.default.createDirectory(atPath: plain, withIntermediateDirectories: false)
        let server = Server(
            configuration: ServerConfiguration(threads: 1),
            router: Router([
                upload("/api/v1/submissions") { try SealedSink(spool) }, upload("/plain") { try PlainSink(plain) },
            ]), now: { .now })
        try server.start()
        let port = UInt16(server.port ?? 0)
        var times: [(sealed: Spent, plain: Spent)] = []
        for _ in 0...runs { times.append((try spent(port, "/api/v1/submissions"), try spent(port, "/plain"))) }
        times.removeFirst()
        await server.stop(within: .seconds(5))
        let megabytes = Double(uploads * bytes) / 1e6
        report(Figure("receiving, sealed", megabytes / times.map(\.sealed.wall).percentile(0.5), "MB/s"))
        report(Figure("  unsealed", megabytes / times.map(\.plain.wall).percentile(0.5), "MB/s"))
        let cost = times.map { (1 - $0.plain.wall / $0.sealed.wall) * 100 }.percentile(0.5)
        report(Figure("  sealing costs of the throughput", cost, "%", limit: 25))
        let work = times.map { (1 - $0.plain.processor / $0.sealed.processor) * 100 }.percentile(0.5)
        report(Figure("  sealing costs of the processor's time", work, "%"))
    }

    /// Seconds, of the clock and of all threads but the sender's.
    private struct Spent {
        var wall = 0.0
        var processor = 0.0
    }

    /// What all uploads take, one after the other.
    private static func spent(_ port: UInt16, _ path: String) throws -> Spent {
        let sender = seconds(CLOCK_THREAD_CPUTIME_ID)
        let all = seconds(CLOCK_PROCESS_CPUTIME_ID)
        let piece = [UInt8](repeating: 0x5A, count: 262_144)
        let start = DispatchTime.now().uptimeNanoseconds
        for _ in 0..<uploads {
            let answer = try UploadSocket(port: port).upload("a.csv", to: path, size: bytes, token: "") {
                Array(piece.prefix(bytes - $0))
            }
            guard answer.status == 201 else { throw BenchError("\(path): \(answer.status) \(answer.body)") }
        }
        return Spent(
            wall: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9,
            processor: seconds(CLOCK_PROCESS_CPUTIME_ID) - all - (seconds(CLOCK_THREAD_CPUTIME_ID) - sender))
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func upload(_ path: String, _ begin: @escaping @Sendable () throws -> any FinishingSink) -> Route {
        .upload(path) { _ in
            let sink = try begin()
            return .accept(sink, maximumBytes: bytes) { _ in
                let digest = try await sink.finish()
                return Response(status: .created, body: .bytes(Array(digest.utf8)))
            }
        }
    }
}

/// An upload that answers its digest when it is durable. What it has written is removed then: only the time counts.
private protocol FinishingSink: BodySink {
    func finish() async throws -> String
}

private final class SealedSink: FinishingSink {
    private let spool: Spool
    private let file: SpoolFile

    init(_ spool: Spool) throws {
        self.spool = spool
        file = try spool.begin(SubmissionID(at: Instant(seconds: 0), random: .strong), expectedBytes: nil)
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws { try file.write(bytes) }
    func abandon() { file.abandon() }

    func finish() async throws -> String {
        let finished = try await file.finish()
        try spool.remove(finished.id)
        return finished.sm3
    }
}

/// The same discipline without a seal: chunks of 64 KiB, sync, rename, sync of the folder.
private final class PlainSink: FinishingSink {
    private static let chunk = 65_536
    private let folder: String
    private let path: String
    private let digest: UploadDigest
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var descriptor: Int32
        var waiting: [UInt8] = []
    }

    init(_ folder: String) throws {
        self.folder = folder
        path = folder + "/" + SubmissionID(at: Instant(seconds: 0), random: .strong).description
        digest = try UploadDigest(queue: DispatchQueue(label: "plain.digest"))
        state = Mutex(State(descriptor: try FileSystem.local.create(path + ".new")))
        state.withLock { $0.waiting.reserveCapacity(Self.chunk) }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        let count = bytes.count
        nonisolated(unsafe) let bytes = bytes
        digest.update(bytes)
        try state.withLock { state in
            var taken = 0
            while taken < count {
                let part = min(Self.chunk - state.waiting.count, count - taken)
                state.waiting.append(contentsOf: bytes[taken..<taken + part])
                taken += part
                if state.waiting.count == Self.chunk { try Self.flush(&state) }
            }
        }
    }

    func abandon() {
        state.withLock {
            if $0.descriptor >= 0 { close($0.descriptor) }
            $0.descriptor = -1
        }
    }

    func finish() async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try self.finishBlocking() }) }
        }
    }

    private func finishBlocking() throws -> String {
        try state.withLock { state in
            try Self.flush(&state)
            try FileSystem.local.syncData(state.descriptor)
        }
        let digest = digest.finish().hex
        abandon()
        try FileSystem.local.rename(path + ".new", path)
        try FileSystem.local.syncFolder(folder)
        try FileSystem.local.remove(path)
        return digest
    }

    private static func flush(_ state: inout State) throws {
        try state.waiting.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let count = try FileSystem.local.write(state.descriptor, rest)
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
        state.waiting.removeAll(keepingCapacity: true)
    }
}
