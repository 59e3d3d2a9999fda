public import SurveillanceKit

/// The institutions that report, by their code. Codes compare exactly: a blank or another case is another code.
public struct InstitutionDirectory: Sendable {
    /// In the order of the configuration.
    public let institutions: [Institution]
    private let positions: [String: Int]

    /// - Throws: `InstitutionDirectoryError` for a code that is blank, padded or given twice.
    public init(_ institutions: [Institution]) throws(InstitutionDirectoryError) {
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
        self.institutions = institutions
        self.positions = positions
    }

    public subscript(code: String) -> Institution? { positions[code].map { institutions[$0] } }
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
