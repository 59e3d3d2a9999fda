import Glibc

/// GB18030, and with it GBK and GB2312: every code's UTF-8, as the C library maps it.
///
/// The tables are filled by `iconv` once, at first use, in a few milliseconds; decoding a character is then one load.
/// Source of the code ranges: GB 18030-2005, 6.
struct GB18030: Sendable {
    /// By lead and trail byte, `lead << 8 | trail`; 0 where there is no two-byte code.
    let pairs: [UInt32]
    /// By `linearIndex` of the four-byte codes below U+10000.
    private let quads: [UInt32]

    /// Nil where the C library lacks the conversion, as on systems that leave out its `gconv` modules.
    static let shared = GB18030()

    private static let basicQuads = 39_420
    /// The linear index of 90 30 81 30, U+10000; from there on the codes run as Unicode does.
    private static let firstSupplementary = 189_000

    private init?() {
        let leads: ClosedRange<UInt8> = 0x81...0xFE
        var codes: [UInt8] = []
        var positions: [Int] = []
        for lead in leads {
            for trail in UInt8(0x40)...0xFE where trail != 0x7F {
                codes += [lead, trail]
                positions.append(Int(lead) << 8 | Int(trail))
            }
        }
        guard let pairScalars = GB18030.convert(codes, codeLength: 2) else { return nil }
        var pairs = [UInt32](repeating: 0, count: 1 << 16)
        for (position, scalar) in zip(positions, pairScalars) where scalar != 0 {
            pairs[position] = PackedUTF8(scalar).bytes
        }
        codes.removeAll(keepingCapacity: true)
        for index in 0..<GB18030.basicQuads {
            codes.append(UInt8(0x81 + index / 12_600))
            codes.append(UInt8(0x30 + index / 1_260 % 10))
            codes.append(UInt8(0x81 + index / 10 % 126))
            codes.append(UInt8(0x30 + index % 10))
        }
        guard let quadScalars = GB18030.convert(codes, codeLength: 4) else { return nil }
        self.pairs = pairs
        quads = quadScalars.map { $0 == 0 ? 0 : PackedUTF8($0).bytes }
    }

    /// The scalars of codes of one length, 0 for each that the C library does not know.
    private static func convert(_ codes: [UInt8], codeLength: Int) -> [UInt32]? {
        let converter = iconv_open("UTF-32LE", "GB18030")
        guard converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var codes = codes.map { CChar(bitPattern: $0) }
        var scalars = [UInt32](repeating: 0, count: codes.count / codeLength)
        codes.withUnsafeMutableBufferPointer { input in
            scalars.withUnsafeMutableBytes { output in
                for index in 0..<input.count / codeLength {
                    var source = input.baseAddress.map { $0 + index * codeLength }
                    var sourceLeft = codeLength
                    var target = output.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) + index * 4 }
                    var targetLeft = 4
                    let result = iconv(converter, &source, &sourceLeft, &target, &targetLeft)
                    if result == -1 || sourceLeft != 0 {
                        output.storeBytes(of: 0, toByteOffset: index * 4, as: UInt32.self)
                        iconv(converter, nil, nil, nil, nil)
                    }
                }
            }
        }
        return scalars.map { UInt32(littleEndian: $0) }
    }

    /// Decodes up to a fault.
    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
    ) -> DecodingStep {
        guard let source = input.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return DecodingStep(consumed: 0, produced: 0, stop: input.isEmpty ? .needsInput : .needsRoom) }
        return pairs.withUnsafeBufferPointer { pairs in
            var read = 0
            var written = 0
            while read < input.count, written < output.count {
                let count = ASCIIRun.copy(
                    source + read, to: target + written, count: min(input.count &- read, output.count &- written))
                read &+= count
                written &+= count
                while read &+ 2 <= input.count, written &+ 4 <= output.count {
                    let packed = PackedUTF8(bytes: pairs[Int(source[read]) &<< 8 | Int(source[read &+ 1])])
                    guard packed.bytes != 0 else { break }
                    packed.store(in: output, at: written)
                    written &+= packed.length
                    read &+= 2
                }
                guard read < input.count, source[read] >= 0x80 else { continue }
                let code = self.code(source + read, count: input.count &- read)
                switch code {
                case .character(let packed, let length):
                    guard written &+ packed.length <= output.count else {
                        return DecodingStep(consumed: read, produced: written, stop: .needsRoom)
                    }
                    packed.store(in: output, at: written)
                    written &+= packed.length
                    read &+= length
                case .unfinished where !isLast:
                    return DecodingStep(consumed: read, produced: written, stop: .needsInput)
                case .unfinished:
                    return DecodingStep(consumed: read, produced: written, stop: .fault(length: 1))
                case .fault(let length):
                    return DecodingStep(consumed: read, produced: written, stop: .fault(length: length))
                }
            }
            return DecodingStep(
                consumed: read, produced: written, stop: read == input.count ? .needsInput : .needsRoom)
        }
    }

    private enum Code {
        case character(PackedUTF8, length: Int)
        case unfinished
        case fault(length: Int)
    }

    /// What begins at a byte of 0x80 or above.
    ///
    /// A fault takes no byte below 0x80 with it, so a comma or a quote after half a character keeps its meaning.
    /// Source: WHATWG Encoding Standard, 10.2.1 (gb18030 decoder).
    private func code(_ bytes: UnsafePointer<UInt8>, count: Int) -> Code {
        guard (0x81...0xFE).contains(bytes[0]) else { return .fault(length: 1) }
        guard count > 1 else { return .unfinished }
        let second = bytes[1]
        guard (0x30...0x39).contains(second) else {
            let packed = PackedUTF8(bytes: pairs[Int(bytes[0]) << 8 | Int(second)])
            if packed.bytes != 0 { return .character(packed, length: 2) }
            return .fault(length: second < 0x80 ? 1 : 2)
        }
        guard count > 2 else { return .unfinished }
        guard (0x81...0xFE).contains(bytes[2]) else { return .fault(length: 1) }
        guard count > 3 else { return .unfinished }
        guard (0x30...0x39).contains(bytes[3]) else { return .fault(length: 1) }
        let upper = (Int(bytes[0]) - 0x81) * 10 + Int(second) - 0x30
        let index = upper * 1_260 + (Int(bytes[2]) - 0x81) * 10 + Int(bytes[3]) - 0x30
        if index < quads.count, quads[index] != 0 { return .character(PackedUTF8(bytes: quads[index]), length: 4) }
        let supplementary = index - GB18030.firstSupplementary
        if (0..<0x100000).contains(supplementary) {
            return .character(PackedUTF8(UInt32(0x10000 + supplementary)), length: 4)
        }
        return .fault(length: 4)
    }
}

extension GB18030 {
    /// The text, or nil where a byte of it is no GB18030.
    static func string(from bytes: [UInt8]) -> String? {
        guard let shared else { return nil }
        var output = [UInt8](repeating: 0, count: bytes.count * 2 + 4)
        let step = bytes.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { shared.decode(input, into: $0, isLast: true) }
        }
        guard step.consumed == bytes.count else { return nil }
        return String(decoding: output.prefix(step.produced), as: UTF8.self)
    }
}
