/// Reads the bytes of one connection before the library below does, and lets through only what can be read in one way.
///
/// The library ends a value at a zero byte, takes a bare line feed for a line's end, joins folded lines and passes over chunk extensions.
/// A proxy in front may see other requests in the same bytes, and a second request can be smuggled past it. So each head is held back
/// until it is whole, then parsed strictly and handed on; the framing of chunks is written anew. What is malformed never reaches the
/// library: in its place comes a request of our own, to which `heads` has the answer, and nothing that follows is read.
/// Source: RFC 9112, sections 2.2, 3, 5, 6 and 7.1.
struct RequestScreen {
    /// A head as it was read, in the order in which heads were handed on.
    enum Head {
        case request(ScreenedHead)
        /// Answer with this, and close.
        case refused(Problem)
    }

    private enum Expected {
        case head
        case body(Int)
        case chunkHead
        case chunkData(Int)
        case chunkEnd
        case trailers
        /// Nothing is read any more.
        case nothing
    }

    private let screen: HeadScreen
    private var expected = Expected.head
    /// The bytes of an unfinished head, chunk head or trailer.
    private var held: [UInt8] = []
    /// What the library has not taken yet.
    private var outgoing: [UInt8] = []
    private var taken = 0
    private var heads: [Head] = []
    /// How many heads have been read, and how many of them the library has begun with.
    private var headsRead = 0
    private(set) var headsTaken = 0
    /// Of which request the chunks are malformed.
    private var malformedBody: Int?
    private var trailerBytes = 0

    /// The longest chunk head, with its extension, and the longest line of a trailer.
    private static let maximumChunkHead = 256
    private static let maximumTrailers = 4096
    /// Stands for a request that is malformed.
    private static let stand = Array("GET / HTTP/1.1\r\nHost: malformed\r\nConnection: close\r\n\r\n".utf8)

    init(_ screen: HeadScreen) { self.screen = screen }

    /// Whether a head has begun and is not whole.
    var isInsideHead: Bool {
        if case .head = expected { return !held.isEmpty }
        return false
    }

    /// How many bytes may go from the socket to the library as they are; 0 where they must pass through here.
    var directBytes: Int {
        guard taken == outgoing.count else { return 0 }
        switch expected {
        case .body(let rest), .chunkData(let rest): return rest
        case .head, .chunkHead, .chunkEnd, .trailers, .nothing: return 0
        }
    }

    var isClosed: Bool {
        if case .nothing = expected { return true }
        return false
    }

    /// Notes bytes that went to the library as they are.
    mutating func passed(_ count: Int) {
        switch expected {
        case .body(let rest): expected = rest > count ? .body(rest - count) : .head
        case .chunkData(let rest): expected = rest > count ? .chunkData(rest - count) : .chunkEnd
        case .head, .chunkHead, .chunkEnd, .trailers, .nothing: break
        }
    }

    /// Gives the library what is ready. Returns how many bytes that were.
    mutating func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, outgoing.count - taken)
        guard count > 0 else { return 0 }
        outgoing.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[taken..<taken + count]))
        }
        taken += count
        if taken == outgoing.count {
            outgoing = []
            taken = 0
        }
        return count
    }

    /// The next head that the library has begun with.
    mutating func nextHead() -> Head? {
        guard !heads.isEmpty else { return nil }
        headsTaken += 1
        return heads.removeFirst()
    }

    /// What is wrong with the chunks of a request, by its number.
    func bodyProblem(ofHead number: Int) -> Problem? { malformedBody == number ? .malformedChunks : nil }

    /// Takes bytes as they came from the client.
    mutating func receive(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            switch expected {
            case .nothing: return
            case .body(let count):
                outgoing += rest.prefix(count)
                passed(min(count, rest.count))
                rest = rest.dropFirst(count)
            case .chunkData(let count):
                outgoing += rest.prefix(count)
                passed(min(count, rest.count))
                rest = rest.dropFirst(count)
            case .head: receiveHead(&rest)
            case .chunkHead: receiveChunkHead(&rest)
            case .chunkEnd: receiveChunkEnd(&rest)
            case .trailers: receiveTrailers(&rest)
            }
        }
    }

    // MARK: Head

    private mutating func receiveHead(_ rest: inout ArraySlice<UInt8>) {
        // One line end before a request is passed over: some clients send one behind a body. Source: RFC 9112, section 2.2.
        while let byte = rest.popFirst() {
            let last = held.last
            guard isAllowed(byte, after: last) else { return refuse(.malformedBytes) }
            held.append(byte)
            if held.count == 2, byte == lineFeed { held = [] }
            if byte == lineFeed, held.count > 4, held[held.count - 4] == carriageReturn,
                held[held.count - 3] == lineFeed
            {
                return finishHead()
            }
            if held.count > screen.maximumBytes + 1024 {
                let isLine = held.firstIndex(of: lineFeed) == nil
                return refuse(isLine ? .uriTooLong : .headTooLarge(maximumBytes: screen.maximumBytes))
            }
        }
    }

    /// Whether a byte may follow in a head: no control character but a tab, and line ends only as CR LF.
    private func isAllowed(_ byte: UInt8, after last: UInt8?) -> Bool {
        if last == carriageReturn { return byte == lineFeed }
        return byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == carriageReturn
    }

    private mutating func finishHead() {
        do {
            let head = try screen.read(held)
            outgoing += head.forLibrary
            held = []
            heads.append(.request(head))
            headsRead += 1
            switch head.length {
            case .known(0): expected = .head
            case .known(let count): expected = .body(count)
            case .chunked: expected = .chunkHead
            }
        } catch {
            refuse(error)
        }
    }

    private mutating func refuse(_ problem: Problem) {
        held = []
        outgoing += Self.stand
        heads.append(.refused(problem))
        headsRead += 1
        expected = .nothing
    }

    // MARK: Chunks

    /// Ends the body for the library, which then asks for the answer: `bodyProblem`.
    private mutating func refuseBody(_ lineEnd: String = "") {
        held = []
        outgoing += Array((lineEnd + "0\r\n\r\n").utf8)
        malformedBody = headsRead
        expected = .nothing
    }

    /// Holds bytes up to and with the next CR LF. nil while it has not come, or where something else has and the body was refused.
    private mutating func line(_ rest: inout ArraySlice<UInt8>, maximum: Int) -> ArraySlice<UInt8>? {
        while let byte = rest.popFirst() {
            guard isAllowed(byte, after: held.last), held.count < maximum else {
                refuseBody()
                return nil
            }
            held.append(byte)
            if byte == lineFeed {
                defer { held = [] }
                return held.dropLast(2)
            }
        }
        return nil
    }

    private mutating func receiveChunkHead(_ rest: inout ArraySlice<UInt8>) {
        guard let line = line(&rest, maximum: Self.maximumChunkHead) else { return }
        let digits = line.prefix { isHexDigit($0) }
        let extensionPart = line.dropFirst(digits.count).drop { $0 == 0x20 || $0 == 0x09 }
        let isSound = extensionPart.isEmpty ? digits.count == line.count : extensionPart.first == UInt8(ascii: ";")
        guard isSound, (1...15).contains(digits.count),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return refuseBody() }
        if size == 0 {
            trailerBytes = 0
            expected = .trailers
        } else {
            outgoing += Array("\(String(size, radix: 16))\r\n".utf8)
            expected = .chunkData(size)
        }
    }

    private mutating func receiveChunkEnd(_ rest: inout ArraySlice<UInt8>) {
        while let byte = rest.popFirst() {
            guard byte == (held.isEmpty ? carriageReturn : lineFeed) else { return refuseBody("\r\n") }
            held.append(byte)
            if byte == lineFeed {
                held = []
                outgoing += [carriageReturn, lineFeed]
                expected = .chunkHead
                return
            }
        }
    }

    /// Trailer fields are checked and left out: nothing here reads them.
    private mutating func receiveTrailers(_ rest: inout ArraySlice<UInt8>) {
        while !rest.isEmpty {
            guard let line = line(&rest, maximum: Self.maximumTrailers) else { return }
            if line.isEmpty {
                outgoing += Array("0\r\n\r\n".utf8)
                expected = .head
                return
            }
            trailerBytes += line.count
            guard trailerBytes <= Self.maximumTrailers, let field = HeadScreen.field(line),
                !HeadScreen.framingFields.contains(field.name.lowercased())
            else {
                return refuseBody()
            }
        }
    }
}

private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")

private func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
}
