import JSON
import Settings
import Validation

/// A place in a gateway's answer: `Response.SendStatusSet[0].Code`.
struct AnswerPlace: Sendable {
    private enum Step: Sendable {
        case member(String)
        case element(Int)
    }

    private var steps: [Step] = []

    /// - Returns: nil where the text is no path.
    init?(_ path: String) {
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !part.isEmpty else { return nil }
            if !name.isEmpty { steps.append(.member(String(name))) }
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else { return nil }
                steps.append(.element(index))
            }
        }
    }

    /// The text, number or truth value there; nil where there is none, and where the answer is no JSON.
    func value(in body: [UInt8]) -> String? {
        guard var node = try? JSONDocument(body).root else { return nil }
        for step in steps {
            let next =
                switch step {
                case .member(let name): node[name]
                case .element(let index): node[index]
                }
            guard let next else { return nil }
            node = next
        }
        switch node.content {
        case .string(let value): return value
        case .bool(let value): return "\(value)"
        case .number(let number): return Int(exactly: number).map(String.init) ?? "\(number)"
        case .null, .array, .object: return nil
        }
    }
}

/// What an answer says by which a message was taken: `{ "path": "Code", "equals": "OK" }`.
struct AnswerRule: Sendable {
    private let place: AnswerPlace
    private let expected: String

    enum Verdict: Hashable, Sendable {
        case taken
        /// The gateway says something else.
        case other(String)
        /// The answer has no such place.
        case none
    }

    init(_ object: SettingsObject) throws(ProgramError) {
        try object.allow(["path", "equals"])
        let path = try object.string("path")
        guard let place = AnswerPlace(path) else { throw object.noPath(path, at: "path") }
        self.place = place
        expected = try object.string("equals")
    }

    func verdict(_ body: [UInt8]) -> Verdict {
        guard let value = place.value(in: body) else { return .none }
        return value == expected ? .taken : .other(value)
    }
}

extension SettingsObject {
    func noPath(_ path: String, at name: String) -> ProgramError {
        fault("'\(path)' is no path; write it as Response.SendStatusSet[0].Code", at: name)
    }
}
