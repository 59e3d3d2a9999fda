import Synchronization
import Testing

@testable import HTTPServer

@Suite("Multipart forms")
struct MultipartTests {
    private static let type = "multipart/form-data; boundary=----WebKitFormBoundaryA1"

    private static let body = """
        ------WebKitFormBoundaryA1\r
        Content-Disposition: form-data; name="csrf"\r
        \r
        令牌\r
        ------WebKitFormBoundaryA1\r
        Content-Disposition: form-data; name="file"; filename="flu_流感 1;\\".csv"\r
        Content-Type: text/csv\r
        \r
        P5,P6\r
        1,\r\n------WebKitFormBoundaryA\r\n--\r
        ------WebKitFormBoundaryA1\r
        Content-Disposition: form-data; name="file"; filename=""\r
        Content-Type: application/octet-stream\r
        \r
        \r
        ------WebKitFormBoundaryA1\r
        content-disposition: form-data; filename*=UTF-8''hqms_%E4%B8%AD.csv; name=file; filename="hqms_?.csv"\r
        \r
        \r
        ------WebKitFormBoundaryA1\r
        Content-Disposition: form-data; name="file"; filename="C:\\data\\hda_1.csv"\r
        \r
        x\r
        ------WebKitFormBoundaryA1--\r

        """

    /// Files and fields as they were read.
    private struct Result: Equatable {
        var files: [String] = []
        var contents: [String] = []
        var fields: [String] = []
        var abandoned = 0
    }

    private static func read(_ body: [UInt8], type: String = Self.type, pieces: (Int) -> Int) throws -> Result {
        let opened = Mutex<[(name: String, sink: RecordingSink)]>([])
        let reader = try MultipartReader(contentType: type) { part, fields in
            let sink = RecordingSink()
            opened.withLock { $0.append(("\(part.name):\(part.fileName ?? "")+\(fields.items.count)", sink)) }
            return sink
        }
        var failure: (any Error)?
        var fields = FormFields()
        do {
            var start = 0
            while start < body.count {
                let end = min(body.count, start + pieces(start))
                try body[start..<end].withUnsafeBytes { try reader.receive($0) }
                start = end
            }
            fields = try reader.finish()
        } catch {
            reader.abandon()
            failure = error
        }
        let result = opened.withLock {
            Result(
                files: $0.map(\.name), contents: $0.map(\.sink.text),
                fields: fields.items.map { "\($0.name)=\($0.value)" },
                abandoned: $0.map(\.sink.abandoned).reduce(0, +))
        }
        if let failure {
            #expect(result.abandoned == result.files.count)
            throw failure
        }
        return result
    }

    @Test("reads fields and several files alike, however the body is cut", arguments: [1, 2, 3, 5, 7, 13, 64, 100_000])
    func pieces(size: Int) throws {
        let expected = Result(
            files: ["file:flu_流感 1;\".csv+1", "file:hqms_中.csv+1", "file:hda_1.csv+1"],
            contents: ["P5,P6\r\n1,\r\n------WebKitFormBoundaryA\r\n--", "", "x"], fields: ["csrf=令牌"])
        #expect(try Self.read(Array(Self.body.utf8), pieces: { _ in size }) == expected)
        #expect(try Self.read(Array(Self.body.utf8), pieces: { 1 + ($0 * 7919) % size }) == expected)
    }

    @Test("takes a quoted boundary, and what stands after the end means nothing")
    func quotedBoundary() throws {
        let body = Array(
            "--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--a b--\r\nand more\r\n--a b\r\n".utf8)
        let result = try Self.read(
            body, type: "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"", pieces: { _ in 4 })
        #expect(result.fields == ["x=1"])
    }

    @Test(
        "refuses a body that could be read in two ways or does not come to its end",
        arguments: [
            "",
            "preamble\r\n--B\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--B--",
            "--B\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--B",
            "--B\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n\r\n1\r\n--",
            "--B\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n\r\n1\r\n--Bx",
            "--B\r\nContent-Disposition: form-data; filename=a.csv\r\n\r\n1\r\n--B--",
            "--B\r\nContent-Disposition: attachment; name=f\r\n\r\n1\r\n--B--",
            "--B\r\nContent-Disposition: form-data; name=f; name=g\r\n\r\n1\r\n--B--",
            "--B\r\nContent-Disposition: form-data; name=\"f\r\n\r\n1\r\n--B--",
            "--B\r\n\r\n1\r\n--B--",
            "--B\r\nContent-Disposition: form-data; name=x\r\n\r\n1\u{0}2\r\n--B--",
            "--B\r\nContent-Disposition: form-data; name=f\r\nX-Long: \(String(repeating: "x", count: 9000))",
        ])
    func broken(body: String) {
        #expect(throws: Problem.self) {
            try Self.read(Array(body.utf8), type: "multipart/form-data; boundary=B", pieces: { _ in 3 })
        }
    }

    @Test("keeps fields small and parts few")
    func limits() {
        let field =
            "--B\r\nContent-Disposition: form-data; name=x\r\n\r\n\(String(repeating: "1", count: 70_000))\r\n--B--"
        #expect(throws: Problem.self) {
            try Self.read(Array(field.utf8), type: "multipart/form-data; boundary=B", pieces: { _ in 1000 })
        }
        let part = "--B\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n"
        #expect(throws: Problem.self) {
            try Self.read(
                Array((String(repeating: part, count: 201) + "--B--").utf8), type: "multipart/form-data; boundary=B",
                pieces: { _ in 1000 })
        }
    }

    @Test(
        "wants multipart/form-data with a boundary",
        arguments: [nil, "text/csv", "multipart/form-data", "multipart/mixed; boundary=B"])
    func contentType(type: String?) {
        #expect(throws: Problem.self) {
            try MultipartReader(contentType: type) { _, _ in RecordingSink() }
        }
    }

    @Test("passes an upload of several files through the server")
    func throughServer() async throws {
        let sinks = Mutex<[RecordingSink]>([])
        let routes: [Route] = [
            .upload("/upload") { head in
                let reader = try MultipartReader(contentType: head.headers["Content-Type"]) { _, _ in
                    let sink = RecordingSink()
                    sinks.withLock { $0.append(sink) }
                    return sink
                }
                return .accept(reader, maximumBytes: 1 << 20) { _ in .text("\(try reader.finish().items.count)") }
            }
        ]
        let response = try await withServer(routes) { port in
            let client = try RawClient(port: port)
            try client.send(
                """
                POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: \(Self.type)\r\n\
                Content-Length: \(Self.body.utf8.count)\r\n\r\n\(Self.body)
                """)
            return try client.response()
        }
        #expect(response.text == "1")
        #expect(sinks.withLock { $0.map(\.text) }.last == "x")
    }
}
