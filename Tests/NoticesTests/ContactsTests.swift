import Foundation
import Notices
import PluginKit
import SurveillanceKit
import Testing
import Validation

@Suite("Contacts")
struct ContactsTests {
    private func read(_ text: String) throws -> Contacts {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("contacts-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        return try Contacts(contentsOf: file, shownAs: "contacts.json")
    }

    @Test("those whom the file names are reached, each address once, and nobody else")
    func reached() throws {
        let contacts = try read(
            """
            { // JSON5
                "administrators": { "mail": ["duty@cdc.example"] },
                "institutions": { "H001": { "mail": ["b@h.example", "a@h.example", "b@h.example"], "phone": ["+8613800000000"] } },
            }
            """)
        #expect(contacts.addresses(of: .administrators, by: .mail) == ["duty@cdc.example"])
        #expect(contacts.addresses(of: .institution("H001"), by: .mail) == ["b@h.example", "a@h.example"])
        #expect(contacts.addresses(of: .institution("H001"), by: .phone) == ["+8613800000000"])
        #expect(contacts.addresses(of: .institution("H002"), by: .mail).isEmpty)
        #expect(contacts.addresses(of: .administrators, by: .phone).isEmpty)
    }

    @Test(
        "what is unknown or no address is refused with file and line",
        arguments: [
            (#""H001": { "e-mail": [] }"#, "unknown property 'e-mail'; known are mail, phone"),
            (#""H001": { "mail": "a@h.example" }"#, "'mail' must be a list"),
            (#""H001": { "mail": ["a h.example"] }"#, "'a h.example' is no mail address"),
            (#""H001": { "mail": ["a@h.example\r\nBcc: x@y"] }"#, "is no mail address"),
            (#""H001": { "mail": ["a@b@c"] }"#, "'a@b@c' is no mail address"),
            (#""H001": { "mail": ["<a@h.example>"] }"#, "is no mail address"),
            (#""H001": { "phone": ["138-0000-0000"] }"#, "'138-0000-0000' is no phone number"),
            (#""H001": { "phone": ["１３８００００００００"] }"#, "is no phone number"),
            (#""H001": []"#, "'H001' must be an object"),
        ])
    func refused(text: String, reason: String) throws {
        let error = try #require(throws: ProgramError.self) { try read("{ \"institutions\": {\n\(text)\n} }") }
        #expect(error.description.contains(reason) && error.description.contains("contacts.json:2: "), "\(error)")
    }
}
