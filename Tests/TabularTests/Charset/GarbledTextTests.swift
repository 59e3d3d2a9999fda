import Testing

@testable import Tabular

@Suite("Text of UTF-8 that was read as GBK and written again")
struct GarbledTextTests {
    private func stands(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { GarbledText.stands(in: $0) }
    }

    /// What is asked of a file's first rows at once.
    private func mayStand(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { GarbledText.mayStand(in: $0) }
    }

    /// What a program makes of it that takes its UTF-8 for GBK.
    private func garbled(_ text: String) throws -> String {
        var bytes = Array(text.utf8)
        while !bytes.isEmpty {
            if let read = GB18030.string(from: bytes) { return read }
            bytes.removeLast()
        }
        return ""
    }

    @Test(
        "is seen where nothing else can be meant",
        arguments: [
            "鍙戠儹", "娴佹劅", "鍜冲椊", "鐥呮瘨鎬?", "涓婂懠鍚搁亾鎰熸煋", "鎮ｈ€呭彂鐑", "锛堝彂鐑級", "COVID-19 鑲虹値", "鎬ユ?т笂鍛煎惛", "鎮ｈ?呭彂鐑",
            "鎬ユ\u{FFFD}т笂鍛煎惛", "38.5,鍙戠儹",
        ])
    func seen(text: String) {
        #expect(stands(text))
        #expect(mayStand(text))
    }

    @Test(
        "is seen for any words of four bytes of GBK and more",
        arguments: ["发热", "流行性感冒", "上呼吸道感染", "未见异常", "（甲型）流感", "北京市朝阳区", "高热、咳嗽", "头痛"])
    func made(text: String) throws {
        let garbled = try garbled(text)
        #expect(stands(garbled), "\(garbled)")
    }

    @Test("begins with the characters that GBK has for the first two bytes of Chinese in UTF-8, and with no others")
    func beginnings() throws {
        var expected: Set<Unicode.Scalar> = []
        for lead in Array(UInt8(0xE2)...0xE9) + [0xEF] {
            for trail in UInt8(0x80)...0xBF {
                expected.formUnion(try #require(GB18030.string(from: [lead, trail])).unicodeScalars)
            }
        }
        #expect(Set(GarbledBeginnings.characters.unicodeScalars) == expected)
    }

    @Test("is seen behind digits and letters", arguments: 0..<16)
    func behind(place: Int) {
        let before = String(repeating: "1", count: place)
        #expect(mayStand(before + "鍙戠儹"))
        #expect(mayStand(before + "鍙戠儹" + before))
        #expect(mayStand("流感," + before + ",鍙戠儹"))
        for sign in ["å\u{8F}\u{91}", "ï»¿", "烫烫烫"] { #expect(mayStand(before + sign + before)) }
        #expect(!mayStand("发热," + before + ",发热" + before))
    }

    @Test(
        "is not seen in right text: rare characters, names, signs, one character that may be meant",
        arguments: [
            "", "发热", "鍾", "鑫", "濮阳淇", "宓妮", "瀛海璐", "涓", "濂", "闂", "錢鍾書", "鏡", "鎏金", "鐳射", "瑾瑜", "℃", "±", "é", "濮阳市",
            "涞水",
            "娴静", "鍙", "㎡", "Ⅲ级", "α干扰素", "𠮷野家", "錄錆錇", "嬴政", "闃 闅", "浜 ", "鎬ユ??", "鎬?鎬?鎬?", "鎬?发热",
        ])
    func near(text: String) {
        #expect(!stands(text))
    }
}
