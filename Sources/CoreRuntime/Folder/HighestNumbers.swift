import Foundation
import Glibc
import Intake
import ShangMi
import Synchronization

/// The highest numbers that a deployment has given out, kept outside of its databases: a database put back that knows less is an older one.
///
/// The file is written after each commit that gave out a number, without waiting for the disk: a killed process loses nothing of it, and
/// a power cut at most what the system had not written by itself, which is some seconds. It never says more than was committed, so a
/// database that is the latest is never refused. Two slots are written in turn, so that a write that was cut off leaves the other.
final class HighestNumbers: Sendable {
    private static let slotBytes = 512
    private static let title = "Vedette highest numbers"
    static let file = "highest"

    let path: String
    private let known = Mutex<[String: Int64]>([:])

    init(_ root: URL) { path = root.appendingPathComponent(Self.file).path }

    struct Content: Hashable, Sendable {
        var generation: Int64 = 0
        var numbers: [String: Int64] = [:]
    }

    /// - Throws: `DataFolderError.missing`, `.damaged`.
    func read() throws -> [String: Int64] {
        guard let data = FileManager.default.contents(atPath: path) else { throw DataFolderError.missing(path: path) }
        guard let newest = Self.newest(Array(data)) else {
            throw DataFolderError.damaged(path: path, detail: "it is not what was written here")
        }
        return newest.numbers
    }

    /// Makes the file with these numbers, or replaces it; durable when this returns.
    func write(_ numbers: [String: Int64]) throws {
        let slot = Self.slot(Content(generation: 1, numbers: numbers))
        try DurableText.write(
            String(decoding: slot + Self.slot(Content()), as: UTF8.self), to: path)
        known.withLock { $0 = numbers }
    }

    /// Notes numbers that have been committed; lower ones than are known change nothing.
    ///
    /// Other processes may do the same at the same time.
    func raise(_ numbers: [String: Int64], durably: Bool = false) throws {
        try known.withLock { known in
            guard durably || numbers.contains(where: { $0.value > known[$0.key] ?? -1 }) else { return }
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.fault(path, "open") }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX) == 0 else { throw Self.fault(path, "lock") }
            var bytes = [UInt8](repeating: 0, count: 2 * Self.slotBytes)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            guard count == bytes.count, let newest = Self.newest(bytes) else {
                throw DataFolderError.damaged(path: path, detail: "it is not what was written here")
            }
            let merged = newest.numbers.merging(numbers, uniquingKeysWith: max)
            if merged != newest.numbers {
                let generation = newest.generation + 1
                let slot = Self.slot(Content(generation: generation, numbers: merged))
                // The older of both is overwritten.
                let offset = Self.content(bytes[..<Self.slotBytes]) == newest ? Self.slotBytes : 0
                guard pwrite(descriptor, slot, slot.count, off_t(offset)) == slot.count else {
                    throw Self.fault(path, "write")
                }
            }
            if durably, fdatasync(descriptor) != 0 { throw Self.fault(path, "sync") }
            known = merged
        }
    }

    // MARK: Form

    private static func newest(_ bytes: [UInt8]) -> Content? {
        guard bytes.count == 2 * slotBytes else { return nil }
        return [content(bytes[..<slotBytes]), content(bytes[slotBytes...])].compactMap(\.self)
            .max { $0.generation < $1.generation }
    }

    private static func slot(_ content: Content) -> [UInt8] {
        let numbers = content.numbers.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let text = "\(title) \(content.generation)\(numbers)"
        let line = "\(text) \(SM3.digest(Array(text.utf8)).hex.prefix(16))\n"
        return Array(line.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: max(0, slotBytes - line.utf8.count))
    }

    /// What a slot holds; nil where it was cut off or altered.
    private static func content(_ bytes: ArraySlice<UInt8>) -> Content? {
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard let space = line.lastIndex(of: " ") else { return nil }
        let text = String(line[..<space])
        guard text.hasPrefix(title + " "),
            line[line.index(after: space)...] == SM3.digest(Array(text.utf8)).hex.prefix(16)
        else { return nil }
        let words = text.dropFirst(title.count + 1).split(separator: " ")
        guard let first = words.first, let generation = Int64(first) else { return nil }
        var numbers: [String: Int64] = [:]
        for word in words.dropFirst() {
            let parts = word.split(separator: "=")
            guard parts.count == 2, let number = Int64(parts[1]) else { return nil }
            numbers[String(parts[0])] = number
        }
        return Content(generation: generation, numbers: numbers)
    }

    private static func fault(_ path: String, _ operation: String) -> DataFolderError {
        .damaged(path: path, detail: "could not \(operation): \(String(cString: strerror(errno)))")
    }
}
