import Expressions
import Testing

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

    @Test("is not misled by bytes that are not UTF-8")
    func malformed() throws {
        let bytes: [UInt8] = [0xFF, 0xC3, 0x61, 0xE4, 0xB8]
        for (pattern, isMatch) in [("a", true), ("^.", false), ("^[^b]*$", false)] {
            let expression = try RegularExpression(pattern)
            #expect(bytes.withUnsafeBufferPointer { expression.matches($0) } == isMatch, "\(pattern)")
        }
    }
}
