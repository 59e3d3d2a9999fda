import Foundation
import HTTPClient
import Testing

@Suite("Starts of the real server over a data folder that does not belong together", .serialized)
struct StartTests {
    /// Every file and folder of the data folder with its mode and bytes.
    private func tree(_ root: URL) throws -> [String: String] {
        var tree: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root.path) + [""] {
            let path = root.appendingPathComponent(name).path
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let bytes = FileManager.default.contents(atPath: path)?.base64EncodedString() ?? "folder"
            tree[name] = "\(attributes[.posixPermissions] ?? 0) \(bytes)"
        }
        return tree
    }

    @Test("status 2, what is wrong and what to do, nothing changed; with everything back in its place all is there")
    func refusals() async throws {
        let server = try ServerProcess()
        try server.start()
        let id = try await server.send(try Repository.package("Influenza", "faults"))
        let outcome = try await server.outcome(id)
        let findings = try await server.request(.get, "/api/v1/submissions/\(id)/findings").body
        #expect(server.stop() == 0)
        let backup = server.folder.appendingPathComponent("backup")
        try FileManager.default.copyItem(at: server.data, to: backup)
        let whole = try tree(server.data)
        let configuration = ["--config", server.configuration.path]

        for part in [
            "vedette.sqlite", "spool", "findings", "keys", "sealed-keys", "pseudonyms", "receipt-key", "identity",
            "highest",
        ] {
            let path = server.data.appendingPathComponent(part)
            try FileManager.default.removeItem(at: path)
            try expectRefusal(server, naming: path.path)
            try FileManager.default.copyItem(at: backup.appendingPathComponent(part), to: path)
        }
        let database = server.data.appendingPathComponent("vedette.sqlite").path
        for size in [0, 8192] {
            truncate(database, off_t(size))
            try expectRefusal(server, naming: database)
            try FileManager.default.removeItem(atPath: database)
            try FileManager.default.copyItem(atPath: backup.path + "/vedette.sqlite", toPath: database)
        }
        chmod(server.data.path, 0o777)
        try expectRefusal(server, naming: "chmod 700 \(server.data.path)")
        chmod(server.data.path, 0o700)

        #expect(try tree(server.data) == whole)
        try server.start()
        #expect(try await server.outcome(id)["accepted"] as? Int == outcome["accepted"] as? Int)
        #expect(try await server.request(.get, "/api/v1/submissions/\(id)/findings").body == findings)
        #expect(try Vedette.run(["receipt", "chain"] + configuration).status == 0)
        #expect(server.stop() == 0)
    }

    private func expectRefusal(_ server: ServerProcess, naming words: String) throws {
        let before = try tree(server.data)
        let configuration = ["--config", server.configuration.path]
        for command in [
            ["serve"], ["account", "list"], ["key", "rotate"], ["receipt", "chain"], ["receipt", "key"],
            ["audit", "verify"], ["clock", "confirm"], ["account", "add", "another", "--role", "platform"],
        ] {
            let ended = try Vedette.run(command + configuration, input: ServerProcess.password + "\n")
            #expect(ended.status == 2, "\(command) \(words)")
            #expect(ended.errors.contains(words), "\(command): \(ended.errors)")
        }
        #expect(try tree(server.data) == before, "\(words)")
    }

    @Test("a database that is gone: --adopt takes the upload in again, and it is processed")
    func adopts() async throws {
        let server = try ServerProcess()
        try server.start()
        let id = try await server.send(try Repository.package("FeverClinic", "faults"))
        let outcome = try await server.outcome(id)
        #expect(server.stop() == 0)
        try FileManager.default.removeItem(at: server.data.appendingPathComponent("vedette.sqlite"))
        server.options = ["--adopt"]
        try server.start()
        let text = String(decoding: server.output, as: UTF8.self)
        #expect(text.contains("1 upload was taken in again as received"))
        #expect(server.stop() == 0)
        let added = try Vedette.run(
            ["account", "add", "operator-1", "--role", "national", "--config", server.configuration.path],
            input: ServerProcess.password + "\n")
        #expect(added.status == 0, "\(added.errors)")
        try server.useToken(of: "operator-1")
        server.options = []
        try server.start()
        let again = try await server.outcome(id, as: "operator-1")
        #expect(again["state"] as? String == outcome["state"] as? String)
        #expect(again["accepted"] as? Int == outcome["accepted"] as? Int)
        #expect(server.stop() == 0)
    }

    @Test("damaged pages under the running server: /readyz and uploads answer 503 with what to do")
    func damagedPages() async throws {
        let server = try ServerProcess()
        try server.start()
        _ = try await server.outcome(try await server.send(try Repository.package("FeverClinic", "faults")))
        #expect(server.stop() == 0)
        try server.start()
        let path = server.data.appendingPathComponent("vedette.sqlite")
        let file = try FileHandle(forUpdating: path)
        let size = try file.seekToEnd()
        for place in stride(from: 4096, to: size, by: 4096) {
            try file.seek(toOffset: place)
            try file.write(contentsOf: [0xFF])
        }
        try file.close()
        let ready = try await server.request(.get, "/readyz", as: nil)
        #expect(ready.status == 503 && ready.text.contains("backup"), "\(ready.text)")
        let sent = try await server.request(
            .post, "/api/v1/submissions?filename=x.zip", body: try Repository.package("FeverClinic", "clean"))
        #expect(sent.status == 503, "\(sent.text)")
        #expect(sent.text.contains("not-receiving"))
        server.kill()
        let again = try Vedette.run(["serve", "--config", server.configuration.path])
        #expect(again.status == 2 && again.errors.contains("damaged"), "\(again.errors)")
    }
}
