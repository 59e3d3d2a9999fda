import Testing

@testable import ShangMi

@Suite("SM2 signatures")
struct SM2Tests {
    /// GB/T 32918.5-2017, A.2: message digest signed by the example's key.
    let d = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
    let point =
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    let signature =
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        + "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    let message = Array("message digest".utf8)

    @Test("follow the standard's example: public key, digest and signature")
    func standardExample() throws {
        let key = try #require(try SM2PrivateKey(hex: d))
        #expect(key.publicKey.hex == point)
        let digest = try SM2.digest(of: message, userID: SM2.defaultUserID, publicKey: key.publicKey)
        #expect(digest.hex == "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640")
        let published = try #require(SM2Signature(hex: signature))
        let publicKey = try #require(SM2PublicKey(hex: point))
        #expect(try publicKey.isValid(published, of: message))
    }

    @Test("hold for their own message, key and user id alone")
    func ownSignatures() throws {
        let key = try SM2PrivateKey(from: .strong)
        let other = try SM2PrivateKey(from: .strong)
        for count in 0..<20 {
            let message = (0..<count).map { UInt8($0) }
            let signature = try key.sign(message)
            #expect(try key.publicKey.isValid(signature, of: message))
            #expect(try !key.publicKey.isValid(signature, of: message + [0]))
            #expect(try !other.publicKey.isValid(signature, of: message))
            #expect(try !key.publicKey.isValid(signature, of: message, userID: "ALICE123@YAHOO.COM"))
        }
        let named = try key.sign(message, userID: "市卫生健康委")
        #expect(try key.publicKey.isValid(named, of: message, userID: "市卫生健康委"))
    }

    @Test("are refused when changed in a single bit or out of range")
    func changed() throws {
        let key = try #require(SM2PublicKey(hex: point))
        let bytes = try #require(Hex.decode(signature))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x10
            let value = try #require(SM2Signature(bytes: changed))
            #expect(try !key.isValid(value, of: message))
        }
        for fill in [UInt8(0), 255] {
            let value = try #require(SM2Signature(bytes: [UInt8](repeating: fill, count: 64)))
            #expect(try !key.isValid(value, of: message))
        }
    }

    @Test("come from keys that can be written down and read again")
    func keys() throws {
        let key = try SM2PrivateKey(from: counting(5))
        let again = try #require(try SM2PrivateKey(hex: key.exposedHex))
        #expect(again.publicKey == key.publicKey)
        #expect(try SM2PrivateKey(from: counting(5)).publicKey == key.publicKey)
        #expect(SM2PublicKey(hex: key.publicKey.hex) == key.publicKey)
        #expect(SM2PublicKey(coordinates: key.publicKey.coordinates) == key.publicKey)
        #expect(!"\(key)".contains(key.exposedHex) && !String(reflecting: key).contains(key.exposedHex))
    }

    @Test(
        "take no private key out of range",
        arguments: [
            "", "00", String(repeating: "0", count: 64), String(repeating: "f", count: 64),
            "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122",
            "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123", "xyz",
        ])
    func privateRange(hex: String) throws { #expect(try SM2PrivateKey(hex: hex) == nil) }

    @Test("take the least and the greatest private key")
    func privateLimits() throws {
        let least = try #require(try SM2PrivateKey(hex: String(repeating: "0", count: 63) + "1"))
        #expect(least.publicKey.hex.hasPrefix("0432c4ae2c1f1981195f9904466a39c994"))
        let greatest = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121"
        let key = try #require(try SM2PrivateKey(hex: greatest))
        #expect(try key.publicKey.isValid(key.sign(message), of: message))
    }

    @Test("take no public key that is not on the curve")
    func offCurve() throws {
        var bytes = try #require(Hex.decode(point))
        bytes[64] ^= 1
        #expect(SM2PublicKey(coordinates: bytes) == nil)
        #expect(SM2PublicKey(coordinates: [UInt8](repeating: 0, count: 64)) == nil)
        #expect(SM2PublicKey(coordinates: [UInt8](repeating: 255, count: 64)) == nil)
        #expect(SM2PublicKey(coordinates: []) == nil)
    }
}
