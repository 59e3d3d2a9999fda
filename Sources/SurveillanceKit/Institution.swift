/// A hospital that reports.
public struct Institution: Codable, Hashable, Sendable {
    /// The code it is registered under; P900 in every file of its own.
    public var code: String
    public var name: BilingualText
    /// Other names that its reports may call it by.
    public var aliases: [String]
    public var level: Level
    /// The administrative division of its place, GB/T 2260: six digits.
    public var region: String
    public var hasFeverClinic: Bool

    /// The hospital's level in China's three-tier system.
    public enum Level: String, Codable, CaseIterable, Sendable {
        case tertiary = "三级"
        case secondary = "二级"
        case primary = "一级"
    }

    public init(
        code: String, name: BilingualText, aliases: [String] = [], level: Level, region: String, hasFeverClinic: Bool
    ) {
        self.code = code
        self.name = name
        self.aliases = aliases
        self.level = level
        self.region = region
        self.hasFeverClinic = hasFeverClinic
    }
}
