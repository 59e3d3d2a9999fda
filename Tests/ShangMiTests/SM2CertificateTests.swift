import TestKit
import Testing

@testable import ShangMi

@Suite("SM2 certificates")
struct SM2CertificateTests {
    /// 2026-12-02, and ten years later.
    private static let (now, late): (Int64, Int64) = (1_796_169_600, 2_117_000_000)

    private static func read(_ pem: String) throws -> SM2Certificate {
        try #require(try SM2Certificate.all(inPEM: pem).first)
    }

    private func fault(
        _ pem: String, _ between: [String] = [], by roots: [String] = [SM2Samples.ca], at now: Int64 = now
    ) -> CertificateFault? {
        do throws(CertificateFault) {
            var (all, trusted): ([SM2Certificate], [SM2Certificate]) = ([], [])
            for one in [pem] + between { all += try SM2Certificate.all(inPEM: one) }
            for root in roots { trusted += try SM2Certificate.all(inPEM: root) }
            try all[0].check(Array(all.dropFirst()), by: trusted, at: now)
            return nil
        } catch { return error }
    }

    @Test("what OpenSSL has made is read: names, days, key and use")
    func read() throws {
        let leaf = try Self.read(SM2Samples.leaf)
        #expect(leaf.subject == "CN=张三, O=某省疾控中心, C=CN" && leaf.issuer == "CN=SM2 Intermediate, O=Test CA, C=CN")
        #expect(leaf.maySign && !leaf.isAuthority && leaf.serial.count == 40)
        #expect(leaf.notAfter - leaf.notBefore == 3_650 * 86_400 && leaf.notBefore < Self.now)
        let ca = try Self.read(SM2Samples.ca)
        #expect(ca.isAuthority && !ca.maySign && ca.mostBelow == nil)
        #expect(try Self.read(SM2Samples.mid).mostBelow == 0)
        #expect(leaf.fingerprint.count == 64 && leaf.fingerprint != ca.fingerprint)
        let key = try #require(try SM2PrivateKey(pem: SM2Samples.leafKey))
        #expect(key.publicKey == leaf.publicKey)
        #expect(try SM2PrivateKey(pem: "x\n" + SM2Samples.leafKeyOfEC)?.publicKey == leaf.publicKey)
        #expect(try SM2PrivateKey(pem: SM2Samples.leaf) == nil)
    }

    @Test("a chain to a trusted authority, with and without one between; an authority between may itself be trusted")
    func chains() {
        #expect(fault(SM2Samples.leaf, [SM2Samples.mid]) == nil)
        #expect(fault(SM2Samples.leaf, by: [SM2Samples.mid]) == nil)
        #expect(fault(SM2Samples.other) == nil)
        #expect(fault(SM2Samples.other, by: [SM2Samples.ca2, SM2Samples.ca]) == nil)
    }

    @Test("what does not count is told why")
    func refused() {
        let issuer = "CN=SM2 Intermediate, O=Test CA, C=CN"
        #expect(fault(SM2Samples.leaf) == .notTrusted(issuer: issuer))
        let root = "CN=SM2 Root, O=Test CA, C=CN"
        #expect(fault(SM2Samples.leaf, [SM2Samples.mid], by: []) == .notTrusted(issuer: root))
        // Another root of the same name.
        #expect(fault(SM2Samples.other, by: [SM2Samples.ca2]) == .notTrusted(issuer: root))
        // Below an authority that may have none below it; and signed by somebody who is none.
        #expect(
            fault(SM2Samples.deep, [SM2Samples.below, SM2Samples.mid])
                == .notTrusted(issuer: "CN=SM2 Intermediate, O=Test CA, C=CN"))
        #expect(fault(SM2Samples.child, [SM2Samples.noca]) == .notTrusted(issuer: "CN=noca, C=CN"))
        #expect(fault(SM2Samples.child, by: [SM2Samples.noca]) == .notTrusted(issuer: "CN=noca, C=CN"))
        #expect(fault(SM2Samples.short) == .expired)
        #expect(fault(SM2Samples.other, at: Self.late) == .expired)
        #expect(fault(SM2Samples.other, at: 0) == .notYet)
        #expect(fault(SM2Samples.encrypts) == .notForSigning)
        #expect(fault(SM2Samples.server) == .notForSigning)
        #expect(fault(SM2Samples.ca) == .notForSigning)
        #expect(fault(SM2Samples.strange) == .unknownExtension("1.2.3.4.5"))
        #expect(fault(SM2Samples.p256) == .otherAlgorithm)
        #expect(fault("hello") == .noCertificate)
        #expect(fault("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----") == .malformed)
    }

    @Test("a byte changed anywhere, and a certificate cut off anywhere, is never trusted and never read beyond its end")
    func damaged() throws {
        let leaf = try Self.read(SM2Samples.other)
        let roots = try SM2Certificate.all(inPEM: SM2Samples.ca)
        for place in leaf.der.indices {
            var other = leaf.der
            other[place] ^= 1
            guard let read = try? SM2Certificate(der: other) else { continue }
            #expect(throws: CertificateFault.self, "\(place)") { try read.check(by: roots, at: Self.now) }
        }
        for count in leaf.der.indices {
            #expect(throws: CertificateFault.malformed) { try SM2Certificate(der: Array(leaf.der.prefix(count))) }
        }
        #expect(throws: CertificateFault.malformed) { try SM2Certificate(der: leaf.der + [0]) }
    }

    @Test("signatures are read as tools write them, and written as they read them")
    func signatures() throws {
        let key = try Self.read(SM2Samples.leaf).publicKey
        let message = Array(SM2Samples.challenge.utf8)
        let signature = try #require(SM2Signature(text: SM2Samples.signature))
        #expect(try key.isValid(signature, of: message))
        let forms = [
            Hex.encode(signature.der), Hex.encode(signature.der).uppercased(), signature.hex,
            SM2Samples.signature + "\n",
        ]
        for form in forms { #expect(SM2Signature(text: form) == signature, "\(form)") }
        #expect(
            SM2Signature(fileBytes: signature.der) == signature && SM2Signature(fileBytes: signature.bytes) == signature
        )
        for wrong in ["", "zz", "00", signature.hex + "00"] { #expect(SM2Signature(text: wrong) == nil) }
        let own = try #require(try SM2PrivateKey(pem: SM2Samples.leafKey)).sign(message)
        #expect(SM2Signature(der: own.der) == own)
        #expect(try key.isValid(own, of: message))
        #expect(try !key.isValid(own, of: message + [10]))
    }
}
