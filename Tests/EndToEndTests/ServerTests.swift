import Foundation
import HTTPClient
import Testing

@Suite("The server as its users meet it", .serialized)
struct ServerTests {
    @Test(
        "kill -9 right after a 201, and again during processing: the submission ends as undisturbed",
        arguments: ["Influenza", "FeverClinic"])
    func survivesKill(program: String) async throws {
        let package = try Repository.package(program, "faults")
        let undisturbed = try ServerProcess()
        try undisturbed.start()
        let reference = try await undisturbed.outcome(try await undisturbed.send(package))
        #expect(undisturbed.stop() == 0)

        let server = try ServerProcess()
        try server.start()
        let id = try await server.send(package)
        server.kill()
        for milliseconds in [0, 30, 60] {
            try server.start()
            // Nothing is waited for: these are the moments of the kill, before, during and after processing.
            try await Task.sleep(for: .milliseconds(milliseconds))
            server.kill()
        }
        try server.start()
        let outcome = try await server.outcome(id)
        #expect(outcome["state"] as? String == "partly-accepted")
        #expect(outcome["accepted"] as? Int == reference["accepted"] as? Int)
        #expect(outcome["errors"] as? Int == reference["errors"] as? Int)
        #expect(server.stop() == 0)
        #expect(try server.lineList() == undisturbed.lineList())
    }

    @Test(
        "vedette check and POST report the same findings", arguments: ["Influenza", "FeverClinic"],
        ["clean", "java-client", "csharp-client", "faults"])
    func sameFindings(program: String, name: String) async throws {
        let server = try ServerProcess()
        try server.start()
        let id = try await server.send(try Repository.package(program, name))
        _ = try await server.outcome(id)
        let answer = try await server.request(.get, "/api/v1/submissions/\(id)/findings?format=json")
        let received = try #require(answer.findings)
        let check = try Vedette.run([
            "check", "--format", "json", "--institution", ServerProcess.institution,
            Repository.packagePath(program, name),
        ])
        let lines = check.output.split(separator: "\n").dropLast()
        let checked = try lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
        }
        #expect(Set(received) == Set(checked))
        #expect(received.count == checked.count)
    }

    @Test(
        "vedette check --corrections writes what the server gives",
        arguments: [("Influenza", "flu"), ("FeverClinic", "fever")])
    func sameCorrections(program: String, type: String) async throws {
        let server = try ServerProcess()
        try server.start()
        let id = try await server.send(try Repository.package(program, "faults"))
        let files = try #require(try await server.outcome(id)["files"] as? [[String: Any]])
        let file = try #require(files.first { $0["fileType"] as? String == type }?["file"] as? String)
        let answer = try await server.request(.get, "/api/v1/submissions/\(id)/corrections?file=\(file)&lang=zh")
        #expect(answer.status == 200)
        let folder = server.folder.appendingPathComponent("forms")
        let check = try Vedette.run([
            "check", "--language", "zh", "--institution", ServerProcess.institution, "--corrections", folder.path,
            Repository.packagePath(program, "faults"),
        ])
        #expect(check.status == 1)
        let written = folder.appendingPathComponent("\(type)_corrections_package.csv")
        #expect(check.output.contains(written.path))
        #expect(try Data(contentsOf: written) == answer.body)
        #expect(answer.body.count > 1000)
    }

    @Test("what is wrong with a request is a problem that says what to do, and nothing is kept of it")
    func problems() async throws {
        let server = try ServerProcess()
        try server.start()
        let package = try Repository.package("Influenza", "clean")
        let anonymous = try await server.request(.post, "/api/v1/submissions?filename=a.zip", body: package, as: nil)
        #expect(anonymous.status == 401)
        let large = try await server.request(
            .post, "/api/v1/submissions?filename=a.zip", body: Data(count: (20 << 20) + 1))
        #expect(large.status == 413)
        let program = try await server.request(.post, "/api/v1/submissions?filename=a.exe", body: package)
        #expect(program.status == 415)
        let unknown = try await server.request(.get, "/api/v1/submissions/01M7YSTJSXAZR74FP85V4MP2FD")
        #expect(unknown.status == 404)
        for answer in [anonymous, large, program, unknown] {
            #expect((answer.json["type"] as? String)?.hasPrefix("urn:vedette:problem:") == true)
            #expect((answer.json["detail"] as? String)?.isEmpty == false)
        }
        let list = try await server.request(.get, "/api/v1/submissions")
        #expect((list.json["submissions"] as? [Any])?.isEmpty == true)
    }

    @Test("an institution sees only its own submissions")
    func keepsApart() async throws {
        let server = try ServerProcess()
        try server.start()
        let id = try await server.send(try Repository.package("FeverClinic", "clean"))
        let other = try await server.request(.get, "/api/v1/submissions/\(id)", as: "hospital-b")
        #expect(other.status == 404)
        let findings = try await server.request(.get, "/api/v1/submissions/\(id)/findings", as: "hospital-b")
        #expect(findings.status == 404)
        let list = try await server.request(.get, "/api/v1/submissions", as: "hospital-b")
        #expect((list.json["submissions"] as? [Any])?.isEmpty == true)
    }

    @Test("a third and a tenth upload of the same package change nothing in the records")
    func repeatsChangeNothing() async throws {
        let server = try ServerProcess()
        try server.start()
        let package = try Repository.package("Influenza", "faults")
        let id = try await server.send(package)
        _ = try await server.outcome(id)
        let before = try server.lineList()
        for _ in 0..<9 {
            let again = try await server.send(package)
            #expect(again != id)
            _ = try await server.outcome(again)
        }
        #expect(try server.lineList() == before)
    }
}

extension ServerProcess.Answer {
    /// The findings of an answer, each as a dictionary to compare.
    var findings: [NSDictionary]? {
        if let list = try? JSONSerialization.jsonObject(with: body) as? [NSDictionary] { return list }
        return json["findings"] as? [NSDictionary]
    }
}
