import Dispatch
import Intake
import ShangMi
import Testing

@Suite("The digest of an upload")
struct UploadDigestTests {
    @Test(
        "is that of its bytes, whatever pieces they came in",
        arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_003], [1_000, 4_096, 65_536, 200_000])
    func pieces(size: Int, piece: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let digest = try UploadDigest(queue: DispatchQueue(label: "test.digest"))
        for start in stride(from: 0, to: size, by: piece) {
            bytes[start..<min(start + piece, size)].withUnsafeBytes { digest.update($0) }
        }
        #expect(digest.finish() == SM3.digest(bytes))
    }

    @Test("is not mixed with that of another upload on the same queue")
    func twoOnOneQueue() throws {
        let queue = DispatchQueue(label: "test.digest")
        let (one, other) = (try UploadDigest(queue: queue), try UploadDigest(queue: queue))
        let piece = [UInt8](repeating: 1, count: 100_000)
        for _ in 0..<5 {
            piece.withUnsafeBytes { one.update($0) }
            piece.withUnsafeBytes { other.update($0) }
        }
        [UInt8(2)].withUnsafeBytes { other.update($0) }
        let all = (0..<5).flatMap { _ in piece }
        #expect(one.finish() == SM3.digest(all))
        #expect(other.finish() == SM3.digest(all + [2]))
    }
}
