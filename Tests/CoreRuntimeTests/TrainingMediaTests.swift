import Database
import Notices
import Seeding
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime
@testable import HTTPServer

@Suite("Videos and slides, on every store", .everyStore)
struct TrainingMediaTests {
    private static let pattern = "/resources/media"

    private static func add(
        _ walk: ScopeWalk, _ content: String, _ fields: [(String, String)] = [("title", "上报演示"), ("caption", "三分钟")],
        by caller: ScopeWalk.Caller = .platform
    ) async throws -> Int {
        let route = try #require(walk.router.routes.first { $0.method == .post && $0.pattern == pattern })
        return await walk.ask(caller, route, at: pattern, form: fields, file: "video.mp4", content: content).status.code
    }

    /// A made-up video of some bytes, in letters.
    private static func video(_ count: Int) -> String {
        "0000ftypisom" + String(decoding: (0..<count - 12).map { UInt8(97 + $0 % 23) }, as: UTF8.self)
    }

    private static func read(
        _ walk: ScopeWalk, _ id: String, range: String? = nil, tag: String? = nil, by caller: ScopeWalk.Caller = .sender
    ) async throws -> (code: Int, headers: Headers, bytes: [UInt8]) {
        let route = try #require(walk.router.routes.first { $0.pattern == pattern + "/{id}/file" })
        guard case .none(let handler) = route.body else { return (0, Headers(), []) }
        var headers = Headers()
        headers.append("Cookie", "vedette_session=\(walk.token(of: caller) ?? "")")
        if let range { headers.append("Range", range) }
        if let tag { headers.append("If-Range", tag) }
        var head = RequestHead(method: .get, headers: headers, remoteAddress: "192.0.2.1", contentLength: 0)
        head.path = "/resources/media/\(id)/file"
        head.parameters = ["id": id]
        let response = try await handler(Request(head: head))
        var bytes: [UInt8] = []
        if case .stream(let next) = response.body { while let piece = try await next() { bytes += piece } }
        return (response.status.code, response.headers, bytes)
    }

    @Test("are added by administrators, served whole and in ranges as attachments, and removed with their content")
    func journey() async throws {
        let walk = try await ScopeWalk()
        let content = Self.video(2 * TrainingMedia.pieceBytes + 777)
        #expect(try await Self.add(walk, content) == 303)
        #expect(try await Self.add(walk, content, by: .sender) == 403)
        let page = try await walk.ask(.sender, .get, Self.pattern, at: Self.pattern).text
        #expect(page.contains("上报演示") && page.contains("三分钟") && !page.contains("name=\"file\""))
        let id = String(try #require(try (/id="([0-9A-Z]{26})"/.firstMatch(in: page))?.1))
        let whole = try await Self.read(walk, id)
        let bytes = Array(content.utf8)
        #expect(whole.code == 200 && whole.bytes == bytes)
        #expect(whole.headers["Content-Type"] == "video/mp4" && whole.headers["Accept-Ranges"] == "bytes")
        #expect(whole.headers["Content-Disposition"] == "attachment; filename=\"\(id).mp4\"")
        var random = SeededGenerator(seed: 7)
        let edge = TrainingMedia.pieceBytes
        let starts = [0, edge - 1, edge, bytes.count - 1] + (0..<6).map { _ in random.below(bytes.count) }
        for first in starts {
            let last = first + random.below(bytes.count - first)
            let part = try await Self.read(walk, id, range: "bytes=\(first)-\(last)")
            #expect(part.code == 206 && part.bytes == Array(bytes[first...last]))
            #expect(part.headers["Content-Range"] == "bytes \(first)-\(last)/\(bytes.count)")
        }
        #expect(try await Self.read(walk, id, range: "bytes=-5").bytes == Array(bytes.suffix(5)))
        let behind = try await Self.read(walk, id, range: "bytes=\(bytes.count)-")
        #expect(behind.code == 416 && behind.headers["Content-Range"] == "bytes */\(bytes.count)")
        // A range of another version is not a range of this one.
        #expect(try await Self.read(walk, id, range: "bytes=0-1", tag: "\"other\"").code == 200)
        #expect(try await Self.read(walk, id, range: "bytes=0-1", tag: "\"\(id)\"").bytes.count == 2)

        let remove = Self.pattern + "/{id}/remove"
        #expect(try await walk.ask(.national, .post, remove, at: "\(Self.pattern)/\(id)/remove").status == 303)
        await #expect(throws: Problem.self) { _ = try await Self.read(walk, id) }
        let left = try await walk.test.platform.data.database.read {
            try $0.first("SELECT COUNT(*) FROM training_piece", []) as Int?
        }
        #expect(left == 0)
        let trail = try await walk.test.audit().filter { $0.contains(" media.") }
        #expect(trail == ["platform media.publish \(id)", "national media.remove \(id)"])
    }

    @Test("of other kinds, whatever their names say, without words or too many are refused")
    func refused() async throws {
        let walk = try await ScopeWalk()
        for content in ["", "<html>", "MZ0000ftyp", "PK34"] {
            #expect(try await Self.add(walk, content) == 422, "\(content)")
        }
        #expect(try await Self.add(walk, Self.video(20), [("title", "x")]) == 422)
        #expect(try await Self.add(walk, Self.video(20), [("caption", "x")]) == 422)
        for _ in 0..<TrainingMedia.mostKept { #expect(try await Self.add(walk, "%PDF-1.7") == 303) }
        #expect(try await Self.add(walk, "%PDF-1.7") == 422)
    }
}
