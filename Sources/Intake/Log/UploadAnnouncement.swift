/// What is known of an upload before its bytes have come.
public struct UploadAnnouncement: Sendable {
    /// The name of the account that sends it.
    public var account: String
    /// The code of the institution it is reported for.
    public var institution: String
    public var fileName: String
    /// Where the client has announced it.
    public var expectedBytes: Int?
    public var idempotencyKey: String?
    /// Where it comes from, for the audit trail.
    public var address: String

    public init(
        account: String, institution: String, fileName: String, expectedBytes: Int? = nil,
        idempotencyKey: String? = nil, address: String = "local"
    ) {
        self.account = account
        self.institution = institution
        self.fileName = fileName
        self.expectedBytes = expectedBytes
        self.idempotencyKey = idempotencyKey
        self.address = address
    }
}
