import CXML2

/// One XML part of a workbook, from bytes that are inflated as they are asked for: libxml2's parser is fed piece by piece, and what it tells of a
/// piece is handed over node by node.
///
/// Nothing outside of the part is ever read: no document type, no entity but the five of XML, no network. Depth is bounded here, the length of
/// names, attributes and unfinished nodes by the library, which is not told to take huge ones.
final class XMLPart {
    enum Node {
        case open, close, text, end
    }

    /// Names are kept once by the parser, so that two of them are compared by address.
    typealias Name = UnsafePointer<UInt8>

    let name: String
    private var source: PrologScreen
    private let parser: xmlParserCtxtPtr
    private let told: UnsafeMutablePointer<XMLNodes>
    private let piece: UnsafeMutableRawBufferPointer
    /// The next node of the piece.
    private var position = 0
    private var current = XMLNodes.Entry(node: .end, name: nil, first: 0, count: 0)
    private var hasEnded = false
    private var failure: TableError?
    private static let start: Void = xmlInitParser()
    private static let pieceBytes = 32 << 10

    init(_ name: String, _ source: any ByteSource) throws(TableError) {
        _ = XMLPart.start
        self.name = name
        // Whatever throws comes before what is allocated: no deinit would free it.
        self.source = try PrologScreen(source, part: name)
        let told = UnsafeMutablePointer<XMLNodes>.allocate(capacity: 1)
        told.initialize(to: XMLNodes())
        var handler = XMLNodes.handler
        guard let parser = xmlCreatePushParserCtxt(&handler, told, nil, 0, nil) else {
            told.pointee.free()
            told.deallocate()
            throw .workbook(.damaged(part: name))
        }
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_NOCDATA.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        xmlCtxtUseOptions(parser, Int32(options))
        self.parser = parser
        self.told = told
        piece = .allocate(byteCount: XMLPart.pieceBytes, alignment: 1)
        told.pointee.parser = parser
    }

    deinit {
        xmlFreeParserCtxt(parser)
        told.pointee.free()
        told.deallocate()
        piece.deallocate()
    }

    func intern(_ text: String) throws(TableError) -> Name {
        guard let name = xmlDictLookup(parser.pointee.dict, text, -1) else {
            throw .workbook(.damaged(part: name))
        }
        return name
    }

    /// Goes to the next node. Every element that opens is closed, also one without content.
    func next() throws(TableError) -> Node {
        while position == told.pointee.count {
            if let failure { throw failure }
            guard !hasEnded else { return .end }
            try parsePiece()
        }
        current = told.pointee.entries[position]
        position += 1
        return current.node
    }

    /// Has the parser read the next piece. What it told before it failed is handed over first.
    private func parsePiece() throws(TableError) {
        told.pointee.clear()
        position = 0
        let count: Int
        do throws(SourceError) { count = try source.read(into: piece) } catch { throw PartFault.error(of: error) }
        let bytes = piece.baseAddress?.assumingMemoryBound(to: CChar.self)
        xmlParseChunk(parser, bytes, Int32(count), count == 0 ? 1 : 0)
        hasEnded = count == 0
        if told.pointee.hasDocumentType {
            failure = .workbook(.documentType(part: name))
        } else if parser.pointee.wellFormed == 0 || told.pointee.isTooDeep {
            failure = .workbook(.damaged(part: name))
        }
    }

    /// The element's name without its prefix.
    var element: Name? { current.name }

    /// The element is closed in its own tag, `<v/>`; its close comes nevertheless.
    var isEmpty: Bool { current.isEmpty }

    /// The text of a text node, good until the next node.
    var text: UnsafeBufferPointer<UInt8> { told.pointee.bytes(current.first, current.count) }

    /// Walks the element's attributes by their names without prefix.
    func attributes(_ body: (Name, UnsafeBufferPointer<UInt8>) -> Void) {
        for index in current.first..<current.first + current.count {
            let attribute = told.pointee.attributes[index]
            body(attribute.name, told.pointee.bytes(attribute.first, attribute.count))
        }
    }

    /// An attribute as text: for parts that are read once.
    ///
    /// The parser leaves an ampersand of an attribute as the reference `&#38;`, however it was written.
    /// Source: libxml2, parser.c, xmlParseAttValueComplex, without XML_PARSE_NOENT.
    func attribute(_ wanted: String) -> String? {
        var found: String?
        attributes { name, value in
            if found == nil, String(cString: name) == wanted { found = String(decoding: value, as: UTF8.self) }
        }
        return found?.replacing("&#38;", with: "&")
    }

    /// Calls the body at each element that opens, with its name: for parts that are small.
    func elements(_ body: (String) throws(TableError) -> Void) throws(TableError) {
        while true {
            switch try next() {
            case .end: return
            case .open: if let element { try body(String(cString: element)) }
            case .close, .text: continue
            }
        }
    }
}

/// What a fault of a workbook's zip becomes; a failure of our own stays one.
enum PartFault {
    static func error(of error: SourceError) -> TableError {
        if case .archive(let fault) = error { return .workbook(.archive(fault)) }
        return .source(error)
    }
}
