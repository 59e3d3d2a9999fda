import Testing

@testable import Tabular

@Suite("The fast look for lost text")
struct LostBytesTests {
    /// Only the bytes of the text itself count: those behind it are commas.
    private func mayBeLost(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (bytes + [UInt8](repeating: 0x2C, count: RecordBlock.padding)).withUnsafeBufferPointer { buffer in
            LostBytes().mayStand(in: UnsafeBufferPointer(rebasing: buffer[..<bytes.count]))
        }
    }

    @Test("sees what may be lost wherever it stands", arguments: 0..<40)
    func everywhere(place: Int) {
        for sign in ["??", "锟斤拷", "烫烫烫", "ï»¿", "å\u{8F}\u{91}"] {
            for tail in [0, 1, 15, 16, 17] {
                let text = String(repeating: "a", count: place) + sign + String(repeating: "b", count: tail)
                #expect(mayBeLost(text), "\(text)")
            }
        }
    }

    #if arch(x86_64)
        @Test(
            "passes texts as hospitals write them",
            arguments: ["", "?", "卫生院", "发热2天，最高体温39.5℃", "学生", "肺炎?", "10±2", "-"])
        func usual(text: String) { #expect(!mayBeLost(text)) }
    #endif
}
