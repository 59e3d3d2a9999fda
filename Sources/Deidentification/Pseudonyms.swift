import ShangMi

/// Makes keyed pseudonyms: equal texts of one institution and program give equal pseudonyms, and none can be computed back.
///
/// HMAC-SM3 over program, institution and text, the first 16 bytes in hex. The same text in another program, or from another
/// institution, gives another pseudonym, so that programs cannot be linked with each other.
struct Pseudonyms: ~Copyable {
    static let length = 32

    static func isOne(_ text: [UInt8]) -> Bool {
        text.count == length && text.allSatisfy { $0 &- 0x30 <= 9 || $0 &- 0x61 < 6 }
    }

    private var code: HMACSM3
    private let scope: [UInt8]
    /// The last text of each field and its pseudonym: the rows of one patient mostly stand together.
    private var last: [(text: [UInt8], pseudonym: [UInt8])]

    init(program: String, institution: String, key: SymmetricKey, fieldCount: Int = 1) throws(ShangMiError) {
        let code = try HMACSM3(key: key)
        self.code = code
        scope = Array(program.utf8) + [0] + Array(institution.utf8) + [0]
        last = Array(repeating: ([], []), count: max(1, fieldCount))
    }

    mutating func append(_ text: UnsafeBufferPointer<UInt8>, field: Int = 0, to output: inout [UInt8]) {
        if !last[field].pseudonym.isEmpty, last[field].text.elementsEqual(text) {
            output += last[field].pseudonym
            return
        }
        code.update(scope)
        code.update(UnsafeRawBufferPointer(text))
        let digest = code.finish()
        let start = output.count
        digest.withUnsafeBytes { bytes in
            for index in 0..<Pseudonyms.length / 2 {
                output.append(Pseudonyms.digit(bytes[index] &>> 4))
                output.append(Pseudonyms.digit(bytes[index] & 15))
            }
        }
        last[field] = (Array(text), Array(output[start...]))
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }
}
