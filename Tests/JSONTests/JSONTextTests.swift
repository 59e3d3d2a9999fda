import Foundation
import JSON
import Seeding
import SurveillanceKit
import TestKit
import Testing

@Suite("JSON written by hand")
struct JSONTextTests {
    @Test("reads back as it was, whatever is in it")
    func roundTrip() throws {
        var random = Randomness(seed: 1)
        let pieces =
            (0..<0x20).map { String(UnicodeScalar($0)) } + ["\"", "\\", "/", "示", "𠮷", "\u{7F}", "\u{2028}", "a"]
        for _ in 0..<200 {
            let text = (0..<random.below(20)).map { _ in random.pick(pieces) }.joined()
            let number = random.oneIn(2) ? random.below(1_000_000_000) : -random.below(1_000)
            var output = Array("{\"a\":0".utf8)
            JSONText.append(field: "text", text, to: &output)
            JSONText.append(field: "number", number, to: &output)
            JSONText.append(field: "both", BilingualText(zh: text, en: "x"), to: &output)
            output.append(UInt8(ascii: "}"))
            struct Read: Codable {
                var text: String
                var number: Int
                var both: BilingualText
            }
            let read = try JSONDecoder().decode(Read.self, from: Data(output))
            #expect(read.text == text && read.number == number && read.both == BilingualText(zh: text, en: "x"))
        }
    }
}
