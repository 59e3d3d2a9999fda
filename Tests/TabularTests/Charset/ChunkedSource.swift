@testable import Tabular

/// Bytes given at most so many at a time.
struct ChunkedSource: ByteSource {
    private var bytes: BytesSource
    private let most: Int

    init(_ bytes: [UInt8], most: Int) {
        self.bytes = BytesSource(bytes)
        self.most = most
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        try bytes.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(most)))
    }
}

/// What became of a text.
struct Decoded: Equatable {
    var text: [UInt8] = []
    var charset: Charset?
    var faults: [DecodingFault] = []
    var oddLines: [Int] = []
    var hasWrongMark = false

    var string: String { String(decoding: text, as: UTF8.self) }

    /// Decodes, reading at most `input` bytes and giving at most `output` bytes at a time.
    init(_ bytes: [UInt8], input: Int = 1 << 20, output: Int = 1 << 20) throws {
        var decoder = TextDecoder(ChunkedSource(bytes, most: input))
        var buffer = [UInt8](repeating: 0, count: output)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try decoder.read(into: $0) }
            faults += decoder.faults
            oddLines += decoder.oddLines
            if count == 0 { break }
            text += buffer[..<count]
        }
        charset = decoder.charset
        hasWrongMark = decoder.hasWrongMark
    }
}

/// Numbers that look random and are the same in every run.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
