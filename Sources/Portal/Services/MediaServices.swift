public import Accounts
public import Notices
public import SurveillanceKit

/// Videos and slides that administrators keep.
public protocol MediaServices: Sendable {
    /// The latest first.
    func trainingMedia() async throws -> [TrainingMedia]
    func trainingMedia(_ id: String) async throws -> TrainingMedia?

    /// A part of the content; nil behind the end, and of what has been removed meanwhile.
    func piece(_ number: Int, of media: String) async throws -> [UInt8]?

    /// - Returns: false where as many are kept as may be.
    func publish(_ draft: MediaDraft, by account: Account, from address: String) async throws -> Bool

    /// - Returns: false where there is none of that id.
    func removeMedia(_ id: String, by account: Account, from address: String) async throws -> Bool
}

public struct MediaDraft: Sendable {
    public var title: BilingualText
    public var caption: BilingualText
    public var kind: TrainingMedia.Kind
    public var bytes: [UInt8]

    public init(title: BilingualText, caption: BilingualText, kind: TrainingMedia.Kind, bytes: [UInt8]) {
        self.title = title
        self.caption = caption
        self.kind = kind
        self.bytes = bytes
    }
}
