import CoreRuntime
import Foundation
import Testing

/// The schemas of what notices are set by name what their readers know.
@Suite struct SettingsSchemaTests {
    private func known(_ configuration: String, _ files: [String: String] = [:]) throws -> Set<String> {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files.merging(["vedette.json": configuration], uniquingKeysWith: { $1 }) {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        let file = folder.appendingPathComponent("vedette.json")
        let error = try #require(throws: (any Error).self) { try Configuration(contentsOf: file) }
        let names = try #require("\(error)".firstMatch(of: /known are (.*)$/)).1
        return Set(names.split(separator: ", ").map(String.init))
    }

    private func properties(_ schema: String) throws -> Set<String> {
        let text = try Repository.text("docs/schemas/\(schema).json")
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let properties = try #require(object?["properties"] as? [String: Any])
        return Set(properties.keys).subtracting(["$schema"])
    }

    @Test("contacts.json and gateway.json have every property that is read, and no other")
    func properties() throws {
        #expect(
            try known(#"{ "notices": { "contacts": "c.json" } }"#, ["c.json": #"{ "no-such": 1 }"#])
                == properties("contacts"))
        #expect(
            try known(
                #"{ "plugins": { "notify": { "webhook": { "gateway": "g.json" } } } }"#,
                ["g.json": #"{ "no-such": 1 }"#])
                == properties("gateway"))
    }
}
