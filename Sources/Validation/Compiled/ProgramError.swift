import SurveillanceKit

/// Why a program does not hold together. It stops the start, and says which file to mend and how.
public enum ProgramError: Error, CustomStringConvertible {
    case unreadable(file: String, reason: String)
    case field(file: String, field: String, message: String)
    case rule(source: String, rule: String, message: String)
    case link(file: String, message: String)
    /// Two programs claim files of one name.
    case prefixTaken(String, file: String, by: String)
    case duplicate(id: String, file: String, other: String)
    case noPrograms(folder: String)

    public var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): \(reason)"
        case .field(let file, let field, let message): "\(file): field \(field): \(message)"
        case .rule(let source, let rule, let message): "\(source): rule '\(rule)': \(message)"
        case .link(let file, let message): "\(file): \(message)"
        case .prefixTaken(let prefix, let file, let other):
            "\(file): files named '\(prefix)_…' belong to \(other) already; give this file type another name"
        case .duplicate(let id, let file, let other): "\(file): the program id '\(id)' is taken by \(other)"
        case .noPrograms(let folder):
            "\(folder): no program here; a program is a folder with a program.json (see docs/programs.md)"
        }
    }
}
