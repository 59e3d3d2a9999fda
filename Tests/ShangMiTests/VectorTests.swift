import Testing

@testable import ShangMi

private func bytes(_ hex: String) -> [UInt8] { Hex.decode(hex.filter { !$0.isWhitespace }) ?? [] }

@Suite("Published vectors")
struct VectorTests {
    @Test(
        "SM3 gives the digests of the standard and is the same in pieces",
        arguments: [
            // GB/T 32905-2016, A.1 and A.2
            ("616263", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            (
                String(repeating: "61626364", count: 16),
                "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
            ),
            ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        ])
    func sm3Digests(message: String, expected: String) throws {
        let message = bytes(message)
        #expect(SM3.digest(message).hex == expected)
        var digest = try SM3()
        for _ in 0..<2 {
            for byte in message { digest.update([byte]) }
            #expect(digest.finish().hex == expected)
        }
    }

    @Test("SM4-GCM seals as RFC 8998 does")
    func sm4gcm() throws {
        // RFC 8998, A.1
        let key = SymmetricKey(bytes: bytes("0123456789ABCDEFFEDCBA9876543210"))
        let nonce = bytes("00001234567800000000ABCD")
        let additional = bytes("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
        let plain = bytes(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
                + "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA")
        let expected = bytes(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
                + "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
                + "83DE3541E4C2B58177E065A9BF7B62EC")
        var cipher = try SM4GCM(key: key)
        for _ in 0..<2 {
            #expect(try cipher.seal(plain, nonce: nonce, additionalData: additional) == expected)
            #expect(try cipher.open(expected, nonce: nonce, additionalData: additional) == plain)
        }
    }

    @Test(
        "HMAC-SM3 agrees with another library, for short keys and for keys longer than a block",
        arguments: [
            // Messages of RFC 2202; codes by OpenSSL.
            (
                [UInt8](repeating: 0x0b, count: 20), "Hi There",
                "51b00d1fb49832bfb01c3ce27848e59f871d9ba938dc563b338ca964755cce70"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "b4fd844e13342002f0b2e0690ea7741f1497d993a70494cea601e657bedf67a0"
            ),
        ])
    func hmac(key: [UInt8], message: String, expected: String) throws {
        var hmac = try HMACSM3(key: SymmetricKey(bytes: key))
        for _ in 0..<3 { #expect(hmac.code(Array(message.utf8)).hex == expected) }
        for byte in message.utf8 { hmac.update([byte]) }
        #expect(hmac.finish().hex == expected)
    }

    @Test(
        "Argon2id agrees with its reference implementation",
        arguments: [
            // phc-winner-argon2, src/test.c: version 0x13, Argon2id, t=2, m=65536, p=1
            ("password", "somesalt", 65536, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
            // OpenSSL 3.5, a password that is not ASCII
            (
                "密码 correct horse", "somesaltsomesalt", 19456, 1,
                "41b8cdb29ed9fca13024171fd39b57e7d99b86e4af369f8888af8cfc951fa9a7"
            ),
        ])
    func argon2id(password: String, salt: String, memory: Int, lanes: Int, expected: String) throws {
        let cost = PasswordHash.Cost(memoryKiB: memory, passes: 2, lanes: lanes)
        let hash = try PasswordHash.argon2id(password, salt: Array(salt.utf8), cost: cost, byteCount: 32)
        #expect(Hex.encode(hash) == expected)
    }
}
