import ShangMi

/// Makes keyed pseudonyms: equal texts of one institution and program give equal pseudonyms, and none can be computed back.
///
/// HMAC-SM3 over program, institution and text, the first 16 bytes in hex. The same text in another program, or from another
/// institution, gives another pseudonym, so that programs cannot be linked with each other.
struct Pseudonyms: ~Copyable {
    static let length = 32
    private var code: HMACSM3
    private let scope: [UInt8]

    init(program: String, institution: String, key: SymmetricKey) throws(ShangMiError) {
        let code = try HMACSM3(key: key)
        self.code = code
        scope = Array(program.utf8) + [0] + Array(institution.utf8) + [0]
    }

    mutating func append(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        code.update(scope)
        text.withUnsafeBytes { code.update($0) }
        let digest = code.finish()
        for byte in digest.bytes.prefix(Pseudonyms.length / 2) {
            output.append(Pseudonyms.digits[Int(byte >> 4)])
            output.append(Pseudonyms.digits[Int(byte & 15)])
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
