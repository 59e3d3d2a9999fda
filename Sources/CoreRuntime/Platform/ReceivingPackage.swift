import Intake
import Portal
import ShangMi
import Synchronization
import Tabular

/// Several tables on their way in that are one package: sealed as one uncompressed zip as they come, then recorded as one submission.
///
/// The first is written as it is, too, so that a table that comes alone is kept with its own name and digest. The order is that of
/// `Receiving`: bytes durable, then the record, then the answer.
final class ReceivingPackage: PendingPackage {
    private let announced: UploadAnnouncement
    private let platform: Platform
    private let slot: UploadSlots.Slot
    private let zip: SpoolFile
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var writer = StoredArchiveWriter()
        var files: [SentFile] = []
        /// The file that is being received.
        var current: SentFile?
        var digest: SM3
        /// The first file alone; nil once there is a second.
        var alone: SpoolFile?
    }

    /// Unchecked: the bytes are read under the lock and not kept, which the compiler cannot see.
    private struct Lent: @unchecked Sendable {
        let bytes: UnsafeRawBufferPointer
    }

    /// - Parameter announced: of the form as a whole; its file name counts for nothing.
    init(_ announced: UploadAnnouncement, maximumBytes: Int, at platform: Platform) throws {
        self.announced = announced
        self.platform = platform
        slot = try platform.takeSlot(for: announced.institution)
        let id = SubmissionID(at: platform.now(), random: platform.random)
        let most = min(maximumBytes, StoredArchiveWriter.maximumBytes)
        zip = try platform.data.spool.begin(
            id, expectedBytes: announced.expectedBytes.map { min($0, most) }, maximumBytes: most)
        state = Mutex(State(digest: try SM3()))
    }

    func begin(file name: String) throws {
        try state.withLock { state in
            try end(&state)
            if state.files.isEmpty {
                // It began when the package did.
                let id = SubmissionID(at: zip.id.madeAt, random: platform.random)
                state.alone = try platform.data.spool.begin(id, expectedBytes: nil)
            } else {
                state.alone?.abandon()
                state.alone = nil
            }
            let name = ReceivingPackage.free(name, among: state.files)
            state.current = SentFile(name: name, size: 0, sm3: "")
            try write(state.writer.begin(name))
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        let lent = Lent(bytes: bytes)
        try state.withLock { state in
            let bytes = lent.bytes
            let maximum = platform.data.spool.maximumBytes
            guard (state.current?.size ?? 0) + bytes.count <= maximum else {
                throw IntakeError.tooLarge(maximumBytes: maximum)
            }
            state.current?.size += bytes.count
            try state.alone?.write(bytes)
            try zip.write(bytes)
            state.writer.count(bytes)
            state.digest.update(bytes)
        }
    }

    func abandon() {
        state.withLock { state in
            state.alone?.abandon()
            state.alone = nil
        }
        zip.abandon()
        slot.giveBack()
    }

    func finish(_ number: Int) async throws -> Recorded {
        defer { abandon() }
        let (files, alone) = try complete()
        let name = ReceivingPackage.name(of: files.map(\.name))
        let finished = try await (alone ?? zip).finish(announced.origin(named: name, at: platform.now()))
        return try await platform.record(
            finished, announced, named: name, contents: alone == nil ? files : [], number: number)
    }

    func check() async throws -> DryRun {
        defer { abandon() }
        let (files, alone) = try complete()
        let content = try (alone ?? zip).takeBack()
        return try await platform.check(content, named: ReceivingPackage.name(of: files.map(\.name)), announced)
    }

    /// Ends the last file, and the archive where there are several.
    private func complete() throws -> (files: [SentFile], alone: SpoolFile?) {
        try state.withLock { state in
            try end(&state)
            defer { state.alone = nil }
            if state.alone == nil { try write(state.writer.finish()) }
            return (state.files, state.alone)
        }
    }

    private func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try zip.write($0) } }

    private func end(_ state: inout State) throws {
        guard var file = state.current else { return }
        state.current = nil
        file.sm3 = state.digest.finish().hex
        state.files.append(file)
        try write(state.writer.end())
    }

    /// A name that no other file of the package has: `flu_1.csv`, `flu_1 (2).csv`.
    private static func free(_ name: String, among files: [SentFile]) -> String {
        let taken = Set(files.map { $0.name.lowercased() })
        guard taken.contains(name.lowercased()) else { return name }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        var count = 2
        while true {
            let other = "\(name[..<dot]) (\(count))\(name[dot...])"
            if !taken.contains(other.lowercased()) { return other }
            count += 1
        }
    }

    /// What the package is called: the one file's name, or those of all without their endings.
    static func name(of files: [String]) -> String {
        guard files.count != 1 else { return files[0] }
        let stems = files.map { String($0[..<($0.lastIndex(of: ".") ?? $0.endIndex)]) }
        let all = stems.joined(separator: "+")
        guard all.count > 120 else { return all + ".zip" }
        return "\(stems[0].prefix(100))+\(files.count - 1).zip"
    }
}
