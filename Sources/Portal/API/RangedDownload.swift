import HTTPServer
import Synchronization

extension Response {
    /// A file, or the part of it that is asked for.
    ///
    /// - Parameters:
    ///   - tag: names this content and no other, so that the parts of a download belong together.
    ///   - read: some bytes from a place on, at most so many and at least one.
    static func ranged(
        _ name: String, type: String, size: Int, tag: String, for head: RequestHead,
        read: @escaping @Sendable (_ offset: Int, _ most: Int) async throws -> [UInt8]
    ) -> Response {
        let quoted = "\"\(tag)\""
        let condition = head.headers["If-Range"]
        let range = condition == nil || condition == quoted ? ByteRange(head.headers["Range"], size: size) : .whole
        if range == .unsatisfiable {
            var response = Response(status: Status(416))
            response.headers["Content-Range"] = "bytes */\(size)"
            return response
        }
        var (bytes, status) = (0..<size, Status.ok)
        if case .part(let part) = range { (bytes, status) = (part, Status(206)) }
        let next = Mutex(bytes.lowerBound)
        let end = bytes.upperBound
        var response = Response.stream(type: type, status: status) {
            let start = next.withLock { $0 }
            guard start < end else { return nil }
            let part = try await read(start, end - start)
            next.withLock { $0 = start + part.count }
            return part
        }
        if status.code == 206 {
            response.headers["Content-Range"] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)"
        }
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["ETag"] = quoted
        response.headers["Content-Disposition"] = "attachment; filename=\"\(name)\""
        return response
    }
}
