public import SurveillanceKit

/// What a deployment may do without: compiled in, and on where `Config/vedette.json` names it under `plugins`.
///
/// A plugin is a value that is made once, when the configuration is read, and used from any thread.
public protocol Plugin: Sendable {
    static var kind: PluginKind { get }
    /// Its name under its kind in the configuration: `postgresql` in `plugins.store.postgresql`.
    static var name: String { get }
    /// What it does, in one line, for `vedette plugin list`.
    static var summary: BilingualText { get }
    /// Everything that may stand in its part of the configuration; anything else is refused before `init` is called.
    static var settings: [PluginSetting] { get }
    /// Whether it is on, without settings, also where the configuration does not name it. False unless said.
    static var isAlwaysOn: Bool { get }

    /// - Parameter settings: hold what `settings` declares, of the declared types.
    /// - Throws: `settings.fault` where a value cannot be used. Nothing is opened or written yet.
    init(_ settings: PluginSettings) throws
}

extension Plugin {
    public static var isAlwaysOn: Bool { false }
}

/// The kinds of plugins, as the configuration calls them.
public enum PluginKind: String, CaseIterable, Sendable {
    case notify, export, store, scan

    /// Whether several of the kind may be on at once.
    public var mayBeSeveral: Bool { self != .store }
}

/// One property of a plugin's part of the configuration.
public struct PluginSetting: Sendable {
    public enum Value: String, Sendable {
        case text = "a string"
        /// A whole number above 0.
        case number = "a whole number above 0"
        case flag = "true or false"
        /// A path, relative to the configuration's folder.
        case path = "a path"
    }

    public var name: String
    public var value: Value
    public var isRequired: Bool
    public var summary: BilingualText

    public init(_ name: String, _ value: Value, isRequired: Bool = false, _ summary: BilingualText) {
        self.name = name
        self.value = value
        self.isRequired = isRequired
        self.summary = summary
    }
}
