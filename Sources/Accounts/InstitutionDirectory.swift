public import SurveillanceKit
import Synchronization

/// The institutions that report, by their code. Codes compare exactly: a blank or another case is another code.
///
/// One directory serves the whole process, and may be given other institutions while it runs.
public final class InstitutionDirectory: Sendable {
    private struct State {
        var institutions: [Institution] = []
        var positions: [String: Int] = [:]
    }

    private let state: Mutex<State>

    /// - Throws: `InstitutionDirectoryError` for a code that is blank, padded or given twice.
    public init(_ institutions: [Institution]) throws(InstitutionDirectoryError) {
        state = Mutex(try Self.state(institutions))
    }

    /// In the order in which they were given.
    public var institutions: [Institution] { state.withLock(\.institutions) }

    public subscript(code: String) -> Institution? {
        state.withLock { state in state.positions[code].map { state.institutions[$0] } }
    }

    /// Knows other institutions from now on; as it was where one of them cannot be.
    public func replace(with institutions: [Institution]) throws(InstitutionDirectoryError) {
        let other = try Self.state(institutions)
        state.withLock { $0 = other }
    }

    private static func state(_ institutions: [Institution]) throws(InstitutionDirectoryError) -> State {
        var positions: [String: Int] = [:]
        for (position, institution) in institutions.enumerated() {
            let code = institution.code
            guard let first = code.first, let last = code.last, !first.isWhitespace, !last.isWhitespace else {
                throw .blankCode(code, name: institution.name.zh)
            }
            if let earlier = positions.updateValue(position, forKey: code) {
                throw .duplicateCode(code, names: [institutions[earlier].name.zh, institution.name.zh])
            }
        }
        return State(institutions: institutions, positions: positions)
    }
}

/// Why a list of institutions cannot be used.
public enum InstitutionDirectoryError: Error, Hashable, CustomStringConvertible {
    case blankCode(String, name: String)
    case duplicateCode(String, names: [String])

    public var description: String {
        switch self {
        case .blankCode(let code, let name):
            "the code '\(code)' of \(name) is empty or has blanks round it; write it as it stands in P900"
        case .duplicateCode(let code, let names):
            "the code \(code) is given to \(names.joined(separator: " and to ")); each institution has its own"
        }
    }
}
