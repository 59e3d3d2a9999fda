import Foundation
public import Settings
public import Validation

/// A plugin's part of the configuration, checked against what the plugin declares.
public struct PluginSettings: Sendable {
    private let object: SettingsObject
    private let folder: String

    /// - Parameters:
    ///   - declared: what may stand there, and of which types.
    ///   - folder: the configuration's, to which paths are relative.
    /// - Throws: `ProgramError` with file, place and line for a property that is unknown, of another type, or missing.
    public init(_ object: SettingsObject, declared: [PluginSetting], folder: String) throws(ProgramError) {
        self.object = object
        self.folder = folder
        try object.allow(Set(declared.map(\.name)))
        for setting in declared {
            guard object.has(setting.name) else { continue }
            switch setting.value {
            case .text, .path:
                if try object.optionalString(setting.name)?.isEmpty == true {
                    throw object.fault("'\(setting.name)' is empty", at: setting.name)
                }
            case .number:
                guard let number = try object.optionalInt(setting.name), number > 0 else {
                    throw object.fault("'\(setting.name)' must be above 0", at: setting.name)
                }
            case .flag: _ = try object.optionalBool(setting.name)
            }
        }
        for setting in declared where setting.isRequired && !object.has(setting.name) {
            throw object.fault("'\(setting.name)' is missing: \(setting.value.rawValue)")
        }
    }

    /// Settings of which none is given.
    public static func none(of plugin: String) -> PluginSettings {
        PluginSettings(SettingsObject([:], file: "", place: "plugins.\(plugin)"), folder: "/")
    }

    private init(_ object: SettingsObject, folder: String) {
        self.object = object
        self.folder = folder
    }

    public func text(_ name: String) -> String? { (try? object.optionalString(name)) ?? nil }
    public func number(_ name: String) -> Int? { (try? object.optionalInt(name)) ?? nil }
    public func flag(_ name: String) -> Bool? { (try? object.optionalBool(name)) ?? nil }

    /// An absolute path.
    public func path(_ name: String) -> String? {
        text(name).map {
            URL(fileURLWithPath: $0, relativeTo: URL(fileURLWithPath: folder, isDirectory: true)).standardizedFileURL
                .path
        }
    }

    /// The error for a value that has the right type and cannot be used.
    public func fault(_ reason: String, at name: String) -> ProgramError {
        object.fault("'\(name)' cannot be used: \(reason)", at: name)
    }
}
