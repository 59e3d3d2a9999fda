import Foundation
import Glibc
import Synchronization
import TestKit
import Testing

@testable import AgentHTTP

@Suite("HTTP of the agent")
struct AgentHTTPTests {
    /// A server that answers the first bytes of a connection with a text, and what it was sent.
    private func exchange(
        _ answer: String, _ request: HTTPRequest = HTTPRequest(.get, "/x"), readsBody: Bool = false
    ) throws -> (Result<HTTPAnswer, ConnectionFault>, String) {
        let heard = Mutex("")
        let done = DispatchSemaphore(value: 0)
        let size = request.bodySize
        let listener = LoopbackListener { connection in
            var text = ""
            var chunk = [UInt8](repeating: 0, count: 65_536)
            func body() -> Int { (text.range(of: "\r\n\r\n").map { text[$0.upperBound...].utf8.count }) ?? -1 }
            while body() < (readsBody ? Int(size) : 0) {
                if readsBody, body() == 0 { _ = send(connection, "HTTP/1.1 100 Continue\r\n\r\n", 25, 0) }
                let count = recv(connection, &chunk, chunk.count, 0)
                if count <= 0 { break }
                text += String(decoding: chunk[..<count], as: UTF8.self)
            }
            let bytes = Array(answer.utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            heard.withLock { $0 = text }
            done.signal()
        }
        let address = try #require(ServerAddress("http://127.0.0.1:\(listener.port)/base"))
        let client = AgentHTTPClient(to: address, patience: Patience())
        let result = Result { () throws(ConnectionFault) in try client.send(request) }
        done.wait()
        return (result, heard.withLock { $0 })
    }

    @Test("an answer with a length and one in chunks are read whole, past interim ones")
    func answers() throws {
        let plain = try exchange(
            "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\nDate:  d \r\n\r\nabc"
        ).0.get()
        #expect(plain.status == 200 && plain.body == Array("abc".utf8) && plain.header("date") == "d")
        let chunked = try exchange(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
        ).0.get()
        #expect(chunked.body == Array("abcde".utf8))
        #expect(try exchange("HTTP/1.1 204 No\r\n\r\n").0.get().body.isEmpty)
    }

    @Test(
        "an answer that is cut off or unclear is a fault, and never a shorter answer",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", "HTTP/1.1 200 OK\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        ])
    func unclear(answer: String) throws {
        #expect(throws: ConnectionFault.self) { try exchange(answer).0.get() }
    }

    @Test("a request has one head, whatever stands in its values, and its body is what files hold")
    func request() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("body-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("file".utf8).write(to: URL(fileURLWithPath: path))
        let request = HTTPRequest(
            .post, "/x?a=b", headers: [("X-Name", "a\r\nEvil: 1")],
            body: [.bytes(Array("<".utf8)), .file(path: path, size: 4), .bytes(Array(">".utf8))])
        let (result, heard) = try exchange(
            "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", request, readsBody: true)
        #expect(try result.get().status == 201)
        #expect(heard.hasPrefix("POST /base/x?a=b HTTP/1.1\r\nHost: 127.0.0.1:"))
        #expect(heard.contains("Content-Length: 6\r\n") && heard.hasSuffix("\r\n\r\n<file>"))
        #expect(!heard.contains("\r\nEvil"))
    }

    @Test("a refusal by the headers is heard before the body goes")
    func early() throws {
        let request = HTTPRequest(.post, "/x", body: [.bytes([UInt8](repeating: 65, count: 30 << 20))])
        let (result, heard) = try exchange("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", request)
        #expect(try result.get().status == 401)
        #expect(heard.contains("Expect: 100-continue") && heard.hasSuffix("\r\n\r\n"))
    }

    @Test("a file that became shorter breaks the request off: it is no fault of the network")
    func shorter() throws {
        let request = HTTPRequest(.post, "/x", body: [.file(path: #filePath, size: 1 << 30)])
        let listener = LoopbackListener { connection in
            _ = send(connection, "HTTP/1.1 100 Continue\r\n\r\n", 25, 0)
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while recv(connection, &chunk, chunk.count, 0) > 0 {}
        }
        let address = try #require(ServerAddress("http://127.0.0.1:\(listener.port)"))
        do {
            _ = try AgentHTTPClient(to: address, patience: Patience()).send(request)
            Issue.record("was sent")
        } catch {
            #expect(error.stage == .file)
        }
    }

    @Test("a program that is to end does not wait for a silent server")
    func stopped() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let writing = ends[1]
        let listener = LoopbackListener { connection in
            _ = write(writing, "x", 1)
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while recv(connection, &chunk, chunk.count, 0) > 0 {}
        }
        let address = try #require(ServerAddress("http://127.0.0.1:\(listener.port)"))
        do {
            _ = try AgentHTTPClient(to: address, patience: Patience(stop: ends[0])).send(HTTPRequest(.get, "/"))
            Issue.record("was answered")
        } catch {
            #expect(error.stage == .stopped)
        }
    }

    @Test("nobody listens, and no such name: told as what they are")
    func nobody() throws {
        for (text, stage) in [
            ("http://127.0.0.1:1", ConnectionFault.Stage.connection), ("http://no-such-host.invalid", .name),
        ] {
            do {
                _ = try AgentHTTPClient(to: try #require(ServerAddress(text)), patience: Patience()).connect()
                Issue.record("was connected")
            } catch let error as ConnectionFault {
                #expect(error.stage == stage, "\(error)")
            }
        }
    }

    @Test("addresses are read strictly")
    func addresses() throws {
        let address = try #require(ServerAddress("https://Vedette.example.org:8443/base/"))
        #expect(
            address.isTLS && address.host == "Vedette.example.org" && address.port == 8443 && address.path == "/base")
        #expect(address.authority == "Vedette.example.org:8443")
        let plain = try #require(ServerAddress("http://[::1]"))
        #expect(plain.authority == "[::1]" && plain.hostAndPort == "[::1]:80" && plain.isLoopback)
        for wrong in [
            "", "example.org", "ftp://a", "https://", "https://a b", "https://u:p@a", "https://a:0", "https://a:65536",
            "https://a:+1", "https://a?x", "https://a#x", "https://a\r\nb", "https://[::1", "https://[a]",
            "https://a:1:2",
            "https://医院.example",
        ] {
            #expect(ServerAddress(wrong) == nil, "\(wrong)")
        }
    }
}
