import SurveillanceKit
import Testing

@testable import HTTPServer
@testable import Portal

@Suite("Typed HTML")
struct HTMLTests {
    private static let nasty = "</td><script>alert('1')</script>\"&\u{0}\u{1b}"

    @Test("escapes whatever is text, in content and in attributes")
    func escaping() {
        let built = p(.class("note"), .title(Self.nasty)) {
            Self.nasty
            strong(text: Self.nasty)
        }
        let escaped = "&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;  "
        #expect(built.markup == #"<p class="note" title="\#(escaped)">\#(escaped)<strong>\#(escaped)</strong></p>"#)
    }

    @Test("links to paths of this site alone, every value escaped")
    func links() {
        let path = SitePath("submissions", "a/b?c", "..").with("q", "1&x=<2>")
        #expect(a(.href(path), text: "x").markup == #"<a href="/submissions/a%2Fb%3Fc/..?q=1%26x%3D%3C2%3E">x</a>"#)
        #expect(SitePath().with("q", "").description == "/")
        #expect(SitePath("javascript:alert(1)").description == "/javascript%3Aalert%281%29")
    }

    @Test(
        "goes after signing in only where it was on this site",
        arguments: [
            ("/submissions/1?x=2", true), ("/", true), ("//evil.example", false), ("https://evil.example", false),
            ("/\\evil.example", false), ("/a\r\nSet-Cookie: x", false), ("", false), ("javascript:alert(1)", false),
        ])
    func nextPath(text: String, isSafe: Bool) {
        #expect(SitePath.isSafe(text) == isSafe)
    }

    @Test("builds conditions and loops, and leaves out attributes that are not there")
    func builder() {
        let shown = false
        let list = ul {
            for number in 1...3 { li(text: "\(number)") }
            if shown { li(text: "hidden") }
            input(.name("x"), shown ? .required : nil)
        }
        #expect(list.markup == #"<ul><li>1</li><li>2</li><li>3</li><input name="x"></ul>"#)
    }

    @Test("groups digits and writes sizes and moments as people read them")
    func numbers() {
        let reader = Reader(language: .zh)
        #expect(
            [0, 999, 1000, 1_234_567, -12_345].map(reader.number) == ["0", "999", "1,000", "1,234,567", "-12,345"])
        #expect([0, 1023, 1024, 20 << 20, 1_600_000].map(reader.size) == ["0 B", "1023 B", "1 KB", "20 MB", "1.5 MB"])
        #expect(
            reader.moment(Instant(milliseconds: 1_767_225_599_123)).markup
                == #"<time class="time" datetime="2025-12-31T23:59:59.123Z">2026-01-01 07:59:59</time>"#)
    }
}
