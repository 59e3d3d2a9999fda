/// DER, read strictly: definite lengths in as few bytes as they need, and nothing behind an element's end.
///
/// Source: ITU-T X.690, 8 and 10.
struct DERReader {
    /// What is no DER, or not what was expected at that place.
    struct Fault: Error {}

    /// An element: its tag, and where its content and all of it lie.
    struct Element {
        var tag: UInt8
        var content: Range<Int>
        var whole: Range<Int>
    }

    static let (integer, bits, octets, null, identifier) = (
        UInt8(0x02), UInt8(0x03), UInt8(0x04), UInt8(0x05), UInt8(0x06)
    )
    static let (boolean, sequence, set) = (UInt8(0x01), UInt8(0x30), UInt8(0x31))

    let bytes: [UInt8]
    private var place: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        (place, end) = (0, bytes.count)
    }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        (place, end) = (range.lowerBound, range.upperBound)
    }

    var isAtEnd: Bool { place == end }

    /// The tag of the next element; nil at the end.
    var nextTag: UInt8? { place < end ? bytes[place] : nil }

    func inside(_ element: Element) -> DERReader { DERReader(bytes, element.content) }

    func content(_ element: Element) -> ArraySlice<UInt8> { bytes[element.content] }

    mutating func next() throws(Fault) -> Element {
        let start = place
        guard end - place >= 2 else { throw Fault() }
        let tag = bytes[place]
        // Tags of several bytes stand in nothing that is read here.
        guard tag & 0x1F != 0x1F else { throw Fault() }
        var length = Int(bytes[place + 1])
        place += 2
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...3).contains(count), end - place >= count else { throw Fault() }
            length = bytes[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
            guard bytes[place] != 0, length >= 0x80 else { throw Fault() }
            place += count
        }
        guard end - place >= length else { throw Fault() }
        let content = place..<(place + length)
        place += length
        return Element(tag: tag, content: content, whole: start..<place)
    }

    mutating func next(_ tag: UInt8) throws(Fault) -> Element {
        let element = try next()
        guard element.tag == tag else { throw Fault() }
        return element
    }

    /// The next element as a reader of what is in it.
    mutating func enter(_ tag: UInt8) throws(Fault) -> DERReader { inside(try next(tag)) }

    func requireEnd() throws(Fault) { if !isAtEnd { throw Fault() } }

    /// A whole number that is not negative, without the zero that DER puts before a high bit.
    mutating func number() throws(Fault) -> [UInt8] {
        let content = Array(content(try next(Self.integer)))
        guard let first = content.first, first < 0x80 else { throw Fault() }
        guard content.count > 1, first == 0 else { return content }
        guard content[1] >= 0x80 else { throw Fault() }
        return Array(content.dropFirst())
    }

    /// The bytes of a bit string of whole bytes.
    mutating func wholeBits() throws(Fault) -> [UInt8] {
        let content = content(try next(Self.bits))
        guard content.first == 0 else { throw Fault() }
        return Array(content.dropFirst())
    }

    /// An object identifier as it is written, `2.5.4.3`.
    mutating func name() throws(Fault) -> String {
        var arcs: [UInt64] = []
        var arc: UInt64 = 0
        let content = content(try next(Self.identifier))
        guard let last = content.last, last < 0x80, content.count <= 64 else { throw Fault() }
        for byte in content {
            guard arc < 1 << 56, arc != 0 || byte != 0x80 else { throw Fault() }
            arc = arc << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 {
                arcs.append(arc)
                arc = 0
            }
        }
        let first = min(arcs[0] / 40, 2)
        return ([first, arcs[0] - first * 40] + arcs.dropFirst()).map { String($0) }.joined(separator: ".")
    }
}
