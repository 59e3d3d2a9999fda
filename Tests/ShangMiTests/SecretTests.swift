import ShangMi
import Testing

@Suite("Secrets")
struct SecretTests {
    let key = SymmetricKey(bytes: Array("sixteen secrets!".utf8))

    @Test("never print themselves")
    func masked() throws {
        var text = "\(key)\(String(reflecting: key))"
        dump(["key": key], to: &text)
        dump(try KeyRing(current: key), to: &text)
        #expect(!text.contains("sixteen") && !text.contains("115") && !text.contains(key.exposedHex))
        #expect(text.contains("SymmetricKey(16 bytes)"))
    }

    @Test("are equal by their bytes")
    func equality() {
        #expect(key == SymmetricKey(bytes: Array("sixteen secrets!".utf8)))
        #expect(key != SymmetricKey(bytes: Array("sixteen secrets?".utf8)))
        #expect(key != SymmetricKey(bytes: Array("sixteen".utf8)))
        #expect(SymmetricKey(hex: key.exposedHex) == key)
        #expect(constantTimeEqual([], []) && !constantTimeEqual([1], []) && !constantTimeEqual([1, 2], [1, 3]))
    }

    @Test("come at random in any length")
    func random() {
        #expect(RandomSource.strong.bytes(0).isEmpty)
        #expect(RandomSource.strong.bytes(32) != RandomSource.strong.bytes(32))
        #expect(SymmetricKey(byteCount: 16, from: .strong) != SymmetricKey(byteCount: 16, from: .strong))
        #expect(RandomSource { $0.copyBytes(from: [7, 8, 9].prefix($0.count)) }.bytes(3) == [7, 8, 9])
    }

    @Test("have no use at a wrong length")
    func lengths() {
        let expected = ShangMiError.wrongLength(of: "an SM4 key", is: 3, expected: 16)
        #expect(throws: expected) { _ = try SM4GCM(key: SymmetricKey(bytes: [1, 2, 3])) }
        #expect(throws: ShangMiError.self) { _ = try KeyRing(current: SymmetricKey(bytes: [1])) }
        #expect(throws: ShangMiError.wrongLength(of: "a nonce", is: 2, expected: 12)) {
            var cipher = try SM4GCM(key: SymmetricKey(bytes: [UInt8](repeating: 0, count: 16)))
            _ = try cipher.seal([], nonce: [1, 2])
        }
    }

    @Test(
        "open nothing that was changed, of another nonce or with other additional data, and leave no plain byte behind")
    func authentication() throws {
        var cipher = try SM4GCM(key: key)
        let nonce = [UInt8](repeating: 3, count: 12)
        let sealed = try cipher.seal([1, 2, 3], nonce: nonce, additionalData: [9])
        #expect(try cipher.open(sealed, nonce: nonce, additionalData: [9]) == [1, 2, 3])
        #expect(try cipher.open(sealed, nonce: nonce, additionalData: [8]) == nil)
        #expect(try cipher.open(sealed, nonce: nonce) == nil)
        #expect(try cipher.open(sealed, nonce: [UInt8](repeating: 4, count: 12), additionalData: [9]) == nil)
        #expect(try cipher.open(Array(sealed.dropLast()), nonce: nonce, additionalData: [9]) == nil)
        #expect(try cipher.open([1], nonce: nonce) == nil)
        var changed = sealed
        changed[0] ^= 1
        var plain = [UInt8](repeating: 0xff, count: 3)
        let isWhole = try changed.withUnsafeBytes { changed in
            try plain.withUnsafeMutableBytes { try cipher.open(changed, nonce: nonce, additionalData: [9], into: $0) }
        }
        #expect(!isWhole && plain == [0, 0, 0])
        let empty = try cipher.seal([], nonce: nonce)
        #expect(empty.count == 16)
        #expect(try cipher.open(empty, nonce: nonce) == [])
    }

    @Test("hexadecimal digits are read in either case and nothing else is")
    func hex() {
        #expect(Hex.decode("00fFA0") == [0, 255, 160])
        #expect(Hex.encode([0, 255, 160]) == "00ffa0")
        for wrong in ["0", "0g", "００", " 00", "0x00"] { #expect(Hex.decode(wrong) == nil) }
        #expect(SM3Digest(hex: "00") == nil)
        // Frames of asynchronous functions are made for no more.
        #expect(MemoryLayout<SM3Digest>.alignment <= 16 && MemoryLayout<SM3Digest>.size == SM3Digest.byteCount)
        let digest = SM3.digest("abc")
        #expect(SM3Digest(hex: digest.hex.uppercased()) == digest && SM3Digest(bytes: digest.bytes) == digest)
        #expect(SM3.digest("abd") != digest)
    }
}
