/// An X.509 certificate of an SM2 key, signed with SM2 and SM3.
///
/// Source: GB/T 20518-2018, GM/T 0015-2012; RFC 5280, 4.
public struct SM2Certificate: Hashable, Sendable {
    public let der: [UInt8]
    public let publicKey: SM2PublicKey
    /// In hexadecimal digits.
    public let serial: String
    /// Whom it names, such as `CN=张三, O=某省疾控中心`.
    public let subject: String
    public let issuer: String
    /// Seconds since 1970 UTC; both moments belong to the time in which it counts.
    public let notBefore: Int64
    public let notAfter: Int64
    /// Whether it is a certification authority's, and how many further authorities may stand below it; nil for any number.
    public let isAuthority: Bool
    let mostBelow: Int?
    /// What the key may be used for; everything where the certificate does not say.
    public let maySign: Bool
    let mayCertify: Bool
    private let subjectName: [UInt8]
    private let issuerName: [UInt8]
    private let signed: [UInt8]
    private let signature: SM2Signature

    /// SM3 of the whole certificate.
    public var fingerprint: String { SM3.digest(der).hex }

    /// - Throws: `CertificateFault.malformed`, `.otherAlgorithm`, `.unknownExtension`.
    public init(der: [UInt8]) throws(CertificateFault) {
        do { self = try Self.read(der) } catch let fault as CertificateFault { throw fault } catch { throw .malformed }
    }

    /// All certificates of a text in PEM, in their order; at least one.
    ///
    /// - Throws: `CertificateFault`.
    public static func all(inPEM text: String) throws(CertificateFault) -> [SM2Certificate] {
        guard let blocks = PEMText.blocks("CERTIFICATE", in: text), !blocks.isEmpty else { throw .noCertificate }
        var all: [SM2Certificate] = []
        for block in blocks { all.append(try SM2Certificate(der: block)) }
        return all
    }

    private init(
        der: [UInt8], publicKey: SM2PublicKey, serial: String, names: (subject: [UInt8], issuer: [UInt8]),
        texts: (subject: String, issuer: String), days: (first: Int64, last: Int64), uses: Extensions, signed: [UInt8],
        signature: SM2Signature
    ) {
        (self.der, self.publicKey, self.serial) = (der, publicKey, serial)
        (subjectName, issuerName) = (names.subject, names.issuer)
        (subject, issuer) = (texts.subject, texts.issuer)
        (notBefore, notAfter) = (days.first, days.last)
        (isAuthority, mostBelow) = (uses.isAuthority, uses.mostBelow)
        (maySign, mayCertify) = (uses.maySign, uses.mayCertify)
        (self.signed, self.signature) = (signed, signature)
    }

    // MARK: Trust

    /// Looks whether a person's certificate counts at a moment: its days, its use, and that an authority vouches for it.
    ///
    /// - Parameters:
    ///   - intermediates: authorities that came with it; each must itself be vouched for.
    ///   - authorities: those that are trusted.
    ///   - seconds: the moment, since 1970 UTC.
    /// - Throws: `CertificateFault`.
    public func check(
        _ intermediates: [SM2Certificate] = [], by authorities: [SM2Certificate], at seconds: Int64
    ) throws(CertificateFault) {
        try checkDays(at: seconds)
        guard maySign, !isAuthority else { throw .notForSigning }
        var (last, below) = (self, 0)
        while true {
            let trusted = try issuer(of: last, among: authorities, below: below, at: seconds)
            if trusted != nil { return }
            guard below < intermediates.count,
                let next = try issuer(of: last, among: intermediates, below: below, at: seconds)
            else { throw .notTrusted(issuer: last.issuer) }
            (last, below) = (next, below + 1)
        }
    }

    private func checkDays(at seconds: Int64) throws(CertificateFault) {
        guard seconds >= notBefore else { throw .notYet }
        guard seconds <= notAfter else { throw .expired }
    }

    /// The authority that has signed a certificate, of those that count at the moment.
    private func issuer(
        of certificate: SM2Certificate, among authorities: [SM2Certificate], below: Int, at seconds: Int64
    ) throws(CertificateFault) -> SM2Certificate? {
        for authority in authorities
        where authority.subjectName == certificate.issuerName && authority.isAuthority && authority.mayCertify {
            guard authority.mostBelow.map({ below <= $0 }) ?? true, authority.notBefore <= seconds,
                seconds <= authority.notAfter
            else { continue }
            if (try? authority.publicKey.isValid(certificate.signature, of: certificate.signed)) == true {
                return authority
            }
        }
        return nil
    }

    // MARK: Reading

    private static let signatureAlgorithm = "1.2.156.10197.1.501"
    private static let keyAlgorithms = ["1.2.840.10045.2.1", "1.2.156.10197.1.301"]

    private static func read(_ der: [UInt8]) throws -> SM2Certificate {
        var outside = DERReader(der)
        var whole = try outside.enter(DERReader.sequence)
        try outside.requireEnd()
        let body = try whole.next(DERReader.sequence)
        try algorithm(&whole)
        let signature = try whole.wholeBits()
        try whole.requireEnd()

        var tbs = whole.inside(body)
        var version = try tbs.enter(0xA0)
        guard try version.number() == [2] else { throw CertificateFault.malformed }
        let serial = try tbs.number()
        try algorithm(&tbs)
        let issuer = try tbs.next(DERReader.sequence)
        var validity = try tbs.enter(DERReader.sequence)
        let days = (first: try moment(&validity), last: try moment(&validity))
        let subject = try tbs.next(DERReader.sequence)
        var info = try tbs.enter(DERReader.sequence)
        var kind = try info.enter(DERReader.sequence)
        guard try kind.name() == keyAlgorithms[0], try kind.name() == keyAlgorithms[1] else {
            throw CertificateFault.otherAlgorithm
        }
        guard let key = SM2PublicKey(coordinates: try info.wholeBits()) else { throw CertificateFault.otherAlgorithm }
        var uses = Extensions()
        while let tag = tbs.nextTag {
            if tag == 0xA3 {
                var list = try tbs.enter(0xA3)
                uses = try Extensions(&list)
            } else {
                // The unique identifiers of old certificates.
                guard tag == 0x81 || tag == 0x82 else { throw CertificateFault.malformed }
                _ = try tbs.next()
            }
        }
        guard let value = SM2Signature(der: signature) else { throw CertificateFault.malformed }
        return SM2Certificate(
            der: der, publicKey: key, serial: Hex.encode(serial),
            names: (Array(der[subject.whole]), Array(der[issuer.whole])),
            texts: (try CertificateName.text(tbs.inside(subject)), try CertificateName.text(tbs.inside(issuer))),
            days: days, uses: uses, signed: Array(der[body.whole]), signature: value)
    }

    private static func algorithm(_ reader: inout DERReader) throws {
        var algorithm = try reader.enter(DERReader.sequence)
        guard try algorithm.name() == signatureAlgorithm else { throw CertificateFault.otherAlgorithm }
        if !algorithm.isAtEnd { _ = try algorithm.next(DERReader.null) }
        try algorithm.requireEnd()
    }

    /// UTCTime or GeneralizedTime, in UTC with seconds. Source: RFC 5280, 4.1.2.5.
    private static func moment(_ reader: inout DERReader) throws -> Int64 {
        let element = try reader.next()
        var digits = Array(reader.content(element))
        guard digits.popLast() == UInt8(ascii: "Z"), digits.allSatisfy({ (48...57).contains($0) }) else {
            throw CertificateFault.malformed
        }
        switch (element.tag, digits.count) {
        case (0x17, 12): digits = Array((digits[0] < 53 ? "20" : "19").utf8) + digits
        case (0x18, 14): break
        default: throw CertificateFault.malformed
        }
        func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + Int64($1) - 48 } }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else {
            throw CertificateFault.malformed
        }
        // Days since 1970 in the Gregorian calendar; a year begins with March, so that a leap day is its last.
        let (shifted, place) = (month > 2 ? year : year - 1, (month + 9) % 12)
        let days =
            shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (place * 153 + 2) / 5 + day - 1 - 719_468
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }
}

/// Why a certificate cannot be used.
public enum CertificateFault: Error, Hashable, Sendable {
    /// The text holds none.
    case noCertificate
    case malformed
    /// It is not one of an SM2 key, signed with SM2 and SM3.
    case otherAlgorithm
    /// It says that nobody may use it who does not know this extension.
    case unknownExtension(String)
    case notYet
    case expired
    /// It is an authority's, or its key may not sign.
    case notForSigning
    /// No trusted authority vouches for it.
    case notTrusted(issuer: String)
}

/// The extensions of a certificate that say what its key may do.
private struct Extensions {
    var isAuthority = false
    var mostBelow: Int?
    var maySign = true
    var mayCertify = true

    /// Those that change nothing here: key identifiers, other names, policies, where lists of revoked ones are.
    private static let others: Set<String> = [
        "2.5.29.14", "2.5.29.35", "2.5.29.17", "2.5.29.18", "2.5.29.32", "2.5.29.31",
    ]

    init() {}

    init(_ list: inout DERReader) throws {
        var all = try list.enter(DERReader.sequence)
        try list.requireEnd()
        var seen: Set<String> = []
        while !all.isAtEnd {
            var one = try all.enter(DERReader.sequence)
            let name = try one.name()
            guard seen.insert(name).inserted else { throw CertificateFault.malformed }
            var isCritical = false
            if one.nextTag == DERReader.boolean {
                isCritical = Array(one.content(try one.next(DERReader.boolean))) == [0xFF]
                guard isCritical else { throw CertificateFault.malformed }
            }
            var value = DERReader(Array(one.content(try one.next(DERReader.octets))))
            try one.requireEnd()
            switch name {
            case "2.5.29.19":
                var constraints = try value.enter(DERReader.sequence)
                if constraints.nextTag == DERReader.boolean {
                    isAuthority = Array(constraints.content(try constraints.next(DERReader.boolean))) == [0xFF]
                }
                if !constraints.isAtEnd {
                    let number = try constraints.number()
                    guard number.count == 1 else { throw CertificateFault.malformed }
                    mostBelow = Int(number[0])
                }
            case "2.5.29.15":
                let bits = Array(value.content(try value.next(DERReader.bits)))
                guard bits.count >= 2 else { throw CertificateFault.malformed }
                // Bits from the left: digitalSignature, nonRepudiation, …, keyCertSign is the sixth.
                maySign = bits[1] & 0x80 != 0
                mayCertify = bits[1] & 0x04 != 0
            case "2.5.29.37":
                var purposes = try value.enter(DERReader.sequence)
                var isForClients = false
                while !purposes.isAtEnd {
                    // Of a client, or for any purpose.
                    if ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"].contains(try purposes.name()) { isForClients = true }
                }
                maySign = maySign && isForClients
            default:
                guard !isCritical || Self.others.contains(name) else { throw CertificateFault.unknownExtension(name) }
            }
        }
    }
}

/// A distinguished name as people read it.
private enum CertificateName {
    private static let labels = [
        "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O",
        "2.5.4.11": "OU", "1.2.840.113549.1.9.1": "E",
    ]

    static func text(_ name: DERReader) throws -> String {
        var name = name
        var parts: [String] = []
        while !name.isAtEnd {
            var set = try name.enter(DERReader.set)
            while !set.isAtEnd {
                var pair = try set.enter(DERReader.sequence)
                let kind = try pair.name()
                let value = try pair.next()
                let shown = string(value.tag, pair.content(value)).unicodeScalars.filter {
                    $0.value >= 0x20 && $0.value != 0x7F
                }
                parts.append("\(labels[kind] ?? kind)=\(String(String.UnicodeScalarView(shown)).prefix(200))")
            }
        }
        // The most particular part stands last in a certificate, and first here.
        return parts.reversed().joined(separator: ", ")
    }

    private static func string(_ tag: UInt8, _ bytes: ArraySlice<UInt8>) -> String {
        guard tag == 0x1E else { return String(decoding: bytes, as: UTF8.self) }
        let all = Array(bytes)
        let units = stride(from: 0, to: all.count - 1, by: 2).map { UInt16(all[$0]) << 8 | UInt16(all[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }
}
