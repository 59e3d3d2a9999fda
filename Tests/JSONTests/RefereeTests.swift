import CJansson
import Foundation
import JSON
import Seeding
import TestKit
import Testing

/// jansson judges beside our own reader: what is JSON to one is JSON to the other.
@Suite("The reader and jansson judge alike")
struct RefereeTests {
    /// A zero byte is nowhere JSON; jansson takes one behind a document for its end.
    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        guard !bytes.contains(0) else { return false }
        var error = json_error_t()
        let flags = Int(JSON_REJECT_DUPLICATES) | Int(JSON_DECODE_ANY)
        guard let value = bytes.withUnsafeBytes({ json_loadb($0.baseAddress, $0.count, flags, &error) }) else {
            return false
        }
        json_decref(value)
        return true
    }

    private static func expectAlike(_ bytes: [UInt8]) {
        let isOurs = (try? JSONDocument(bytes)) != nil
        #expect(isOurs == isJSON(bytes), "\(String(decoding: bytes, as: UTF8.self)) \(bytes)")
    }

    /// Jansson refuses whole numbers that 64 bits do not hold and nesting of its own depth, so none of these has them.
    private static let documents = [
        #"{"a":1,"b":[true,false,null],"c":{"d":"x"}}"#, #"[0,-0,1.5,-2e3,1E+2,0.5e-1,10,1e308]"#,
        #"{"zh":"流感","en":"flu","\u00e9":"\ud83d\ude00\t\"\\\/"}"#, "[[],{},[{}],\"\",\"\u{1F600}é\"]", "\"text\"",
        "null",
        "-12", " [ 1 , 2 ]\r\n\t",
    ].map { Array($0.utf8) }

    @Test("on documents as they are, cut anywhere, and with anything behind them")
    func whole() {
        for document in Self.documents {
            for count in 0...document.count { Self.expectAlike(Array(document.prefix(count))) }
            for byte in UInt8.min...UInt8.max { Self.expectAlike(document + [byte]) }
        }
    }

    @Test("with any byte in any place, left out, or put in")
    func bytes() {
        for document in Self.documents {
            for place in document.indices {
                for byte in UInt8.min...UInt8.max {
                    var changed = document
                    changed[place] = byte
                    Self.expectAlike(changed)
                }
                var shorter = document
                shorter.remove(at: place)
                Self.expectAlike(shorter)
            }
        }
    }

    @Test("with pieces of several documents in any order", arguments: 0..<4)
    func pieces(seed: UInt64) {
        var random = Randomness(seed: seed)
        let signs =
            Array("{}[],:\"\\u0019eE+-.truefalsn \n\t\u{0}\u{1F}é\u{FFFD}\u{FEFF}".utf8) + [
                0x80, 0xC0, 0xED, 0xA0, 0xFF,
            ]
        for _ in 0..<5_000 {
            var bytes: [UInt8] = []
            for _ in 0..<random.below(4) {
                let document = random.pick(Self.documents)
                let start = random.below(document.count)
                bytes += document[start..<min(document.count, start + random.below(8))]
                if random.oneIn(2) { bytes.append(random.pick(signs)) }
            }
            Self.expectAlike(bytes)
        }
    }
}
