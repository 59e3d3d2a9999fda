import Testing

@testable import ShangMi

/// Bytes that repeat themselves from test to test.
func counting(_ seed: UInt8) -> RandomSource {
    let count = Counter(UInt64(seed) << 32)
    return RandomSource { buffer in
        for index in buffer.indices { buffer[index] = count.next() }
    }
}

private let chunk = ChunkCipher.plainByteCount
private let sealedChunk = ChunkCipher.sealedByteCount

@Suite("Sealed files")
struct SealedTests {
    let keys: KeyRing
    let old = SymmetricKey(bytes: [UInt8](repeating: 1, count: 16))
    let new = SymmetricKey(bytes: [UInt8](repeating: 2, count: 16))

    init() throws { keys = try KeyRing(current: old) }

    func sample(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

    func seal(_ bytes: [UInt8], context: String = "") throws -> [UInt8] {
        try SealedWriter.seal(bytes, keys: keys, context: Array(context.utf8), random: counting(7))
    }

    /// Opens in order and at random places, which must agree.
    func open(_ sealed: [UInt8], keys: KeyRing? = nil, context: String = "") throws -> [UInt8] {
        let keys = keys ?? self.keys
        let context = Array(context.utf8)
        let inOrder = Result { try SealedReader.open(sealed, keys: keys, context: context) }
        let anywhere = Result {
            let file = try SealedFile(sealedSize: sealed.count, keys: keys, context: context) { offset, buffer in
                let part = sealed[min(offset, sealed.count)...].prefix(buffer.count)
                buffer.copyBytes(from: part)
                return part.count
            }
            var bytes = [UInt8](repeating: 0, count: file.size + 1)
            let count = try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
            return Array(bytes.prefix(count))
        }
        switch (inOrder, anywhere) {
        case (.success(let left), .success(let right)): #expect(left == right)
        case (.failure, .failure): break
        default: Issue.record("reading in order and reading anywhere disagree")
        }
        return try inOrder.get()
    }

    @Test(
        "give back what was sealed, whatever its length",
        arguments: [0, 1, 15, 16, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 17])
    func roundTrip(count: Int) throws {
        let plain = sample(count)
        let sealed = try seal(plain)
        #expect(sealed.count == SealedHeader.byteCount + count + max(1, (count + chunk - 1) / chunk) * 16)
        #expect(try open(sealed) == plain)
    }

    @Test("do not depend on the pieces the bytes came in")
    func pieces() throws {
        let plain = sample(2 * chunk + 5)
        for piece in [1000, chunk - 1, chunk, chunk + 1] {
            var writer = try SealedWriter(keys: keys, random: counting(7))
            var sealed: [UInt8] = []
            for start in stride(from: 0, to: plain.count, by: piece) {
                try writer.write(Array(plain[start..<min(start + piece, plain.count)])) { sealed += $0 }
            }
            try writer.finish { sealed += $0 }
            let whole = try seal(plain)
            #expect(sealed == whole)
        }
    }

    @Test("hold no plain byte and do not repeat themselves")
    func sealedBytes() throws {
        let plain = [UInt8](repeating: 65, count: 4096)
        let random = RandomSource.strong
        let first = try SealedWriter.seal(plain, keys: keys, random: random)
        let second = try SealedWriter.seal(plain, keys: keys, random: random)
        #expect(zip(first, second).dropFirst(SealedHeader.byteCount).filter(==).count < 64)
        #expect(!first.dropFirst(SealedHeader.byteCount).map(String.init).joined(separator: " ").contains("65 65 65"))
    }

    @Test("show an end that was cut off, wherever it was cut")
    func truncation() throws {
        let sealed = try seal(sample(2 * chunk + 100))
        let header = SealedHeader.byteCount
        #expect(throws: SealError.truncated) { _ = try open(Array(sealed.prefix(header + sealedChunk))) }
        #expect(throws: SealError.truncated) { _ = try open(Array(sealed.prefix(header + 2 * sealedChunk))) }
        #expect(throws: SealError.truncated) { _ = try open(Array(sealed.prefix(header))) }
        #expect(throws: SealError.truncated) { _ = try open(Array(sealed.prefix(header - 1))) }
        #expect(throws: SealError.truncated) { _ = try open([]) }
        for count in [header + 15, header + 16, header + 1000, header + sealedChunk + 16, sealed.count - 1] {
            #expect(throws: SealError.self) { _ = try open(Array(sealed.prefix(count))) }
        }
    }

    @Test("show a writer that never finished")
    func unfinished() throws {
        var writer = try SealedWriter(keys: keys, random: counting(7))
        var sealed: [UInt8] = []
        try writer.write(sample(3 * chunk)) { sealed += $0 }
        #expect(throws: SealError.truncated) { _ = try open(sealed) }
    }

    @Test("show chunks that were moved, left out, repeated or added")
    func order() throws {
        let sealed = try seal(sample(3 * chunk))
        let header = Array(sealed.prefix(SealedHeader.byteCount))
        let chunks = (0..<3).map {
            Array(sealed.dropFirst(SealedHeader.byteCount + $0 * sealedChunk).prefix(sealedChunk))
        }
        #expect(try open(header + chunks[0] + chunks[1] + chunks[2]) == sample(3 * chunk))
        for order in [[1, 0, 2], [0, 2], [0, 0, 1, 2], [0, 1, 2, 2], [2], [1, 2]] {
            #expect(throws: SealError.self) { _ = try open(header + order.flatMap { chunks[$0] }) }
        }
        #expect(throws: SealError.self) { _ = try open(sealed + [0]) }
        #expect(throws: SealError.self) { _ = try open(sealed + [UInt8](repeating: 0, count: 16)) }
    }

    @Test("show a chunk of another file under the same key")
    func otherFile() throws {
        let one = try seal(sample(100))
        let other = try SealedWriter.seal(sample(100), keys: keys, random: counting(9))
        let mixed = Array(one.prefix(SealedHeader.byteCount)) + other.dropFirst(SealedHeader.byteCount)
        #expect(throws: SealError.tampered(chunk: 0)) { _ = try open(mixed) }
    }

    @Test("show every single changed byte of the header and of a chunk")
    func everyByte() throws {
        let sealed = try seal(sample(20))
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SealError.self, "byte \(index)") { _ = try open(changed) }
        }
    }

    @Test("open under their own context alone, so one cannot take another's place")
    func context() throws {
        let sealed = try seal(sample(10), context: "upload 1")
        #expect(try open(sealed, context: "upload 1") == sample(10))
        #expect(throws: SealError.tampered(chunk: nil)) { _ = try open(sealed, context: "upload 2") }
    }

    @Test("say which master key they need when it is not at hand")
    func unknownKey() throws {
        let sealed = try seal(sample(10))
        let other = try KeyRing(current: new)
        let error = #expect(throws: SealError.self) { _ = try open(sealed, keys: other) }
        #expect(error == .unknownKey(try KeyID(of: old), known: [try KeyID(of: new)]))
    }

    @Test("are wrapped under a new master key without touching the data")
    func rotation() throws {
        let sealed = try seal(sample(2 * chunk), context: "a")
        let context = Array("a".utf8)
        let both = try KeyRing(current: new, earlier: [old])
        #expect(try open(sealed, keys: both, context: "a") == sample(2 * chunk))

        let header = try SealedHeader(bytes: sealed).rewrapped(keys: both, context: context, random: counting(3))
        let rotated = header.bytes + sealed.dropFirst(SealedHeader.byteCount)
        #expect(header.bytes.count == SealedHeader.byteCount)
        #expect(try header.keyID == KeyID(of: new))
        #expect(try open(rotated, keys: KeyRing(current: new), context: "a") == sample(2 * chunk))
    }

    @Test("tell what is no sealed file, or one of a later version")
    func foreign() throws {
        #expect(throws: SealError.notSealed) { _ = try open(Array("PK\u{3}\u{4}".utf8)) }
        #expect(throws: SealError.notSealed) { _ = try open(Array(String(repeating: "P5,P6\n", count: 20).utf8)) }
        var later = try seal([])
        later[7] = 2
        #expect(throws: SealError.unsupportedVersion(2)) { _ = try open(later) }
    }

    @Test("are never continued after the sink failed")
    func failedSink() throws {
        struct DiskFull: Error {}
        var writer = try SealedWriter(keys: keys, random: counting(7))
        #expect(throws: DiskFull.self) { try writer.write(sample(2 * chunk)) { _ in throw DiskFull() } }
        #expect(throws: SealError.writerEnded) { try writer.write([1]) { _ in } }
        #expect(throws: SealError.writerEnded) { try writer.finish { _ in } }
    }

    @Test("are read at any place, in pieces that cross chunks, by several tasks at once")
    func anywhere() async throws {
        let plain = sample(6 * chunk + 9)
        let sealed = try seal(plain)
        let file = try SealedFile(sealedSize: sealed.count, keys: keys) { offset, buffer in
            // As a file system may: fewer than were asked for.
            let part = sealed[offset...].prefix(min(buffer.count, 10_000))
            buffer.copyBytes(from: part)
            return part.count
        }
        #expect(file.size == plain.count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for step in 0..<20 {
                        let offset = (task * 7919 + step * 20_011) % plain.count
                        var bytes = [UInt8](repeating: 0, count: 70_000)
                        let count = try bytes.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
                        #expect(Array(bytes.prefix(count)) == Array(plain[offset...].prefix(70_000)))
                    }
                }
            }
            try await group.waitForAll()
        }
        let beyond = try withUnsafeTemporaryAllocation(byteCount: 8, alignment: 1) {
            try file.read(at: plain.count, into: $0)
        }
        #expect(beyond == 0)
    }
}
