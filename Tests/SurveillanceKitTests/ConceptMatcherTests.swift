import SurveillanceKit
import Testing

@Suite("Concepts: which texts mean one thing")
struct ConceptMatcherTests {
    private typealias Entry = Concept.Entry

    private func matcher(_ entries: Entry...) -> ConceptMatcher {
        ConceptMatcher(Concept(id: "it", title: BilingualText(zh: "它", en: "it"), entries: entries))
    }

    private func matches(_ matcher: ConceptMatcher, _ bytes: [UInt8]) -> Bool { matcher.matches(bytes.span) }

    @Test(
        "case, width, blanks, brackets, dashes and slashes are no difference",
        arguments: [
            "Flu A", "flu-a", "FLU_A", "ＦｌｕＡ", "(flu) a", "ｆｌｕ／ａ", "flu　a", "flu–a", "\u{FEFF}flu\u{A0}a", "（flu）a",
            "FluA",
        ])
    func sameForm(text: String) {
        #expect(matcher(Entry(.exact, "flu a")).matches(text))
        #expect(matcher(Entry(.contains, "FLU(A)")).matches("x" + text + "y"))
        #expect(!matcher(Entry(.exact, "flu b")).matches(text))
    }

    @Test("`is` is the whole text, `contains` a part of it")
    func wholeAndPart() {
        let mycoplasma = matcher(Entry(.exact, "MP"), Entry(.contains, "肺炎支原体"))
        for text in ["mp", "M.P".replacing(".", with: "-"), "肺炎支原体抗体IgM", "检测：肺炎 支原体"] {
            #expect(mycoplasma.matches(text), "\(text)")
        }
        for text in ["hMPV", "MPV", "m", "", "支原体肺炎", "肺炎", "mp2"] { #expect(!mycoplasma.matches(text), "\(text)") }
    }

    @Test("what an entry ignores is passed over, and the rest of the text is read")
    func ignored() {
        let influenza = matcher(
            Entry(.contains, "流感"), Entry(.ignores, "副流感"), Entry(.ignores, "流感嗜血杆菌"), Entry(.ignores, "流感疫苗"))
        for text in ["流感", "流感？", "副流感病毒感染，流感", "流感嗜血杆菌肺炎;甲型流感", "考虑流感"] {
            #expect(influenza.matches(text), "\(text)")
        }
        for text in ["副流感", "流感嗜血杆菌肺炎", "接种流感疫苗后发热", "副 流感 病毒", "感冒"] { #expect(!influenza.matches(text), "\(text)") }
    }

    @Test("a text with an excluded part is never meant")
    func excluded() {
        let positive = matcher(
            Entry(.contains, "阳性"), Entry(.exact, "+"), Entry(.excludes, "阴性"), Entry(.ignores, "假阳性"))
        for text in ["阳性", "弱阳性(+)", "+", "（＋）", "IgM 阳性"] { #expect(positive.matches(text), "\(text)") }
        for text in ["阴性", "阴性（阳性为异常）", "阳性/阴性", "假阳性", "-", "+/-", "±", "(+-)", "++"] {
            #expect(!positive.matches(text), "\(text)")
        }
    }

    @Test("a text of signs alone keeps its dashes and slashes; blanks and brackets never count")
    func signs() {
        #expect(ConceptMatcher.form(of: "(+/-)") == "+/-")
        #expect(ConceptMatcher.form(of: " - ") == "-")
        #expect(ConceptMatcher.form(of: "1/2-A") == "12a")
        #expect(ConceptMatcher.form(of: "（ ）") == "")
    }

    @Test("bytes that are no UTF-8 are compared as they are")
    func brokenText() {
        let it = matcher(Entry(.contains, "阳性"))
        for bytes: [UInt8] in [[0xE9], [0xE9, 0x98], [0xFF, 0xFE], [0xEF, 0xBC], [0xC2], [0xF0, 0x9F]] {
            #expect(!matches(it, bytes))
        }
        #expect(matches(it, Array("阳性".utf8) + [0xE9]))
    }

    @Test("an answer that is remembered is the one that was worked out, for any number of texts and threads")
    func memory() async {
        let influenza = matcher(Entry(.contains, "流感"), Entry(.ignores, "副流感"), Entry(.exact, "iav"))
        func expected(_ number: Int) -> (text: String, isMeant: Bool) {
            switch number % 4 {
            case 0: ("流感 \(number)", true)
            case 1: ("副流感 \(number)", false)
            case 2: ("血常规 \(number)", false)
            default: (String(repeating: "长", count: number % 200) + "流感", true)
            }
        }
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var wrong = 0
                    for number in 0..<4_000 {
                        let (text, isMeant) = expected(number * (task + 1) % 6_000)
                        if influenza.matches(text) != isMeant { wrong += 1 }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    @Test("a concept is a function by its id in camel case")
    func function() {
        let concept = Concept(
            id: "influenza-a", title: BilingualText(zh: "甲流", en: "Influenza A"), entries: [Entry(.contains, "甲流")])
        #expect(NamedCheck(concept).functionName == "influenzaA")
        let passes = NamedCheck(concept).passes(Array("甲流核酸".utf8).span)
        #expect(passes)
    }
}
