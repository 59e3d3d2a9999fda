/// Whose submissions and records somebody may see.
public enum Scope: Hashable, Sendable {
    /// Every institution's.
    case nation
    /// Those of the institutions in a region.
    case region(Region)
    /// Those of the institution with this code.
    case institution(String)
    /// Nobody's: an account for which nobody has said where it belongs.
    case nothing

    /// Whether what an institution has sent is visible.
    ///
    /// - Parameter region: the institution's GB/T 2260 code; nil where it is not known, which no region contains.
    public func covers(institution code: String, in region: String?) -> Bool {
        switch self {
        case .nation: true
        case .region(let own): region.map(own.contains) ?? false
        case .institution(let own): own == code
        case .nothing: false
        }
    }
}
