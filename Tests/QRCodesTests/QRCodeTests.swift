import QRCodes
import Testing

@Suite("A QR code")
struct QRCodeTests {
    @Test(
        "has its three finders in the corners, and is as large as its text needs",
        arguments: [("A", 21), (String(repeating: "7", count: 100), 41)])
    func finders(text: String, width: Int) throws {
        let code = try #require(QRCode(text))
        #expect(code.width == width)
        let rings = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]
        for (left, top) in [(0, 0), (code.width - 7, 0), (0, code.width - 7)] {
            let found = (0..<7).map { row in
                (0..<7).map { code.isDark(column: left + $0, row: top + row) ? "#" : "." }.joined()
            }
            #expect(found == rings)
        }
    }

    @Test("is drawn as one rectangle for each run of dark modules")
    func path() throws {
        let code = try #require(QRCode("vedette"))
        var drawn = 0
        for run in code.path.split(separator: "M") {
            let numbers = run.split { !$0.isNumber }.compactMap { Int($0) }
            #expect(numbers.count == 5 && numbers[2] == numbers[4] && numbers[3] == 1)
            for column in numbers[0]..<(numbers[0] + numbers[2]) {
                #expect(code.isDark(column: column, row: numbers[1]))
            }
            drawn += numbers[2]
        }
        let all = (0..<code.width).flatMap { row in (0..<code.width).map { code.isDark(column: $0, row: row) } }
        #expect(drawn == all.count { $0 })
    }

    @Test("says the same for the same text, and another for another") func texts() throws {
        #expect(try #require(QRCode("a")) == (try #require(QRCode("a"))) && QRCode("a") != QRCode("b"))
    }

    @Test("is none for what no code holds", arguments: ["", "a\0b", String(repeating: "x", count: 3000)])
    func none(text: String) { #expect(QRCode(text) == nil) }
}
