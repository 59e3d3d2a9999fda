import Foundation
import Settings
import SurveillanceKit
import Testing
import Validation

@Suite("Files of settings")
struct SettingsTests {
    private func read<Value>(_ text: String, _ body: (SettingsObject) throws -> Value) throws -> Value {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(try SettingsObject(contentsOf: url, shownAs: "x.json"))
    }

    private func refusal(_ text: String, _ body: (SettingsObject) throws -> Void = { _ in }) -> String {
        do {
            try read(text, body)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test("may hold comments, names without quotes and commas at the end")
    func json5() throws {
        let text = """
            { // a comment
              'name': "A", days: 7, /* another */ list: ["x", 'y',], isOn: true,
              text: { zh: "甲", en: "A" }, rows: [ { n: 1 }, { n: 2 } ], }
            """
        try read(text) { (object: SettingsObject) throws in
            #expect(try object.string("name") == "A")
            #expect(try object.optionalInt("days") == 7)
            #expect(try object.strings("list") == ["x", "y"])
            #expect(try object.optionalBool("isOn") == true)
            #expect(try object.text("text") == BilingualText(zh: "甲", en: "A"))
            #expect(try object.objects("rows").map { try $0.optionalInt("n") } == [1, 2])
            #expect(try object.optionalString("absent") == nil)
            #expect(try object.strings("absent") == [])
            #expect(object.names == ["days", "isOn", "list", "name", "rows", "text"] && !object.has("absent"))
        }
    }

    @Test(
        "are refused with the line at which they stop being JSON",
        arguments: [
            ("{ \"a\": 1,\n  \"b\": }", "in line 2"), ("{\n\n \"a\" 1 }", "in line 3"),
            ("{ \"a\": \"x\n\" }", "in line 1"),
            ("", "is no JSON"), ("{ \"a\": 1 } }", "in line 1"), ("[1]", "an object { … } is needed"),
            ("{ \"a\": 1,\n \"a\": 2 }", "a name twice in one object, in line 2"),
        ])
    func broken(text: String, words: String) {
        let said = refusal(text)
        #expect(said.contains(words) && said.contains("x.json"), "\(said)")
    }

    @Test("say of a value of the wrong kind where it stands and what is needed")
    func wrongKinds() {
        let text =
            #"{ "a": 1.5, "s": "x", "list": [1], "o": { "rows": [ { "n": "1" } ] }, "t": { "zh": "甲", "fr": "A" } }"#
        #expect(refusal(text) { _ = try $0.string("a") }.contains("'a' must be a string"))
        #expect(refusal(text) { _ = try $0.string("b") }.contains("'b' is missing"))
        #expect(refusal(text) { _ = try $0.optionalInt("a") }.contains("'a' must be a whole number"))
        #expect(refusal(text) { _ = try $0.optionalNumber("s") }.contains("'s' must be a number"))
        #expect(refusal(text) { _ = try $0.optionalBool("s") }.contains("'s' must be true or false"))
        #expect(refusal(text) { _ = try $0.strings("list") }.contains("'list' must be a list of strings"))
        #expect(refusal(text) { _ = try $0.objects("list") }.contains("'list' must be a list of objects"))
        #expect(refusal(text) { _ = try $0.object("s") }.contains("'s' must be an object"))
        #expect(refusal(text) { _ = try $0.text("t") }.contains("t: unknown property 'fr'; known are en, zh"))
        let deep = refusal(text) { _ = try $0.object("o")?.objects("rows")[0].optionalInt("n") }
        #expect(deep.contains("o.rows[0]: 'n' must be a number"), "\(deep)")
        #expect(
            refusal(text) { try $0.allow(["a", "s", "list", "o"]) }.contains(
                "unknown property 't'; known are a, list, o, s"))
    }

    @Test("name the words that a choice can be")
    func choices() throws {
        enum Level: String, CaseIterable { case low, high }
        #expect(try read(#"{ "l": "high" }"#) { try $0.choice("l", Level.self) } == .high)
        let said = refusal(#"{ "l": "middle" }"#) { _ = try $0.choice("l", Level.self) }
        #expect(said.contains("'l' is 'middle'; known are low, high"))
    }

    @Test("are refused where there is no such file")
    func missing() {
        let error = #expect(throws: ProgramError.self) {
            try SettingsObject(contentsOf: URL(fileURLWithPath: "/no/such/x.json"), shownAs: "x.json")
        }
        #expect("\(String(describing: error))".contains("is not there, or cannot be read"))
    }
}
