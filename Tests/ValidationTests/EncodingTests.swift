import CheckKit
import Testing

@Suite("Charsets")
struct EncodingTests {
    private func places(_ bytes: [UInt8]) throws -> [String] { try Clinic.examine([("person_1.csv", bytes)]).places }

    private let table = "K,A,N\r\n1,甲乙,5\r\n2,丙,x\r\n"
    /// The same in GBK: 甲乙 is BCD7 D2D2, 丙 is B1FB.
    private let gbk: [UInt8] =
        Array("K,A,N\r\n1,".utf8) + [0xBC, 0xD7, 0xD2, 0xD2] + Array(",5\r\n2,".utf8) + [0xB1, 0xFB]
        + Array(",x\r\n".utf8)

    @Test("UTF-8 with and without a mark, GBK, and UTF-16 with a mark give the same findings")
    func alike() throws {
        let utf16 = Array(table.utf16)
        let forms: [[UInt8]] = [
            Array(table.utf8), [0xEF, 0xBB, 0xBF] + Array(table.utf8), gbk,
            [0xFF, 0xFE] + utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            [0xFE, 0xFF] + utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
        ]
        for form in forms { #expect(try places(form) == ["row 3 C N: type-error"]) }
    }

    @Test("lengths are the same in every charset: characters, not bytes")
    func length() throws {
        let six: [UInt8] = Array(repeating: [0xBC, 0xD7], count: 6).flatMap { $0 }
        #expect(try places(Array("K,A,N\n1,".utf8) + six + Array(",5\n".utf8)) == [])
        #expect(try places(Array("K,A,N\n1,".utf8) + six + six + Array(",5\n".utf8)) == ["row 2 B A: constraint-error"])
    }

    @Test(
        "bytes that are no text are found at their cell, and cost no other",
        arguments: [[0xFF], [0xE4, 0xBD], [0xC0, 0x80]] as [[UInt8]])
    func broken(bytes: [UInt8]) throws {
        let text = Array("K,A,N\n1,甲乙丙丁,5\n2,甲乙".utf8) + bytes + Array(",6\n3,戊己庚辛,x\n".utf8)
        #expect(try places(text) == ["row 3 B A: encoding-error", "row 4 C N: type-error"])
    }

    @Test("bytes that are no text in GBK are found at their cell")
    func brokenGBK() throws {
        let names: [UInt8] = Array(repeating: [0xBC, 0xD7, 0xD2, 0xD2], count: 1).flatMap { $0 }
        let good = (1...20).flatMap { Array("\($0),".utf8) + names + Array(",5\n".utf8) }
        let bad = Array("21,".utf8) + names + [0xFF] + Array(",5\n".utf8)
        #expect(try places(Array("K,A,N\n".utf8) + good + bad + good.prefix(0)) == ["row 22 B A: encoding-error"])
    }

    @Test("a character that an earlier step of the export lost is told once a column, and the row stands")
    func replacement() throws {
        #expect(
            try places(Array("K,A,N\n1,甲\u{FFFD}乙,5\n2,丙\u{FFFD},5\n".utf8)) == ["row 2 B A: encoding-error warning"])
        // Beside bytes that cannot be decoded here.
        let both = Array("K,A,N\n1,甲\u{FFFD}乙,5\n2,甲乙丙丁".utf8) + [0xFF] + Array(",5\n".utf8)
        #expect(try places(both) == ["row 2 B A: encoding-error warning", "row 3 B A: encoding-error"])
    }

    @Test("a zero byte is found at its cell")
    func zeroByte() throws {
        #expect(
            try places(Array("K,A,N\n1,a\0b,5\n2,b,x\n".utf8)) == ["row 2 B A: source-error", "row 3 C N: type-error"])
    }

    @Test("a broken byte in a column nobody knows costs nothing")
    func unknownColumn() throws {
        let text = Array("K,A,N,own\n1,甲乙丙丁,5,".utf8) + [0xFF] + Array("\n".utf8)
        #expect(try places(text) == ["row 1 D -: extra-label warning"])
    }
}
