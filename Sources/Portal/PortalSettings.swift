/// What differs between deployments.
public struct PortalSettings: Sendable {
    /// What one uploaded file may have.
    public var maximumUploadBytes: Int
    /// How many files one form may bring.
    public var maximumFilesPerUpload: Int
    /// In which civil time pages show moments: seconds east of UTC, China's by default.
    public var secondsEastOfUTC: Int
    public var version: String
    /// Whom people ask for help.
    public var support: [SupportContact]
    /// Whether the messages of applications are shown to whoever asks: in a demo alone.
    public var isDemo = false

    public init(
        maximumUploadBytes: Int = 20 << 20, maximumFilesPerUpload: Int = 20, secondsEastOfUTC: Int = 8 * 3600,
        version: String, support: [SupportContact] = []
    ) {
        self.maximumUploadBytes = maximumUploadBytes
        self.maximumFilesPerUpload = maximumFilesPerUpload
        self.secondsEastOfUTC = secondsEastOfUTC
        self.version = version
        self.support = support
    }
}
