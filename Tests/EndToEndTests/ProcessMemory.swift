import Foundation

/// The memory of another process, searched as a dump of its core would be.
struct ProcessMemory {
    let processID: Int32

    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    /// What of the canaries' marks stands in it, and where.
    ///
    /// - Throws: `Unreadable` where the system does not let this process look.
    func traces() throws -> [String] {
        let memory = open("/proc/\(processID)/mem", O_RDONLY)
        guard memory >= 0 else { throw Unreadable(description: String(cString: strerror(errno))) }
        defer { close(memory) }
        let maps = try String(contentsOfFile: "/proc/\(processID)/maps", encoding: .utf8)
        var found: [String] = []
        var readBytes = 0
        for line in maps.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 5)
            let name = words.count > 5 ? words[5].trimmingCharacters(in: .whitespaces) : "heap or stack"
            // What cannot be read, and what is only a file's own bytes.
            guard words[1].hasPrefix("r"), words[1].contains("w") || words[4] == "0", name != "[vvar]" else { continue }
            let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            readBytes += search(memory, ends[0]..<ends[1]) { found.append("\($0) in \(name) at \(words[0])") }
        }
        guard readBytes > 1 << 20 || !found.isEmpty else {
            throw Unreadable(description: "next to nothing can be read")
        }
        return found
    }

    /// Piece by piece, each with the end of the one before, since a mark may lie across; answers how much could be read.
    private func search(_ memory: Int32, _ range: Range<UInt64>, found: (String) -> Void) -> Int {
        let overlap = 64
        var buffer = [UInt8](repeating: 0, count: 1 << 22)
        var (kept, position, total) = (0, range.lowerBound, 0)
        while position < range.upperBound {
            let wanted = min(buffer.count - kept, Int(range.upperBound - position))
            let count = buffer.withUnsafeMutableBytes { pread(memory, $0.baseAddress! + kept, wanted, Int(position)) }
            guard count > 0 else { return total }
            total += count
            position += UInt64(count)
            buffer.withUnsafeBytes { bytes in
                let piece = UnsafeRawBufferPointer(rebasing: bytes[..<(kept + count)])
                for place in Canary.places(in: piece) { found("\(place.what) near '\(place.near)'") }
            }
            let end = kept + count
            kept = min(overlap, end)
            buffer.withUnsafeMutableBytes { $0.copyBytes(from: Array($0[(end - kept)..<end])) }
        }
        return total
    }

    /// Looks until nothing is found, or until the deadline: what a server still has to do takes a moment.
    func tracesLeft(within limit: Duration) async throws -> [String] {
        let deadline = ContinuousClock.now + limit
        while true {
            let found = try traces()
            if found.isEmpty || ContinuousClock.now > deadline { return found }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
