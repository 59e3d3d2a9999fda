/// Who does something, and where from.
public struct Author: Hashable, Sendable {
    /// An account's name, or what acts by itself: `vedette`.
    public var name: String
    /// A network address, or `local` for the command line.
    public var origin: String

    public init(name: String, origin: String) {
        self.name = name
        self.origin = origin
    }

    /// The platform itself.
    public static let platform = Author(name: "vedette", origin: "local")
}
