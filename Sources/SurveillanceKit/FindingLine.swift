/// One finding's line of JSON, its members found and none decoded: a file in which every cell is wrong has millions of them.
///
/// Reads what `Finding.appendJSONLine` writes, members in its order; a member of another name is passed over.
public struct FindingLine {
    /// The members of a finding, in the order they are written.
    public enum Member: Int, CaseIterable, Sendable {
        case file, program, fileType, row, line, column, field, title, severity, code, rule, expected, value, suggestion
        case message
    }

    public let bytes: ArraySlice<UInt8>
    /// Where each member's value stands, counted from the line's start; empty where there is none.
    private var places = [Range<Int>](repeating: 0..<0, count: Member.allCases.count)

    /// Nil where the line is no finding.
    public init?(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        var places = places
        let isWhole = bytes.withUnsafeBufferPointer { line in
            var expected = 0
            return JSONScanner.members(of: line) { name, value in
                for index in expected..<FindingLine.names.count
                where name.elementsEqual(FindingLine.names[index]) {
                    places[index] = value
                    expected = index + 1
                    break
                }
            }
        }
        guard isWhole, !places[Member.file.rawValue].isEmpty else { return nil }
        self.places = places
    }

    private static let names = Member.allCases.map { Array("\($0)".utf8) }

    /// A member's value as it is written, quotes and escapes included; nil where there is none.
    public subscript(member: Member) -> ArraySlice<UInt8>? {
        let place = places[member.rawValue]
        return place.isEmpty
            ? nil : bytes[(bytes.startIndex + place.lowerBound)..<(bytes.startIndex + place.upperBound)]
    }

    /// The row as a spreadsheet counts; nil for a finding about a whole file.
    public var row: Int? { number(.row) }

    public var isError: Bool { self[.severity]?.elementsEqual("\"error\"".utf8) ?? false }

    public var code: FindingCode? { text(.code).flatMap(FindingCode.init) }

    /// All of it decoded; nil where a member it must have is missing.
    public var finding: Finding? {
        guard let file = text(.file), let code, let severity = text(.severity).flatMap(Severity.init),
            let message = bilingual(.message)
        else { return nil }
        return Finding(
            file: file, program: text(.program), fileType: text(.fileType), row: row, line: number(.line),
            column: text(.column), field: text(.field), title: bilingual(.title), severity: severity, code: code,
            rule: text(.rule), value: text(.value), expected: bilingual(.expected), suggestion: text(.suggestion),
            message: message)
    }

    private func number(_ member: Member) -> Int? {
        self[member]?.reduce(0) { number, byte in number &* 10 &+ Int(byte &- 0x30) }
    }

    private func bilingual(_ member: Member) -> BilingualText? {
        guard let zh = text(member, .zh), let en = text(member, .en) else { return nil }
        return BilingualText(zh: zh, en: en)
    }

    /// The text of a member that is a plain string.
    public func text(_ member: Member) -> String? {
        self[member].map { String(decoding: JSONScanner.unquoted($0), as: UTF8.self) }
    }

    /// The text of a value that is written as a JSON string.
    static func unquoted(_ value: [UInt8]) -> String {
        String(decoding: JSONScanner.unquoted(value[...]), as: UTF8.self)
    }

    /// The text of a member that is written in both languages.
    public func text(_ member: Member, _ language: Language) -> String? {
        guard let value = self[member] else { return nil }
        var found: ArraySlice<UInt8>?
        value.withUnsafeBufferPointer { object in
            _ = JSONScanner.members(of: object) { name, place in
                guard name.elementsEqual(language.rawValue.utf8) else { return }
                found = value[(value.startIndex + place.lowerBound)..<(value.startIndex + place.upperBound)]
            }
        }
        return found.map { String(decoding: JSONScanner.unquoted($0), as: UTF8.self) }
    }
}

/// Finds the members of a JSON object of strings, numbers and objects, without building anything.
enum JSONScanner {
    /// Calls `body` with each member's name and its value's place; false where the bytes are no such object.
    static func members(
        of object: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Void
    ) -> Bool {
        guard object.count >= 2, object[0] == UInt8(ascii: "{"), object[object.count - 1] == UInt8(ascii: "}") else {
            return false
        }
        var at = 1
        while at < object.count - 1 {
            guard let nameEnd = end(ofString: object, at), nameEnd < object.count,
                object[nameEnd] == UInt8(ascii: ":"), let valueEnd = end(ofValue: object, nameEnd + 1)
            else { return false }
            body(UnsafeBufferPointer(rebasing: object[(at + 1)..<(nameEnd - 1)]), (nameEnd + 1)..<valueEnd)
            guard object[valueEnd] == UInt8(ascii: ",") else { return valueEnd == object.count - 1 }
            at = valueEnd + 1
        }
        return true
    }

    /// Behind the closing quote of the string that begins at `start`.
    private static func end(ofString bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        guard bytes[start] == UInt8(ascii: "\"") else { return nil }
        var at = start + 1
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""): return at + 1
            case UInt8(ascii: "\\"): at += 2
            default: at += 1
            }
        }
        return nil
    }

    /// Where the value ends, short of the object's own closing brace.
    private static func end(ofValue bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        var at = start
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard let next = end(ofString: bytes, at) else { return nil }
                at = next
                continue
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                if depth == 0 { return at }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return at
            default: break
            }
            at += 1
        }
        return nil
    }

    /// The text of a string in quotation marks, its escapes taken back.
    static func unquoted(_ string: ArraySlice<UInt8>) -> [UInt8] {
        let inner = string.dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\\")) else { return Array(inner) }
        var text: [UInt8] = []
        var rest = inner[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch escaped {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "u"):
                let digits = String(decoding: rest.prefix(4), as: UTF8.self)
                rest = rest.dropFirst(4)
                if let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
                    text += Array(String(scalar).utf8)
                }
            default: text.append(escaped)
            }
        }
        return text
    }
}
