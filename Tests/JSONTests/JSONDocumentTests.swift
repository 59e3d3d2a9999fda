import JSON
import Testing

@Suite("A JSON document")
struct JSONDocumentTests {
    @Test("knows the line and column of each value and each name, counted in characters")
    func places() throws {
        let text = "{\n  \"名称\": [1, \"二\", true],\r\n  \"b\": { \"c\": null }\n}"
        let document = try JSONDocument(Array(text.utf8))
        func place(_ offset: Int) -> String {
            let position = document.position(of: offset)
            return "\(position.line):\(position.column)"
        }
        let list = try #require(document.root["名称"])
        let inner = try #require(document.root["b"])
        #expect(
            [document.root, list, list[0], list[1], list[2], inner, inner["c"]].compactMap { $0 }.map {
                place($0.offset)
            } == ["1:1", "2:9", "2:10", "2:13", "2:18", "3:8", "3:15"])
        guard case .object(let members) = document.root.content else { throw Missing() }
        #expect(members.map { place($0.nameOffset) } == ["2:3", "3:3"])
        #expect(members.map(\.name) == ["名称", "b"])
    }

    private struct Missing: Error {}

    @Test("knows the place of a character inside a text, escapes counted as one")
    func characters() throws {
        let text = #"{ "a": "中\"\u0041x" }"#
        let document = try JSONDocument(Array(text.utf8))
        let value = try #require(document.root["a"])
        guard case .string("中\"Ax") = value.content else { throw Missing() }
        let columns = (1...4).map { document.position(ofCharacter: $0, inStringAt: value.offset).column }
        #expect(columns == [9, 10, 12, 18])
    }

    @Test(
        "reads what RFC 8259 allows",
        arguments: [
            "{}", "[]", " [ ] ", "\t\r\n{\"a\":1}\n", "[0, -0, 1.5, -2e3, 1E+2, 0.5e-1]",
            #"["\u4e2d\ud83d\ude00\/\b\f\n\r\t\\"]"#,
            "[true, false, null]", "{\"a\":{\"a\":{\"a\":[]}}}", "[\"\"]", "{\"\":1}", "[\"\u{7F}\u{2028}😀\"]", "3",
            "\"x\"",
        ])
    func allowed(text: String) throws { _ = try JSONDocument(Array(text.utf8)) }

    @Test(
        "says where a text stops being JSON, and what would be right",
        arguments: [
            ("", "1:1", "is empty"), ("  \n", "1:1", "is empty"), ("{", "1:2", "ends too early"),
            ("[1,\n 2,\n]", "2:3", "no comma may stand after the last entry"),
            ("{\"a\":1,}", "1:7", "no comma may stand after the last entry"),
            ("{\"a\":1 \"b\":2}", "1:8", "a comma or } is needed here"),
            ("[1 2]", "1:4", "a comma or ] is needed here"),
            ("{\"a\" 1}", "1:6", "a colon is needed after 'a'"), ("{a:1}", "1:2", "a name in double quotes is needed"),
            ("{'a':1}", "1:2", "use double quotes"), ("[1] x", "1:5", "goes on after its end"),
            ("// x\n[]", "1:1", "JSON has no comments"), ("[1, # x\n2]", "1:5", "JSON has no comments"),
            ("{\"a\":1,\n \"a\":2}", "2:2", "'a' stands twice in one object"),
            ("{\"a\":1,\"\\u0061\":2}", "1:8", "'a' stands twice in one object"),
            ("[01]", "1:2", "is no number"), ("[1.]", "1:2", "is no number"), ("[.5]", "1:2", "a value is needed"),
            ("[+1]", "1:2", "a value is needed"), ("[1e]", "1:2", "is no number"), ("[1e999]", "1:2", "is no number"),
            ("[NaN]", "1:2", "a value is needed"), ("[tru]", "1:2", "a value is needed"),
            ("[truely]", "1:2", "a value is needed"),
            ("[\"a\nb\"]", "1:2", "no closing double quote"), ("[\"a", "1:2", "no closing double quote"),
            ("[\"a\u{1}b\"]", "1:4", "control character"), ("[\"\\x\"]", "1:3", "is no escape"),
            ("[\"\\ud800\"]", "1:3", "is no escape"), ("[\"\\u00\"]", "1:3", "is no escape"),
            ("[\"\\u0000\"]", "1:3", "is no escape"), ("\u{FEFF}{}", "1:1", "byte order mark"),
            ("]", "1:1", "a value is needed"),
        ])
    func refused(text: String, place: String, reason: String) throws {
        let error = try #require(throws: JSONError.self) { try JSONDocument(Array(text.utf8)) }
        #expect("\(error.position.line):\(error.position.column)" == place, "\(error)")
        #expect(error.en.contains(reason), "\(error)")
        #expect(!error.zh.isEmpty)
    }

    @Test(
        "refuses bytes that are no UTF-8, UTF-16, a number too large and nesting without end",
        arguments: [
            [0x5B, 0x22, 0xD6, 0xD0, 0x22, 0x5D], [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], [0xFE, 0xFF, 0, 0x7B],
            [0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D],
            Array("[9223372036854775808]".utf8), Array(String(repeating: "[", count: 100_000).utf8),
            Array((String(repeating: "[", count: 66) + String(repeating: "]", count: 66)).utf8),
        ] as [[UInt8]])
    func bytes(bytes: [UInt8]) throws {
        _ = try #require(throws: JSONError.self) { try JSONDocument(bytes) }
    }

    @Test("never stops on cut or changed bytes but with a place in the text")
    func robust() throws {
        let text = Array(#"{ "a": [1.5e3, "中\u4e2d\n", true], "b": { "c": null, "d": -0 } }"#.utf8)
        for length in 0..<text.count {
            let error = try #require(throws: JSONError.self) { try JSONDocument(Array(text.prefix(length))) }
            #expect(error.position.line == 1 && error.position.column <= length + 1)
        }
        for index in text.indices {
            for byte in [0x00, 0x22, 0x5C, 0x7B, 0x2C, 0xFF] as [UInt8] {
                var changed = text
                changed[index] = byte
                _ = try? JSONDocument(changed)
            }
        }
    }
}
