import Foundation
import Testing

@Suite("What a server's memory holds, and who can have it", .serialized)
struct MemoryTests {
    @Test("the search finds a patient that a process holds, in UTF-8 and in GB18030")
    func searchWorks() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "read -r held; echo ready; read -r more; echo \"$held\""]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let gb18030 = Data([0xbd, 0xf0, 0xcb, 0xbf, 0xc8, 0xb8])
        input.fileHandleForWriting.write(Data(Canary(number: 1).story.utf8) + gb18030 + Data("\n".utf8))
        #expect(output.fileHandleForReading.availableData == Data("ready\n".utf8))
        guard let found = MemoryTests.readable({ try ProcessMemory(processID: process.processIdentifier).traces() })
        else { return }
        for mark in ["金丝雀 in UTF-8", "金丝雀 in GB18030", "11010519010203 in UTF-8", "1391234 in UTF-8"] {
            #expect(found.contains { $0.hasPrefix(mark) }, "\(mark): \(found)")
        }
    }

    @Test("rows of an upload under way are in the memory, and gone when it is broken off")
    func brokenOff() async throws {
        let server = try ServerProcess()
        try server.start()
        let memory = ProcessMemory(processID: server.processID)
        let upload = try HalfUpload(server, try MemoryTests.someRows(), announcing: 1_000_000)
        var held: [String] = []
        // The bytes are on their way to the server's thread.
        for _ in 0..<500 where held.isEmpty {
            guard let found = MemoryTests.readable({ try memory.traces() }) else { return }
            held = found
        }
        #expect(held.contains { $0.hasPrefix("金丝雀 in UTF-8") })
        upload.end()
        #expect(try await memory.tracesLeft(within: .seconds(10)) == [])
        #expect(server.stop() == 0)
    }

    @Test(
        "a server that crashes with rows in its memory leaves no core and tells nothing of them",
        arguments: [false, true])
    func crash(limitIsRaised: Bool) throws {
        let place = try CorePlace()
        let server = try ServerProcess()
        server.launcher = place.launcher
        try server.start()
        let limits = try String(contentsOfFile: "/proc/\(server.processID)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(line.split(separator: " ").dropFirst(4).prefix(2) == ["1", "1"])
        if geteuid() != 0 {
            // What may not be dumped belongs to root.
            let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(server.processID)/environ")
            #expect(owner[.ownerAccountID] as? Int == 0)
        }
        if limitIsRaised {
            guard place.raiseLimit(of: server.processID) else {
                return print("the limit of a running process cannot be raised here: a dump is tried without")
            }
        }
        let upload = try HalfUpload(server, try MemoryTests.someRows(), announcing: 1_000_000)
        server.crash(SIGSEGV)
        upload.end()
        #expect(try place.cores() == [])
        #expect(Canary.traces(in: server.output) == [])
        // The same system, limit and folder give a core of another program.
        if try !place.controlLeavesCore() {
            print("core dumps are not written here (\(place.pattern)): that none is of the server shows little")
        }
    }

    /// Nil, and a line that says so, where the system does not let one look.
    static func readable(_ search: () throws -> [String]) -> [String]? {
        do { return try search() } catch {
            print("the memory of a process cannot be read here (\(error)): it is not searched")
            return nil
        }
    }

    private static func someRows() throws -> Data {
        try SampleTable("FeverClinic", "fever").peopled(by: 0..<10).csv.prefix(8_000)
    }
}

/// Where the system puts the core of a process that dies in a folder of ours.
private final class CorePlace {
    let pattern: String
    private let folder: URL

    init() throws {
        pattern = try String(contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-core-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Starts a command in the folder, with as large a core allowed as may be.
    var launcher: [String] {
        [
            "/bin/sh", "-c",
            "cd '\(folder.path)'; ulimit -c unlimited 2>/dev/null || ulimit -c $(ulimit -H -c); exec \"$@\"", "sh",
        ]
    }

    func cores() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

    func raiseLimit(of processID: Int32) -> Bool {
        (try? CorePlace.run(["/usr/bin/prlimit", "--pid", "\(processID)", "--core=unlimited:unlimited"])) == 0
    }

    /// Whether a program that nothing protects leaves one.
    func controlLeavesCore() throws -> Bool {
        _ = try CorePlace.run(launcher + ["/bin/sh", "-c", "kill -SEGV $$"])
        return try !cores().isEmpty
    }

    private static func run(_ words: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
