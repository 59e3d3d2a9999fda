import CXML2

/// One XML part of a workbook, read node by node with libxml2's reader, from bytes that are inflated as it asks for them.
///
/// Nothing outside of the part is ever read: no document type, no entity but the five of XML, no network. The reader is not told to take
/// huge nodes, so that depth and the length of a text stay bounded by the library.
final class XMLPart {
    enum Node {
        case open, close, text, other, end
    }

    /// Names are kept once by the reader, so that two of them are compared by address.
    typealias Name = UnsafePointer<UInt8>

    let name: String
    private let feed: Feed
    private let reader: xmlTextReaderPtr
    private static let start: Void = xmlInitParser()

    init(_ name: String, _ source: any ByteSource) throws(TableError) {
        _ = XMLPart.start
        self.name = name
        feed = Feed(try PrologScreen(source, part: name))
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_NOCDATA.rawValue
        let reader = xmlReaderForIO(
            { context, buffer, count in
                guard let context, let buffer, count > 0 else { return -1 }
                return Unmanaged<Feed>.fromOpaque(context).takeUnretainedValue().read(into: buffer, count: Int(count))
            }, { _ in 0 }, Unmanaged.passUnretained(feed).toOpaque(), nil, "UTF-8", Int32(options))
        guard let reader else { throw .workbook(.damaged(part: name)) }
        self.reader = reader
    }

    deinit { xmlFreeTextReader(reader) }

    func intern(_ text: String) throws(TableError) -> Name {
        guard let name = xmlTextReaderConstString(reader, text) else { throw .workbook(.damaged(part: name)) }
        return name
    }

    /// Goes to the next node. Elements without content are told by `isEmpty` and have no `close`.
    func next() throws(TableError) -> Node {
        switch xmlTextReaderRead(reader) {
        case 1: break
        case 0: return .end
        default:
            if let error = feed.error { throw error }
            throw .workbook(.damaged(part: name))
        }
        switch UInt32(bitPattern: xmlTextReaderNodeType(reader)) {
        case XML_READER_TYPE_ELEMENT.rawValue: return .open
        case XML_READER_TYPE_END_ELEMENT.rawValue: return .close
        case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue, XML_READER_TYPE_WHITESPACE.rawValue,
            XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
            return .text
        case XML_READER_TYPE_DOCUMENT_TYPE.rawValue, XML_READER_TYPE_ENTITY_REFERENCE.rawValue:
            throw .workbook(.documentType(part: name))
        default: return .other
        }
    }

    /// The element's name without its prefix.
    var element: Name? { xmlTextReaderConstLocalName(reader).map { Name($0) } }

    var isEmpty: Bool { xmlTextReaderIsEmptyElement(reader) == 1 }

    /// The text of a text node, good until the next node; it ends with a zero byte.
    var text: UnsafeBufferPointer<UInt8> { XMLPart.bytes(xmlTextReaderConstValue(reader)) }

    /// Walks the element's attributes by their names without prefix.
    func attributes(_ body: (Name, UnsafeBufferPointer<UInt8>) -> Void) {
        guard let node = xmlTextReaderCurrentNode(reader) else { return }
        var attribute = node.pointee.properties
        while let here = attribute {
            if let name = here.pointee.name { body(name, XMLPart.bytes(here.pointee.children?.pointee.content)) }
            attribute = here.pointee.next
        }
    }

    /// An attribute as text: for parts that are read once.
    func attribute(_ wanted: String) -> String? {
        var found: String?
        attributes { name, value in
            if found == nil, String(cString: name) == wanted { found = String(decoding: value, as: UTF8.self) }
        }
        return found
    }

    /// Calls the body at each element that opens, with its name: for parts that are small.
    func elements(_ body: (String) throws(TableError) -> Void) throws(TableError) {
        while true {
            switch try next() {
            case .end: return
            case .open: if let element { try body(String(cString: element)) }
            case .close, .text, .other: continue
            }
        }
    }

    private static func bytes(_ text: UnsafePointer<UInt8>?) -> UnsafeBufferPointer<UInt8> {
        guard let text else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: text, count: Int(xmlStrlen(text)))
    }

    /// What the library pulls its bytes from. An error stays here until the library has come back.
    private final class Feed {
        private var source: PrologScreen
        private(set) var error: TableError?

        init(_ source: PrologScreen) { self.source = source }

        func read(into buffer: UnsafeMutablePointer<CChar>, count: Int) -> Int32 {
            guard error == nil else { return -1 }
            do throws(SourceError) {
                return Int32(try source.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count)))
            } catch {
                self.error = PartFault.error(of: error)
                return -1
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
