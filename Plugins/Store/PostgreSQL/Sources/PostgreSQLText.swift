import Database

/// One SQL statement of the portable profile, as PostgreSQL takes it.
///
/// Parameters (`?`) are numbered. Types of columns are eight bytes wide and text is compared byte by byte, whatever the database's locale.
/// Quoted names of more than 63 bytes, which the server would cut off without a word, are shortened by a hash of the whole name.
struct PostgreSQLText: Sendable {
    private(set) var sql = ""
    private(set) var parameterCount = 0
    /// The first word, in capitals.
    private(set) var verb = ""
    /// Names that were shortened, by what they became.
    private(set) var longNames: [String: String] = [:]

    /// The server's NAMEDATALEN less its end. Source: PostgreSQL 15, "Lexical Structure", identifiers and key words.
    static let mostNameBytes = 63

    /// Whether the statement changes the shape of tables: what was prepared before may not fit any more.
    var changesShape: Bool { ["CREATE", "ALTER", "DROP"].contains(verb) }
    /// Whether it is worth preparing once for many runs.
    var isPreparable: Bool { ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"].contains(verb) }

    /// - Throws: `DatabaseError.invalidSQL` where the text is empty or holds more than one statement.
    init(_ portable: String) throws {
        var scanner = Scanner(bytes: Array(portable.utf8))
        var output: [UInt8] = []
        // The words and signs since the last comma or bracket: a column's type stands behind its name.
        var last = ""
        var isEnded = false
        while let token = scanner.next() {
            if case .blank = token.kind {
                output += token.bytes
                continue
            }
            if isEnded { throw DatabaseError.invalidSQL("more than one statement at a time") }
            switch token.kind {
            case .blank: break
            case .end: isEnded = true
            case .parameter:
                parameterCount += 1
                output += Array("$\(parameterCount)".utf8)
                last = "?"
            case .name:
                output += quoted(token.bytes)
                last = "name"
            case .text, .sign:
                output += token.bytes
                last = String(decoding: token.bytes, as: UTF8.self)
            case .word:
                let word = String(decoding: token.bytes, as: UTF8.self)
                if verb.isEmpty { verb = word.uppercased() }
                let isType = changesShape && !Self.beforeNames.contains(last)
                output += isType ? Array((Self.types[word.uppercased()] ?? word).utf8) : token.bytes
                last = word.uppercased()
            }
        }
        guard !verb.isEmpty else { throw DatabaseError.invalidSQL("an empty statement") }
        sql = String(decoding: output, as: UTF8.self)
    }

    private static let beforeNames: Set<String> = [
        "(", ",", ".", "COLUMN", "TABLE", "INDEX", "ON", "REFERENCES", "EXISTS",
    ]
    private static let types = [
        "TEXT": #"TEXT COLLATE "C""#, "INTEGER": "BIGINT", "INT": "BIGINT", "REAL": "DOUBLE PRECISION", "BLOB": "BYTEA",
    ]

    private mutating func quoted(_ name: [UInt8]) -> [UInt8] {
        guard name.count - 2 > Self.mostNameBytes else { return name }
        let whole = String(decoding: name.dropFirst().dropLast(), as: UTF8.self)
        let short = Self.shortened(whole)
        longNames[short] = whole
        return Array("\"\(short)\"".utf8)
    }

    /// The first characters of a long name and a hash of all of it; the same for the same name, always.
    static func shortened(_ name: String) -> String {
        guard name.utf8.count > mostNameBytes else { return name }
        // FNV-1a, 64 bits. Source: draft-eastlake-fnv.
        let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        let end = "_" + String(repeating: "0", count: 16 - digits.count) + digits
        var short = ""
        for character in name {
            guard short.utf8.count + String(character).utf8.count + end.utf8.count <= mostNameBytes else { break }
            short.append(character)
        }
        return short + end
    }
}

/// Splits SQL into what is copied as it is and what is not.
private struct Scanner {
    enum Kind { case blank, word, name, text, parameter, sign, end }

    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> (kind: Kind, bytes: [UInt8])? {
        guard place < bytes.count else { return nil }
        let start = place
        let kind = scan()
        return (kind, Array(bytes[start..<place]))
    }

    private mutating func scan() -> Kind {
        let byte = bytes[place]
        let following = place + 1 < bytes.count ? bytes[place + 1] : 0
        switch byte {
        case UInt8(ascii: "'"):
            skipQuoted(byte)
            return .text
        case UInt8(ascii: "\""):
            skipQuoted(byte)
            return .name
        case UInt8(ascii: "-") where following == byte:
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            return .blank
        case UInt8(ascii: "/") where following == UInt8(ascii: "*"):
            place += 3
            while place < bytes.count, !(bytes[place - 1] == UInt8(ascii: "*") && bytes[place] == UInt8(ascii: "/")) {
                place += 1
            }
            place = min(place + 1, bytes.count)
            return .blank
        case _ where Self.isBlank(byte):
            while place < bytes.count, Self.isBlank(bytes[place]) { place += 1 }
            return .blank
        case _ where Self.isWord(byte):
            while place < bytes.count, Self.isWord(bytes[place]) { place += 1 }
            return .word
        default:
            place += 1
            return byte == UInt8(ascii: "?") ? .parameter : byte == UInt8(ascii: ";") ? .end : .sign
        }
    }

    /// A doubled quote within is one of the text.
    private mutating func skipQuoted(_ quote: UInt8) {
        place += 1
        while place < bytes.count {
            defer { place += 1 }
            guard bytes[place] == quote else { continue }
            guard place + 1 < bytes.count, bytes[place + 1] == quote else { return }
            place += 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
