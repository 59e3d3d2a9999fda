import Foundation
import HTTPClient
import Testing

@Suite("The operator's commands beside and after a server", .serialized)
struct OperatorTests {
    @Test("receipts are verified, the key is refused under a server and changed after it, and everything still opens")
    func keysAndReceipts() async throws {
        let server = try ServerProcess()
        try server.start()
        let id = try await server.send(try Repository.package("Influenza", "faults"))
        _ = try await server.outcome(id)
        let findings = try await server.request(.get, "/api/v1/submissions/\(id)/findings").body
        let configuration = ["--config", server.configuration.path]

        let key = try await server.request(.get, "/receipt-key.pem", as: nil).body
        #expect(try Vedette.run(["receipt", "key"] + configuration).output == String(decoding: key, as: UTF8.self))
        let keyFile = server.folder.appendingPathComponent("receipt-key.pem").path
        try key.write(to: URL(fileURLWithPath: keyFile))
        let receipt = server.folder.appendingPathComponent("receipt.json")
        try await server.request(.get, "/api/v1/submissions/\(id)/receipt").body.write(to: receipt)
        let whole = try Vedette.run(["receipt", "verify", receipt.path, "--key", keyFile])
        #expect(whole.status == 0 && whole.output.contains("whole: receipt 2, submission \(id)"))
        var text = try String(contentsOf: receipt, encoding: .utf8)
        text = text.replacing("\"state\":\"partly-accepted\"", with: "\"state\":\"accepted\"")
        try Data(text.utf8).write(to: receipt)
        let altered = try Vedette.run(["receipt", "verify", receipt.path, "--key", keyFile])
        #expect(altered.status == 1 && altered.output.contains("ALTERED"))
        let head = try Vedette.run(["receipt", "chain"] + configuration)
        #expect(head.status == 0 && head.output.hasPrefix("whole: 2 receipts, head 2:"))

        let refused = try Vedette.run(["key", "rotate"] + configuration)
        #expect(refused.status == 2 && refused.errors.contains("stop it first"))
        #expect(server.stop() == 0)
        let rotated = try Vedette.run(["key", "rotate"] + configuration)
        #expect(rotated.status == 0 && rotated.output.contains("3 files wrapped anew"))
        try server.start()
        #expect(try await server.request(.get, "/api/v1/submissions/\(id)/findings").body == findings)
        let noted = try #require(head.output.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try Vedette.run(["receipt", "chain", "--noted", noted] + configuration).status == 0)
        let audit = try Vedette.run(["audit", "verify"] + configuration)
        #expect(audit.status == 0 && audit.output.hasPrefix("whole: "))
        #expect(server.stop() == 0)
    }

    @Test("a platform account has a submission processed again through the API; a hospital has not")
    func retries() async throws {
        let server = try ServerProcess()
        let added = try Vedette.run(
            ["account", "add", "operator-1", "--role", "platform", "--config", server.configuration.path],
            input: ServerProcess.password + "\n")
        #expect(added.status == 0, "\(added.errors)")
        try server.useToken(of: "operator-1")
        try server.start()
        let id = try await server.send(try Repository.package("FeverClinic", "faults"))
        let before = try await server.outcome(id)
        #expect(try await server.request(.post, "/api/v1/submissions/\(id)/retry", body: Data()).status == 403)
        let retried = try await server.request(
            .post, "/api/v1/submissions/\(id)/retry", body: Data(), as: "operator-1")
        #expect(retried.status == 202, "\(retried.text)")
        let after = try await server.outcome(id)
        #expect(after["accepted"] as? Int == before["accepted"] as? Int)
        #expect(server.stop() == 0)
    }

    @Test("status says, a line a job, what the server last did, beside it and after it")
    func status() async throws {
        let server = try ServerProcess()
        try server.start()
        _ = try await server.outcome(try await server.send(try Repository.package("FeverClinic", "faults")))
        let configuration = ["--config", server.configuration.path]
        let status = try Vedette.run(["status"] + configuration)
        #expect(status.status == 0, "\(status.errors)")
        let names = status.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(
            names == [
                "clock", "purge", "retries", "receipts", "notices", "deadlines", "feeds", "figures", "snapshots",
                "register",
            ])
        #expect(server.stop() == 0)
        let after = try Vedette.run(["status", "--language", "zh"] + configuration)
        #expect(after.status == 0)
        let purge = try #require(after.output.split(separator: "\n").first { $0.hasPrefix("purge ") })
        #expect(purge.contains("成功；每天一次；清理已到保存期限的内容"), "\(purge)")
    }
}
