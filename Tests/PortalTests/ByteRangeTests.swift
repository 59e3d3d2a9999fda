import Testing

@testable import Portal

@Suite("Ranges of a file")
struct ByteRangeTests {
    @Test(
        "are read as RFC 9110 says, and what cannot be read asks for the whole",
        arguments: [
            (nil, ByteRange.whole), ("bytes=0-0", .part(0..<1)), ("bytes=2-4", .part(2..<5)),
            ("BYTES=2-", .part(2..<10)),
            ("bytes=-3", .part(7..<10)), ("bytes=-99", .part(0..<10)), ("bytes=8-99", .part(8..<10)),
            ("bytes=10-", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=99-100", .unsatisfiable),
            ("bytes=4-2", .whole), ("bytes=0-1,3-4", .whole), ("rows=0-1", .whole), ("bytes=a-b", .whole),
            ("bytes=-", .whole), ("bytes=+1-2", .whole), ("bytes=9999999999999999999-", .whole),
            ("bytes=1-2-3", .whole),
        ] as [(String?, ByteRange)])
    func read(header: String?, range: ByteRange) { #expect(ByteRange(header, size: 10) == range) }
}
