import Testing

@testable import ShangMi

@Suite("Codes of authenticator apps")
struct TimeCodeTests {
    @Test(
        "are those of the standard",
        arguments: [
            // RFC 6238, appendix B, SHA-1.
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)])
    func vectors(seconds: Int64, expected: String) throws {
        let secret = Array("12345678901234567890".utf8)
        let step = TimeCode.step(at: seconds)
        #expect(try TimeCode.code(secret: secret, step: step, digits: 8) == expected)
        #expect(try TimeCode.code(secret: secret, step: step) == expected.suffix(6))
    }

    @Test(
        "their secrets are typed in base 32",
        arguments: [
            // RFC 4648, section 10, without padding.
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ])
    func base32(plain: String, encoded: String) { #expect(Base32.encode(Array(plain.utf8)) == encoded) }
}
