/// What a part of a form says of itself.
public struct MultipartPart: Sendable, Equatable {
    public var name: String
    /// The file's name without the folders some browsers put before it; nil for a field, empty where no file was
    /// chosen.
    public var fileName: String?
    public var contentType: String?

    public init(name: String, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }

    /// Reads the header lines of a part; nil where none is a `Content-Disposition: form-data` with a name.
    init?(head: ArraySlice<UInt8>) {
        var disposition: ParameterizedValue?
        for line in String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true) {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let name = line[..<colon]
            let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            if equalsIgnoringCase(name, "Content-Disposition") {
                guard disposition == nil else { return nil }
                disposition = ParameterizedValue(value)
            } else if equalsIgnoringCase(name, "Content-Type") {
                contentType = value
            }
        }
        guard let disposition, disposition.value.lowercased() == "form-data", let name = disposition["name"] else {
            return nil
        }
        self.name = name
        guard let given = disposition.extended("filename") ?? disposition["filename"] else { return }
        var cleaned = String.UnicodeScalarView()
        for scalar in given.unicodeScalars where scalar.properties.generalCategory != .control {
            if scalar == "/" || scalar == "\\" { cleaned.removeAll() } else { cleaned.append(scalar) }
        }
        fileName = String(cleaned)
    }
}

/// A header value with parameters: `form-data; name="file"; filename="a.csv"`.
struct ParameterizedValue {
    var value: String
    private var parameters: [(name: String, value: String)] = []

    /// nil where the parameters cannot be read. A backslash escapes only a quote or itself: old browsers send Windows
    /// paths unescaped.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        value = String(decoding: parts[0].filter { !isBlank($0) }, as: UTF8.self)
        guard parts.count > 1 else { return }
        var rest = Array(parts[1])[...]
        while true {
            rest = rest.drop { isBlank($0) || $0 == UInt8(ascii: ";") }
            if rest.isEmpty { return }
            let name = rest.prefix(while: isTokenByte)
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.first == UInt8(ascii: "=") else { return nil }
            rest = rest.dropFirst()
            var bytes: [UInt8] = []
            if rest.first == UInt8(ascii: "\"") {
                rest = rest.dropFirst()
                while true {
                    guard let byte = rest.popFirst() else { return nil }
                    if byte == UInt8(ascii: "\"") { break }
                    if byte == UInt8(ascii: "\\"), let next = rest.first, next == byte || next == UInt8(ascii: "\"") {
                        bytes.append(next)
                        rest = rest.dropFirst()
                    } else {
                        bytes.append(byte)
                    }
                }
            } else {
                bytes = Array(rest.prefix { !isBlank($0) && $0 != UInt8(ascii: ";") })
                rest = rest.dropFirst(bytes.count)
            }
            let known = String(decoding: name, as: UTF8.self).lowercased()
            guard self[known] == nil else { return nil }
            parameters.append((known, String(decoding: bytes, as: UTF8.self)))
        }
    }

    subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The value of `name*`, `UTF-8''%E6%B5%81.csv`.
    func extended(_ name: String) -> String? {
        guard let encoded = self[name + "*"] else { return nil }
        let parts = encoded.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return Percent.decode(parts[2].utf8)
    }
}
