import Foundation

/// A server that gives the answers it is told to give, one after the other, and says what it was asked.
final class ScriptedServer {
    struct Answer: Encodable {
        var status: Int
        var headers: [String: String] = [:]
        var body = ""
    }

    let address: String
    private let process = Process()
    private let output = Pipe()

    private static let script = """
        import http.server, json, sys
        plan = json.loads(sys.argv[1])
        class Scripted(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                print(self.command, self.path.split("?")[0], flush=True)
                told = plan.pop(0) if plan else {"status": 404, "headers": {}, "body": ""}
                body = told["body"].encode()
                self.send_response(told["status"])
                for name, value in told["headers"].items(): self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_GET = do_POST = answer
            def log_message(self, *_): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Scripted)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    init(_ answers: [Answer]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let plan = String(decoding: try JSONEncoder().encode(answers), as: UTF8.self)
        process.arguments = ["python3", "-c", Self.script, plan]
        process.standardOutput = output
        try process.run()
        var port = ""
        while !port.hasSuffix("\n") {
            let data = output.fileHandleForReading.readData(ofLength: 1)
            guard !data.isEmpty else { throw ServerProcess.Failure("the scripted server ended at once") }
            port += String(decoding: data, as: UTF8.self)
        }
        address = "http://127.0.0.1:\(port.dropLast())"
    }

    /// Ends it, and answers what it was asked.
    func stop() -> [String] {
        // A thread of the tests may have blocked gentler signals, and what it starts inherits that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let asked = output.fileHandleForReading.readDataToEndOfFile()
        return String(decoding: asked, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
