import CXML2

/// What the parser has told of one piece of a part: nodes in order, their attributes, and the bytes of both.
///
/// Held in memory of its own, which C can write to while it parses and which stays where it is until the next piece.
struct XMLNodes {
    struct Entry {
        var node: XMLPart.Node
        var name: XMLPart.Name?
        /// Of an element its first attribute and their number; of a text its first byte and their number.
        var first: Int
        var count: Int
        /// An element that is closed in its own tag, `<v/>`.
        var isEmpty = false
    }

    struct Attribute {
        var name: XMLPart.Name
        var first: Int
        var count: Int
    }

    private(set) var entries = UnsafeMutablePointer<Entry>.allocate(capacity: 4096)
    private(set) var count = 0
    private(set) var attributes = UnsafeMutablePointer<Attribute>.allocate(capacity: 4096)
    private(set) var hasDocumentType = false
    /// More elements within one another than any part of a workbook has.
    var isTooDeep: Bool { depth > XMLNodes.greatestDepth }
    /// Which tells what it tells, so that it can be asked where it stands.
    var parser: xmlParserCtxtPtr?
    private var capacity = 4096
    private var attributeCount = 0
    private var attributeCapacity = 4096
    private var text = UnsafeMutablePointer<UInt8>.allocate(capacity: 65_536)
    private var textCount = 0
    private var textCapacity = 65_536
    private var depth = 0

    private static let greatestDepth = 256

    func free() {
        entries.deallocate()
        attributes.deallocate()
        text.deallocate()
    }

    mutating func clear() {
        count = 0
        attributeCount = 0
        textCount = 0
    }

    func bytes(_ first: Int, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text + first, count: count)
    }

    private mutating func add(_ entry: Entry) {
        if count == capacity { XMLNodes.grow(&entries, count, &capacity, to: count + 1) }
        (entries + count).initialize(to: entry)
        count += 1
    }

    private mutating func add(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Int {
        let first = textCount
        if first + length > textCapacity { XMLNodes.grow(&text, textCount, &textCapacity, to: first + length) }
        (text + first).update(from: bytes, count: length)
        textCount += length
        return first
    }

    private static func grow<T>(
        _ memory: inout UnsafeMutablePointer<T>, _ count: Int, _ capacity: inout Int, to needed: Int
    ) {
        let larger = max(capacity * 2, needed)
        let new = UnsafeMutablePointer<T>.allocate(capacity: larger)
        new.moveInitialize(from: memory, count: count)
        memory.deallocate()
        (memory, capacity) = (new, larger)
    }

    private mutating func open(
        _ name: XMLPart.Name, _ own: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ number: Int
    ) {
        depth += 1
        let first = attributeCount
        if let own {
            if first + number > attributeCapacity {
                XMLNodes.grow(&attributes, attributeCount, &attributeCapacity, to: first + number)
            }
            // Name, prefix, address of the namespace, begin and end of the value.
            for index in 0..<number {
                guard let name = own[index * 5], let begin = own[index * 5 + 3], let end = own[index * 5 + 4] else {
                    continue
                }
                let place = add(begin, end - begin)
                (attributes + attributeCount).initialize(
                    to: Attribute(name: name, first: place, count: end - begin))
                attributeCount += 1
            }
        }
        // The parser stands behind the last attribute.
        let isEmpty = parser?.pointee.input?.pointee.cur?.pointee == UInt8(ascii: "/")
        add(Entry(node: .open, name: name, first: first, count: attributeCount - first, isEmpty: isEmpty))
    }

    private mutating func close(_ name: XMLPart.Name) {
        if !isTooDeep { depth -= 1 }
        add(Entry(node: .close, name: name, first: 0, count: 0))
    }

    private mutating func characters(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        let first = add(bytes, length)
        add(Entry(node: .text, name: nil, first: first, count: length))
    }

    /// What the parser calls; everything that is not here it passes over.
    static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { context, name, _, _, _, _, number, _, attributes in
            guard let context, let name else { return }
            context.assumingMemoryBound(to: XMLNodes.self).pointee.open(name, attributes, Int(number))
        }
        handler.endElementNs = { context, name, _, _ in
            guard let context, let name else { return }
            context.assumingMemoryBound(to: XMLNodes.self).pointee.close(name)
        }
        handler.characters = { context, bytes, length in
            guard let context, let bytes, length > 0 else { return }
            context.assumingMemoryBound(to: XMLNodes.self).pointee.characters(bytes, Int(length))
        }
        handler.ignorableWhitespace = handler.characters
        handler.internalSubset = { context, _, _, _ in
            guard let context else { return }
            context.assumingMemoryBound(to: XMLNodes.self).pointee.hasDocumentType = true
        }
        return handler
    }
}
