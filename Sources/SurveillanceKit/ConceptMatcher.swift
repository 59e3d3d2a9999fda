/// Whether a text means a concept, compared in the form of `ConceptText`.
///
/// An `is` entry is the whole text, a `contains` entry a part of it. What an `ignores` entry covers is passed over: `副流感` holds `流感`
/// and is another virus. A text with an `excludes` entry means the concept in no case.
///
/// A value of this type is one reference, and answers for names that come again are remembered.
public final class ConceptMatcher: Sendable {
    private let whole: [[UInt8]]
    private let parts: [Part]
    /// By a part's first byte the places of `parts` that begin with it: from `starts[byte]` up to `starts[byte + 1]`.
    private let starts: [Int]
    private let memory = ConceptMemory()

    private struct Part: Sendable {
        var bytes: [UInt8]
        var match: Concept.Entry.Match

        /// Those that are passed over come first, longer ones before shorter.
        func stands(before other: Part) -> Bool {
            (bytes[0], match == .ignores ? 0 : 1, -bytes.count) < (
                other.bytes[0], other.match == .ignores ? 0 : 1, -other.bytes.count
            )
        }
    }

    public init(_ concept: Concept) {
        let entries = concept.entries.map { ($0.match, ConceptText.normalised($0.text)) }.filter { !$0.1.isEmpty }
        whole = entries.filter { $0.0 == .exact }.map(\.1)
        parts = entries.filter { $0.0 != .exact }.map { Part(bytes: $0.1, match: $0.0) }
            .sorted { $0.stands(before: $1) }
        var starts = [Int](repeating: 0, count: 257)
        for part in parts { starts[Int(part.bytes[0]) + 1] += 1 }
        for byte in 0..<256 { starts[byte + 1] += starts[byte] }
        self.starts = starts
    }

    public func matches(_ text: Span<UInt8>) -> Bool {
        guard text.count <= ConceptMemory.mostBytes else { return read(text) }
        return memory.answer(for: text) { read($0) }
    }

    private func read(_ text: Span<UInt8>) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { buffer in
            let count = ConceptText.normalise(text, into: buffer)
            return matches(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    public func matches(_ text: String) -> Bool { matches(Array(text.utf8).span) }

    private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var found = whole.contains { $0.count == text.count && $0.elementsEqual(text) }
        guard !parts.isEmpty else { return found }
        var index = 0
        scan: while index < text.count {
            let first = Int(text[index])
            for place in starts[first]..<starts[first + 1] where ConceptMatcher.stands(parts[place].bytes, text, index)
            {
                switch parts[place].match {
                case .ignores:
                    index += parts[place].bytes.count
                    continue scan
                case .excludes: return false
                case .contains, .exact: found = true
                }
            }
            index += 1
        }
        return found
    }

    private static func stands(_ part: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard part.count <= text.count - index else { return false }
        for place in 1..<max(1, part.count) where text[index + place] != part[place] { return false }
        return true
    }

    /// The form in which an entry is compared; empty where nothing of it would be.
    public static func form(of text: String) -> String { String(decoding: ConceptText.normalised(text), as: UTF8.self) }
}

extension NamedCheck {
    /// A concept as the function that expressions call: `influenza-a` is `influenzaA(P7613)`.
    public init(_ concept: Concept) {
        let matcher = ConceptMatcher(concept)
        self.init(concept.id) { matcher.matches($0) }
    }
}
