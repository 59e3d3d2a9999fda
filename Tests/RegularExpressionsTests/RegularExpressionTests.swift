import SurveillanceKit
import Testing

@testable import RegularExpressions

@Suite("A regular expression")
struct RegularExpressionTests {
    @Test(
        "matches what RE2 matches",
        arguments: [
            ("", ["", "a"], []), ("a", ["a", "bab"], ["", "b", "A"]), ("a.c", ["abc", "a中c"], ["ac", "a\nc"]),
            ("(?s)a.c", ["a\nc"], []), ("^a", ["ab"], ["ba", "b\na"]), ("a$", ["ba"], ["ab", "a\n"]),
            ("(?m)^a$", ["b\na\nc", "a"], ["ba", "ab\n"]), ("^$", [""], ["a"]), ("\\Aa\\z", ["a"], ["aa", "a\n"]),
            ("a|b", ["a", "b"], ["c"]), ("^(a|bc)$", ["a", "bc"], ["ab", "b", "abc"]),
            ("^a|b$", ["ax", "xb"], ["xax"]),
            ("a||b", ["", "x"], []), ("^(?:ab)*$", ["", "abab"], ["aba"]), ("^a+$", ["a", "aaa"], ["", "ab"]),
            ("^a?b$", ["b", "ab"], ["aab"]), ("^a{2}$", ["aa"], ["a", "aaa"]), ("^a{2,}$", ["aa", "aaaa"], ["a"]),
            ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]), ("^a{0}$", [""], ["a"]), ("^a*?$", ["", "aa"], ["b"]),
            ("^a{,2}$", ["a{,2}"], ["a", "aa"]), ("^a{$", ["a{"], []), ("^{1}$", [""], ["{1}"]),
            ("^[abc]$", ["a", "c"], ["d", ""]), ("^[^abc]$", ["d", "中", "\n"], ["a"]),
            ("^[a-cx-z]$", ["b", "y"], ["d", "-"]),
            ("^[]a]$", ["]", "a"], ["b"]), ("^[^]a]$", ["b"], ["]", "a"]), ("^[a-]$", ["a", "-"], ["b"]),
            ("^[-a]$", ["a", "-"], ["b"]), ("^[\\]\\\\]$", ["]", "\\"], ["a"]), ("^[\\d.]+$", ["1.5"], ["1,5"]),
            ("^\\d+$", ["019"], ["1a", "１"]), ("^\\D$", ["a", "中"], ["1"]), ("^\\w+$", ["aZ_9"], ["a-b", "é"]),
            ("^\\W$", ["-", "中"], ["_"]), ("^\\s\\S$", [" a", "\tb"], ["a ", "\u{0B}x"]),
            ("^[[:alpha:]]+$", ["aZ"], ["a1"]),
            ("^[[:^digit:]]$", ["a"], ["1"]), ("\\bcat\\b", ["cat", "a cat.", "cat中"], ["cats", "concat", "cat_"]),
            ("\\Bat", ["cat"], ["at", " at"]), ("^\\w\\B", ["ab"], ["a", "a中"]), ("a\\B", ["ab"], ["a中"]),
            ("\\B$", ["中"], ["a"]),
            ("é\\Bb", [], ["éb"]), ("b\\B|\\B\\z", [""], ["中b"]), ("(?i)abc", ["ABC", "aBc"], ["abd"]),
            ("a(?i)b", ["aB"], ["AB"]),
            ("a(?i:b)c", ["aBc"], ["aBC"]), ("(?i)[k]", ["K", "\u{212A}"], []), ("(?i)é", ["É"], ["E"]),
            ("(?i)[^a]", ["b"], ["A", "a"]), ("^\\x41\\x{4E2D}$", ["A中"], []),
            ("^\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$$", [".*+?()[]{}|^$"], []),
            ("^\\Qa.b*\\E+$", ["a.b*", "a.b**"], ["axb"]), ("^\\t\\n\\r\\f\\v\\a$", ["\t\n\r\u{0C}\u{0B}\u{07}"], []),
            ("^\\101\\0$", ["A\0"], []),
            ("^(?P<year>\\d{4})-(?<month>\\d\\d)$", ["2026-01"], ["26-01"]),
            ("^.$", ["a", "é", "中", "🐶"], ["", "ab"]),
            ("^[一-龥]+$", ["张三"], ["张a"]), ("^\\p{Han}{2,4}$", ["张三", "欧阳娜娜", "㐀𠀀"], ["张", "Li", "張三李四王"]),
            ("^\\pL+$", ["Éé张ß", "ǅ"], ["a1", "-"]), ("^\\p{Lu}", ["Émile", "Ω"], ["émile", "张"]),
            ("^\\p{Nd}+$", ["12", "１２", "٣"], ["Ⅳ", "a"]), ("^\\p{N}$", ["Ⅳ", "½", "1"], ["a"]),
            ("^\\p{^Lu}+$", ["abc1"], ["aBc"]), ("^\\PL+$", ["12-3"], ["1a"]), ("^\\P{^Lu}$", ["A"], ["a"]),
            ("[\\p{Sc}\\p{Zs}]", ["¥5", "a b", "a\u{3000}b"], ["5"]), ("(?i)^\\p{Lu}$", ["a", "É", "é"], ["张"]),
            ("^\\p{Any}$", ["张", "\n"], ["ab"]),
            ("^[^\\p{Han}]+$", ["Li"], ["张"]), ("[\u{D7FF}-\u{E000}]", ["\u{D7FF}", "\u{E000}"], ["\u{D7FE}"]),
            ("^[\\x{10000}-\\x{10FFFF}]$", ["🐶"], ["中"]),
            ("^[A-UZ][0-9]{2}(\\.[0-9A-Z+]+)?$", ["J10", "Z38.0", "J10.1+"], ["V01", "J1", "J10."]),
            ("^(a?){30}a{30}$", [String(repeating: "a", count: 30)], [String(repeating: "a", count: 29)]),
            ("^(a|)+$", ["", "aa"], ["b"]), ("^(a*)*$", ["aaa"], ["b"]), ("(^a|b)c", ["ac", "xbc"], ["xac"]),
            ("a\\z|b", ["xa", "bx"], ["ax"]),
            ("x*", ["", "y"], []), ("^(?:a|ab)(?:c|bcd)$", ["abcd", "ac", "abc"], ["abcdd"]), ("$^", [""], ["a"]),
            ("a^", [], ["a", "aa"]),
            ("[\\p{L}\\p{N}]{1,20}", ["张", "-é-", "½"], ["", "-- ·"]),
            ("^[\\p{L}\\p{N}]{1,20}$", ["张三2", "Éé9", String(repeating: "字", count: 20)], ["", "张 三", "a-b"]),
            (
                "^[\\p{Han}A-Za-z0-9]{2,50}$", ["张三", "ICU2病区", String(repeating: "a字", count: 25)],
                ["张", "张三。", String(repeating: "a字", count: 25) + "a"]
            ),
            (
                "^[\\p{L}\\p{N}·.\\- ]{1,100}$",
                ["阿不都·热合曼", "J. R. Ewing-Smith", String(repeating: "𠀀", count: 100)],
                ["", "a_b", String(repeating: "𠀀", count: 101)]
            ),
            (
                "^\\P{L}{3,1000}\\p{Lu}$", ["123Z", String(repeating: "1", count: 1000) + "É"],
                ["12Z", "12aZ", String(repeating: "1", count: 1001) + "Z"]
            ),
            ("^(\\p{L}{1,60}(、|$)){1,100}$", ["张三、李四", "张三"], ["张三，李四", "、张三"]),
            ("[^\\x00-\\x{10FFFF}]|z", ["az"], ["a", "张"]), ("^(((){1000}){1000}){1000}$", [""], ["a"]),
            (
                "^[\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}]$",
                ["\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}"],
                ["\u{7E}", "\u{81}", "\u{7FE}", "\u{801}", "\u{FFFE}", "\u{10001}", "\u{100FF}"]
            ),
        ] as [(String, [String], [String])])
    func matching(pattern: String, hits: [String], misses: [String]) throws {
        let expression = try RegularExpression(pattern)
        for hit in hits { #expect(expression.matches(hit), "\(hit.debugDescription)") }
        for miss in misses { #expect(!expression.matches(miss), "\(miss.debugDescription)") }
    }

    @Test("may be held to the whole text, as Table Schema's pattern is")
    func wholeMatch() throws {
        let expression = try RegularExpression("a|ab", wholeMatch: true)
        #expect(expression.matches("a") && expression.matches("ab"))
        #expect(!expression.matches("abc") && !expression.matches("xa") && !expression.matches(""))
    }

    @Test(
        "is refused when it is wrong",
        arguments: [
            ("(", 0), ("a)", 1), ("[a", 0), ("[b-a]", 4), ("*a", 0), ("{2}a", 0), ("a**", 2), ("a+*", 2), ("a{2,1}", 1),
            ("a{1001}", 1), ("\\", 0),
            ("(?=a)", 2), ("(?<!a)", 2), ("(a)\\1", 5), ("\\p{Greek}", 0), ("\\p{L", 0), ("\\p", 0), ("a\\p{Lx}", 1),
            ("\\p{}", 0), ("\\px", 0), ("\\k", 0), ("(?x)a", 2), ("[[:foo:]]", 1),
            ("(?P<a", 5),
            ("\\x{110000}", 10), ("((a{1000}){1000}){1000}", 0), (String(repeating: "(", count: 60), 50),
        ])
    func refused(pattern: String, position: Int) {
        let error = #expect(throws: RegularExpression.PatternError.self) { try RegularExpression(pattern) }
        #expect(error?.position == position, "\(String(describing: error))")
    }

    @Test("takes time linear in the text, whatever the pattern")
    func linear() throws {
        // Each of these takes a backtracking matcher longer than the age of the universe.
        let text = String(repeating: "a", count: 20_000)
        for pattern in [
            "(a*)*b", "(a|a)*b", "(a|aa)+$b", "(?:a+)+b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)(.*)(.*)(.*)(.*)[^a]",
        ] {
            #expect(try !RegularExpression(pattern).matches(text), "\(pattern)")
        }
        // Too large for a table, so simulated: 2^19 states.
        let large = try RegularExpression("(a|b)*a(a|b){19}c")
        #expect(!large.matches(String(repeating: "ab", count: 500)))
        #expect(large.matches(String(repeating: "ab", count: 500) + "c"))
    }

    @Test(
        "looks at each part of its pattern a few times for a character, and no more often however long the text",
        arguments: [
            "(a*)*b", "(a|aa)+$b", "(.*)(.*)(.*)[^a]", "(a|b)*a(a|b){19}c", "(\\p{L}{0,20}){0,20}x",
            "^([\\p{L}\\p{N}]{1,20}[ ,]?){1,20}$", "(\\p{L}?){100}\\p{L}{100}!",
        ])
    func steps(pattern: String) throws {
        let parsed = try PatternParser.parse(pattern)
        let program = try #require(PatternProgram(parsed.pattern, parsed.sets, wholeMatch: false))
        func steps(_ count: Int) -> Int {
            var simulation = PatternSimulation(program)
            var text = String(repeating: "张a", count: count)
            _ = text.withUTF8 { simulation.matches($0) }
            return simulation.steps
        }
        // Each instruction is looked at once, and once more where it reads.
        #expect(steps(50) <= 2 * program.instructions.count * 101)
        // What ten characters more cost does not grow.
        #expect(steps(160) - steps(150) <= steps(150) - steps(140) + 20)
    }

    @Test("reads every character of a text once where its pattern is a table, as patterns of Unicode's classes are")
    func tables() throws {
        for pattern in [
            "[\\p{L}\\p{N}]{1,20}", "^[\\p{Han}A-Za-z0-9]{2,50}$", "^[\\p{L}\\p{N}·.\\- ]{1,100}$",
            "^[\\p{L}\\p{N}]{1,1000}$", "^.{1,1000}$", "\\p{L}{500}-",
        ] {
            #expect(try RegularExpression(pattern).matcher != nil, "\(pattern)")
        }
    }

    @Test("keeps a set once, however often it is repeated")
    func sharedSets() throws {
        let parsed = try PatternParser.parse("([\\p{L}\\p{N}]{1,100}-?[\\p{N}\\p{L}]){1,20}")
        #expect(parsed.sets.sets.count == 2)
        let program = try #require(PatternProgram(parsed.pattern, parsed.sets, wholeMatch: true))
        // Letters and digits, the dash, all else, and what is no character.
        #expect(program.classes.count == 4)
        #expect(program.instructions.count < 5000)
    }

    @Test(
        "is refused, and at once, where it would take more than a few megabytes",
        arguments: [
            "(\\p{L}{1,1000}){1,1000}", "((a{100}){100}){11}", "((((a*){1000}){1000}){1000}){1000}",
            (0..<200).map { "[\\p{L}\\x{\(String(0x2190 + 2 * $0, radix: 16))}]" }.joined(),
        ])
    func tooLarge(pattern: String) throws {
        let error = #expect(throws: RegularExpression.PatternError.self) { try RegularExpression(pattern) }
        #expect(error?.message.en.contains("100,000") == true)
    }

    @Test("is not misled by bytes that are not UTF-8")
    func malformed() throws {
        // No beginning, half of two bytes, and two of three bytes; overlong, a surrogate, beyond Unicode.
        let bytes: [UInt8] = [0xFF, 0xC3, 0x61, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xE4, 0xB8]
        for (pattern, isMatch) in [
            ("a", true), ("^.", false), ("^[^b]*$", false), ("(?s)..", false), ("[^a]", false), ("\\x{0}", false),
            ("\\p{L}{2}", false), ("[^\\x00-\\x{10FFFF}]", false),
        ] {
            let expression = try RegularExpression(pattern)
            #expect(bytes.withUnsafeBufferPointer { expression.matches($0) } == isMatch, "\(pattern)")
        }
    }
}
