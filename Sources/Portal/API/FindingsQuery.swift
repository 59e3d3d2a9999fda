import HTTPServer
import JSON
import SurveillanceKit

/// Which findings of a submission are wanted: those of a file, a severity, a field, a rule, a code, one cause, or with a text in them.
struct FindingsQuery: Hashable, Sendable {
    var file: String?
    var severity: Severity?
    var field: String?
    var rule: String?
    var code: FindingCode?
    /// Stands in the message, the title, the value or what was expected, in either language; ASCII letters in either case.
    var text: String?
    var cause: FindingCause?

    init(file: String? = nil, severity: Severity? = nil, field: String? = nil, cause: FindingCause? = nil) {
        self.file = file
        self.severity = severity
        self.field = field
        self.cause = cause
    }

    /// Reads `file`, `severity`, `field`, `rule`, `code`, `q` and `cause` from an address; empty ones count as left out.
    init(_ items: FormFields) {
        func given(_ name: String) -> String? { items[name].flatMap { $0.isEmpty ? nil : $0 } }
        file = given("file")
        severity = given("severity").flatMap(Severity.init(rawValue:))
        field = given("field")?.filter { $0 != " " }.uppercased()
        rule = given("rule")?.filter { $0 != " " }
        code = given("code").flatMap(FindingCode.init(rawValue:))
        text = given("q").flatMap { $0.allSatisfy(\.isWhitespace) ? nil : String($0.prefix(100)) }
        cause = given("cause").flatMap { FindingCause($0) }
    }

    var isEmpty: Bool { self == FindingsQuery() }

    func apply(to path: SitePath) -> SitePath {
        path.with("file", file).with("severity", severity?.rawValue).with("field", field).with("rule", rule)
            .with("code", code?.rawValue).with("q", text).with("cause", cause?.text)
    }

    /// Picks lines without decoding them: a file in which every cell is wrong has millions.
    ///
    /// Inside a JSON string a quote is always escaped, so `,"field":"P5"` can stand nowhere but where the member does.
    struct Filter {
        private let beginning: [UInt8]
        private let parts: [[UInt8]]
        private let cause: FindingCause?
        private let text: TextSearch?

        init(_ query: FindingsQuery) {
            func member(_ name: String, _ value: String) -> [UInt8] {
                Array("\"\(name)\":".utf8) + JSONValue.string(value).encoded()
            }
            beginning = query.file.map { [UInt8(ascii: "{")] + member("file", $0) } ?? []
            let wanted = [
                query.severity.map { ("severity", $0.rawValue) }, query.field.map { ("field", $0) },
                query.rule.map { ("rule", $0) }, query.code.map { ("code", $0.rawValue) },
            ]
            cause = query.cause
            text = query.text.map(TextSearch.init)
            parts = wanted.compactMap(\.self).map { [UInt8(ascii: ",")] + member($0.0, $0.1) }
        }

        func matches(_ line: ArraySlice<UInt8>) -> Bool {
            line.starts(with: beginning) && parts.allSatisfy { line.contains(subsequence: $0) } && isOfCause(line)
        }

        private func isOfCause(_ line: ArraySlice<UInt8>) -> Bool {
            guard cause != nil || text != nil else { return true }
            guard let line = FindingLine(line) else { return false }
            return (cause.map { FindingCause(of: line) == $0 } ?? true) && (text?.isIn(line) ?? true)
        }
    }

    /// Looks for a text in what a person reads of a finding.
    private struct TextSearch {
        private let wanted: String

        init(_ text: String) { wanted = text.lowercased() }

        func isIn(_ line: FindingLine) -> Bool {
            let plain: [FindingLine.Member] = [.value, .suggestion, .field, .rule]
            let bilingual: [FindingLine.Member] = [.message, .title, .expected]
            return plain.contains { holds(line.text($0)) }
                || bilingual.contains { holds(line.text($0, .zh)) || holds(line.text($0, .en)) }
        }

        private func holds(_ text: String?) -> Bool { text?.lowercased().contains(wanted) ?? false }
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
