public import SurveillanceKit
import FoundationEssentials

/// Where an upload came from, sealed behind its bytes: what the log would have to be told again if it were lost.
public struct UploadOrigin: Codable, Hashable, Sendable {
    public var institution: String
    public var account: String
    public var fileName: String
    /// When the last byte had come.
    public var receivedAt: Instant

    public init(institution: String, account: String, fileName: String, receivedAt: Instant) {
        self.institution = institution
        self.account = account
        self.fileName = fileName
        self.receivedAt = receivedAt
    }
}

/// How an origin stands behind an upload's plain bytes: JSON, its length (4 bytes, big-endian), a proof (32) and a mark (8).
///
/// The proof is keyed and bound to the submission, so that no bytes that a hospital sends can pass for an origin. An upload
/// without one came before origins were kept.
struct OriginBlock {
    private static let mark = Array("VEDORIG1".utf8)
    private static let tailCount = 4 + 32 + 8
    private static let maximumCount = 65_536

    let seal: FieldSeal

    func bytes(_ origin: UploadOrigin, of id: SubmissionID) throws -> [UInt8] {
        let json = Array(try JSONEncoder().encode(origin))
        let length = UInt32(json.count)
        return json + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
            + seal.proof(json, place: Self.place(id)) + Self.mark
    }

    /// Takes an upload's own bytes and its origin apart; nil where it has none.
    func split(_ content: SealedContent, of id: SubmissionID) throws -> (upload: SealedContent, origin: UploadOrigin?) {
        let tail = try Self.read(content, count: Self.tailCount, endingAt: content.size)
        guard tail.count == Self.tailCount, Array(tail.suffix(8)) == Self.mark else { return (content, nil) }
        let count = tail.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard count <= Self.maximumCount, count + Self.tailCount <= content.size else { return (content, nil) }
        let end = content.size - Self.tailCount
        let json = try Self.read(content, count: count, endingAt: end)
        guard seal.proof(json, place: Self.place(id)) == Array(tail[4..<36]) else { return (content, nil) }
        let origin = try? JSONDecoder().decode(UploadOrigin.self, from: Data(json))
        return (SealedContent(content, size: end - count), origin)
    }

    private static func place(_ id: SubmissionID) -> String { "origin/\(id)" }

    private static func read(_ content: SealedContent, count: Int, endingAt end: Int) throws -> [UInt8] {
        guard end >= count else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { try content.read(at: end - count, into: $0) }
        return Array(bytes.prefix(read))
    }
}
