import CheckKit
import SurveillanceKit
import Testing

@testable import Validation

@Suite("What spreadsheets and tools put into keys and codes")
struct IdentifierTests {
    /// Ways of writing the key `M001`.
    static let writings = [
        "'M001", "’M001", "‘M001", "＇M001", "`M001", "Ｍ００１", "M\u{200B}001", "\u{FEFF}M001", "M001\u{200E}",
        "\u{202D}M001\u{202C}",
        "M0\u{AD}01", "\u{2060}M001", "=\"M001\"", "\"=\"\"M001\"\"\"", "\"\"\"M001\"\"\"", "'M001'", "\u{A0}M001",
        "M001\u{3000}",
        "\u{7F}M001",
    ]

    @Test("is taken out: the key is the same", arguments: writings)
    func sameKey(writing: String) throws {
        let csv = "\u{FEFF}CODE,K,N\nM001,1,5\n\(writing),1,6\n"
        let examined = try Clinic.examine([("number_1.csv", Array(csv.utf8))])
        #expect(examined.findings.contains { $0.code == .primaryKey && $0.row == 3 }, "\(examined.places)")
    }

    @Test("is taken out of links: the child finds its parent, whichever of the two has it", arguments: writings)
    func links(writing: String) throws {
        for (parent, child) in [(writing, "M001"), ("M001", writing), (writing, "'M001")] {
            let examined = try Clinic.examine([
                ("number_1.csv", Array("\u{FEFF}CODE,K,N\n\(parent),1,5\n".utf8)),
                ("piece_1.csv", Array("\u{FEFF}CODE,LINE\n\(child),1\n".utf8)),
            ])
            #expect(!examined.findings.contains { $0.code == .foreignKey }, "\(parent) \(child): \(examined.places)")
            #expect(examined.findings.allSatisfy { $0.severity == .warning } && examined.checkedRows == 2)
        }
    }

    @Test("is told in one warning for the file that names what and where")
    func told() throws {
        var csv = "CODE,K,N\n"
        for row in 0..<200 { csv += "'M\(row),\u{200B}\(row),1\n" }
        let examined = try Clinic.examine([("number_1.csv", Array(csv.utf8))])
        #expect(examined.places == ["file: rewritten-cell warning"] && examined.checkedRows == 200)
        let message = try #require(examined.findings.first).message
        for part in ["撇号", "看不见的字符", "CODE（代码）200", "K（序）200"] { #expect(message.zh.contains(part), "\(message.zh)") }
    }

    @Test("'.0' goes from a number that has lost nothing, and a longer one is an error")
    func pointZero() throws {
        #expect(try number("12345.0") == ["file: rewritten-cell warning"])
        #expect(try number("12345.00") == ["file: rewritten-cell warning"])
        #expect(try number("123456789012345.0") == ["file: rewritten-cell warning"])
        #expect(try number("1234567890123456.0") == ["row 2 A CODE: rewritten-cell"])
        for near in ["12345.5", "12345.", ".0", "M1.0", "1.0.0", "12345.05"] {
            #expect(try number(near) == [], "\(near)")
        }
    }

    @Test(
        "scientific notation in a key is an error that says that digits are lost",
        arguments: ["6.22202E+18", "6.22E18", "6E+18", "1.23e+05", "'6.2E+18", "4E+17"])
    func scientific(text: String) throws {
        #expect(try number(text) == ["row 2 A CODE: rewritten-cell"])
    }

    @Test(
        "what only looks like it stays as it is",
        arguments: [
            "12E4567", "1E5", "E+18", "6.22E", "O'Brien", "M-001", "A.1", "（急）1", "急诊１", "M 001", "M=1", "5'", "X+18",
            "1.5.2E+3", "M_01/2",
        ])
    func nearMisses(text: String) throws {
        let found = try number(text)
        #expect(text.contains("１") ? found == ["file: rewritten-cell warning"] : found == [], "\(found)")
    }

    @Test(
        "nothing but marks is nothing: the key is missing", arguments: ["'", "\u{200B}", "=\"\"", "\u{FEFF}\u{200B}"])
    func empty(text: String) throws {
        #expect(try number(text) == ["row 2 A CODE: constraint-error"])
    }

    @Test(
        "codes of a list are read, too, where they are in it then",
        arguments: ["'1", "１", "1.0", "=\"1\"", "1\u{200B}", "\u{200F}1"])
    func codes(text: String) throws {
        #expect(
            try Clinic.findings(["SEX": "\"\(text.replacing("\"", with: "\"\""))\""]) == ["-: rewritten-cell warning"])
    }

    @Test("other texts keep what is theirs")
    func otherTexts() throws {
        for text in ["'s-x", "a'b", "‘x’", "１２", "x\u{200B}y", "=1+1", "-1"] {
            #expect(try Clinic.findings(["NOTE": text]) == [], "\(text)")
        }
        #expect(try Clinic.findings(["NOTE": "'138"]) == ["-: rewritten-cell warning"])
        #expect(try Clinic.findings(["AGE": "'45"]) == ["-: rewritten-cell warning"])
        #expect(try Clinic.findings(["FEE": "12.5\u{200B}"]) == ["-: rewritten-cell warning"])
        #expect(try Clinic.findings(["TIME": "'2026-03-05 08:01:02"]) == ["-: rewritten-cell warning"])
    }

    @Test("the institution's own code is compared without it")
    func institution() throws {
        for org in ["'H1", "Ｈ1", "=\"H1\""] {
            let row = "ORG,NO\n\(org),1\n\(org),2\n"
            for institution in ["H1", nil] {
                let found = try Clinic.examine([("notice_1.csv", Array(row.utf8))], institution: institution).places
                #expect(found == ["file: rewritten-cell warning"], "\(org) \(institution ?? "-")")
            }
        }
        #expect(
            try Clinic.examine([("notice_1.csv", Array("ORG,NO\n'H2,1\n".utf8))], institution: "H1").places == [
                "row 2 A ORG: constraint-error"
            ])
    }

    @Test("the fast look finds every byte that is odd, wherever it stands")
    func fastLook() {
        let odd: [UInt8] = [0x00, 0x09, 0x1F, 0x20, 0x22, 0x27, 0x2B, 0x2C, 0x2E, 0x7F, 0x80, 0xC2, 0xE2, 0xEF, 0xFF]
        for length in 2...40 {
            var text = [UInt8](repeating: UInt8(ascii: "M"), count: length)
            for place in text.indices {
                for byte in Array("-/09:AZaz_~".utf8) {
                    text[place] = byte
                    #expect(
                        text.withUnsafeBufferPointer { IdentifierText.isPlain($0, .init(.key)) },
                        "\(length) \(place) \(byte)")
                }
                for byte in odd {
                    text[place] = byte
                    #expect(
                        !text.withUnsafeBufferPointer { IdentifierText.isPlain($0, .init(.key)) },
                        "\(length) \(place) \(byte)")
                    #expect(text.withUnsafeBufferPointer { IdentifierText.isPlain($0, .init(.code)) } == (byte == 0x2E))
                }
                text[place] = UInt8(ascii: "M")
            }
        }
    }

    private func number(_ code: String) throws -> [String] {
        let cell = code.contains(",") || code.contains("\"") ? "\"\(code.replacing("\"", with: "\"\""))\"" : code
        return try Clinic.examine([("number_1.csv", Array("CODE,K,N\n\(cell),1,5\n".utf8))]).places
    }
}
