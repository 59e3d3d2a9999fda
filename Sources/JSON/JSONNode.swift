/// One JSON value and where it stands in its document.
public struct JSONNode: Sendable {
    public enum Content: Sendable {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
        case array([JSONNode])
        /// The members in the document's order; no name stands twice.
        case object([JSONMember])
    }

    public var content: Content
    /// The byte of the document at which it begins; `JSONDocument.position(of:)` makes a line and a column of it.
    public var offset: Int

    public init(_ content: Content, offset: Int) {
        self.content = content
        self.offset = offset
    }

    /// The value of a member; nil where this is no object or has no such member.
    public subscript(name: String) -> JSONNode? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// An element; nil where this is no array or has no such element.
    public subscript(index: Int) -> JSONNode? {
        guard case .array(let elements) = content, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

/// A name and its value in an object.
public struct JSONMember: Sendable {
    public var name: String
    /// The byte of the document at which the name's quote stands.
    public var nameOffset: Int
    public var value: JSONNode

    public init(name: String, nameOffset: Int, value: JSONNode) {
        self.name = name
        self.nameOffset = nameOffset
        self.value = value
    }
}

/// A place in a text. Lines and columns count from 1; a column is a character (Unicode scalar), as an editor counts.
public struct JSONPosition: Hashable, Sendable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of a byte. `\n`, `\r\n` and `\r` each end a line.
    public init(of offset: Int, in bytes: [UInt8]) {
        var (line, column, last) = (1, 1, UInt8(0))
        for byte in bytes.prefix(offset) {
            switch byte {
            case UInt8(ascii: "\n"): (line, column) = (last == UInt8(ascii: "\r") ? line : line + 1, 1)
            case UInt8(ascii: "\r"): (line, column) = (line + 1, 1)
            case _ where byte & 0xC0 != 0x80: column += 1
            default: break
            }
            last = byte
        }
        self.init(line: line, column: column)
    }
}

/// Why a text is no JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public var position: JSONPosition
    /// Whether a name stands twice in one object, where all else may be right.
    public var isRepeatedName: Bool
    /// What is wrong and what would be right, in Chinese and in English.
    public var zh: String
    public var en: String

    public var description: String { "\(position.line):\(position.column): \(en)" }
}
