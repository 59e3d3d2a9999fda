import HTTPServer
import JSON
import SurveillanceKit

/// Which findings of a submission are wanted: those of a file, of a severity, of a field, of one cause.
struct FindingsQuery: Hashable, Sendable {
    var file: String?
    var severity: Severity?
    var field: String?
    var cause: FindingCause?

    init(file: String? = nil, severity: Severity? = nil, field: String? = nil, cause: FindingCause? = nil) {
        self.file = file
        self.severity = severity
        self.field = field
        self.cause = cause
    }

    /// Reads `file`, `severity`, `field` and `cause` from an address; empty ones count as left out.
    init(_ items: FormFields) {
        func given(_ name: String) -> String? { items[name].flatMap { $0.isEmpty ? nil : $0 } }
        file = given("file")
        severity = given("severity").flatMap(Severity.init(rawValue:))
        field = given("field")?.filter { $0 != " " }.uppercased()
        cause = given("cause").flatMap { FindingCause($0) }
    }

    var isEmpty: Bool { self == FindingsQuery() }

    func apply(to path: SitePath) -> SitePath {
        path.with("file", file).with("severity", severity?.rawValue).with("field", field).with("cause", cause?.text)
    }

    /// Picks lines without decoding them: a file in which every cell is wrong has millions.
    ///
    /// Inside a JSON string a quote is always escaped, so `,"field":"P5"` can stand nowhere but where the member does.
    struct Filter {
        private let beginning: [UInt8]
        private let parts: [[UInt8]]
        private let cause: FindingCause?

        init(_ query: FindingsQuery) {
            func member(_ name: String, _ value: String) -> [UInt8] {
                Array("\"\(name)\":".utf8) + JSONValue.string(value).encoded()
            }
            beginning = query.file.map { [UInt8(ascii: "{")] + member("file", $0) } ?? []
            let wanted = [query.severity.map { ("severity", $0.rawValue) }, query.field.map { ("field", $0) }]
            cause = query.cause
            parts = wanted.compactMap(\.self).map { [UInt8(ascii: ",")] + member($0.0, $0.1) }
        }

        func matches(_ line: ArraySlice<UInt8>) -> Bool {
            line.starts(with: beginning) && parts.allSatisfy { line.contains(subsequence: $0) } && isOfCause(line)
        }

        private func isOfCause(_ line: ArraySlice<UInt8>) -> Bool {
            guard let cause else { return true }
            guard let line = FindingLine(line) else { return false }
            return FindingCause(of: line) == cause
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func contains(subsequence part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        return withUnsafeBufferPointer { bytes in
            part.withUnsafeBufferPointer { part in
                var start = 0
                while start + part.count <= bytes.count {
                    if bytes[start] == first {
                        var length = 1
                        while length < part.count, bytes[start + length] == part[length] { length += 1 }
                        if length == part.count { return true }
                    }
                    start += 1
                }
                return false
            }
        }
    }
}

extension FindingLines {
    func filtered(_ query: FindingsQuery) -> FindingLines {
        guard !query.isEmpty else { return self }
        let filter = FindingsQuery.Filter(query)
        return FindingLines {
            while let line = try next() {
                if filter.matches(line) { return line }
            }
            return nil
        }
    }
}
