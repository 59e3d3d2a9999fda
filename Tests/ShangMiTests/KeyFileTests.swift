import ShangMi
import Testing

@Suite("The key file")
struct KeyFileTests {
    @Test("is read as it was written")
    func roundTrip() throws {
        var file = KeyFile(from: .strong)
        file.rotate(from: .strong)
        let again = try KeyFile(text: file.exposedText)
        #expect(again.keys == file.keys && file.keys.count == 2)
        #expect(try again.ring().currentKeyID == KeyID(of: file.keys[0]))
    }

    @Test("opens what was sealed before the keys were rotated, until the earlier keys are dropped")
    func rotation() throws {
        var file = KeyFile(from: .strong)
        let sealed = try SealedWriter.seal([1, 2, 3], keys: file.ring(), random: .strong)
        let first = file.ring
        file.rotate(from: .strong)
        #expect(try file.ring().currentKeyID != first().currentKeyID)
        #expect(try SealedReader.open(sealed, keys: file.ring()) == [1, 2, 3])
        file.dropEarlier()
        #expect(throws: SealError.self) { _ = try SealedReader.open(sealed, keys: file.ring()) }
    }

    @Test("may hold comments, blank lines and Windows line ends")
    func forms() throws {
        let file = try KeyFile(text: "# ours\r\n\r\n0123456789ABCDEFFEDCBA9876543210 # 2026\r\n")
        #expect(file.keys == [SymmetricKey(hex: "0123456789abcdeffedcba9876543210")])
    }

    @Test(
        "that is damaged is refused with the line, without repeating the key",
        arguments: [
            ("", "holds no key"), ("# only words", "holds no key"), ("0123", "line 1"),
            ("0123456789abcdeffedcba9876543210\n0123456789abcdeffedcba987654321", "line 2"),
            ("\n0123456789abcdeffedcba987654321x", "line 2"),
        ])
    func damaged(text: String, says: String) {
        let error = #expect(throws: ShangMiError.self) { try KeyFile(text: text) }
        let message = error?.description ?? ""
        #expect(message.contains(says) && !message.contains("0123"))
    }
}
