/// How far one run of a decoder came, and what stopped it.
struct DecodingStep {
    enum Stop: Equatable {
        /// All input is read, but for a character that may go on in the next chunk.
        case needsInput
        /// The next character does not fit, or all input is read.
        case needsRoom
        /// The bytes after those consumed are no character; so many of them are to be replaced by U+FFFD.
        case fault(length: Int)
    }

    let consumed: Int
    let produced: Int
    let stop: Stop

    /// Runs the decoder of a charset over valid text up to a fault. Nothing is written beyond `produced` that matters.
    ///
    /// - Parameter isLast: whether the input ends here, so that an unfinished character is a fault.
    static func decode(
        _ charset: Charset, _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
        isLast: Bool
    ) -> DecodingStep {
        switch charset {
        case .utf8: UTF8Decoding.decode(input, into: output, isLast: isLast)
        case .gb18030:
            GB18030.shared.map { $0.decode(input, into: output, isLast: isLast) }
                ?? DecodingStep(consumed: 0, produced: 0, stop: .fault(length: 1))
        case .utf16LittleEndian: UTF16Decoding.decode(input, into: output, isLast: isLast, isBigEndian: false)
        case .utf16BigEndian: UTF16Decoding.decode(input, into: output, isLast: isLast, isBigEndian: true)
        }
    }
}
