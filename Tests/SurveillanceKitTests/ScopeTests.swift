import SurveillanceKit
import Testing

@Suite("Scopes and regions")
struct ScopeTests {
    @Test(
        "a region is a province, prefecture or county, also when it is written with zeros behind it",
        arguments: [
            ("43", "43"), ("4301", "4301"), ("430102", "430102"), ("430000", "43"), ("4300", "43"), ("430100", "4301"),
            ("110000", "11"), ("110100", "1101"), ("659001", "659001"), ("82", "82"),
        ])
    func regions(text: String, prefix: String) { #expect(Region(text)?.prefix == prefix) }

    @Test(
        "what is no code of GB/T 2260 is no region",
        arguments: [
            "", "4", "430", "43010", "4301022", "00", "0000", "000000", "10", "99", "4a", "４３", "43 ", "-4", "湖南",
            "四三",
        ])
    func noRegions(text: String) { #expect(Region(text) == nil) }

    @Test("a scope covers its own and nobody else's")
    func covers() throws {
        let hunan = Scope.region(try #require(Region("43")))
        let changsha = Scope.region(try #require(Region("4301")))
        #expect(hunan.covers(institution: "H", in: "430102") && changsha.covers(institution: "H", in: "430102"))
        #expect(!changsha.covers(institution: "H", in: "430202") && !hunan.covers(institution: "H", in: "110105"))
        #expect(!hunan.covers(institution: "H", in: nil) && !hunan.covers(institution: "43", in: "110105"))
        #expect(Scope.institution("H").covers(institution: "H", in: nil))
        #expect(!Scope.institution("H").covers(institution: "h", in: nil))
        #expect(Scope.nation.covers(institution: "H", in: nil) && !Scope.nothing.covers(institution: "", in: ""))
    }
}
