import Database
import Dictionaries
import StoreKit
import SurveillanceKit
import Testing

@Suite("Decisions about codes, on every store", .everyStore)
struct MappingStoreTests {
    let database: any SQLDatabase

    init() throws {
        database = try TestStore.database()
        try database.migrate(DictionaryStore.migrations + MappingStore.migrations)
    }

    private func decide(_ code: String, _ name: String, _ national: String, by institution: String) throws {
        try database.writeBlocking {
            try MappingStore.decide(
                [CodeMapping(code: code, name: name, nationalCode: national)], of: institution, in: "icd-diagnosis",
                at: Instant(milliseconds: 7), by: "a", in: $0)
        }
    }

    @Test("stand until the next one, each institution's for itself, and are counted for the others by name")
    func kept() throws {
        try decide("y1", "流 感", "J10", by: "A")
        let stamp = try database.readBlocking { try MappingStore.stamp(of: "A", in: $0) }
        try decide("Y1", "流感", "J11", by: "A")
        try decide("K7", "流感", "J11", by: "B")
        try decide("K8", "流感", "J10", by: "B")
        try decide("K9", "流感", "J11", by: "C")
        let own = try database.readBlocking { try MappingStore.mappings(of: "A", in: $0) }
        #expect(own == ["icd-diagnosis": [Array("Y1".utf8): "J11"]])
        let choices = try database.readBlocking {
            try MappingStore.choices(for: "流感 ", in: "icd-diagnosis", besides: "A", in: $0)
        }
        #expect(choices == [Array("J11".utf8): 2, Array("J10".utf8): 1])
        try decide("y2", "感冒", "J00", by: "A")
        #expect(try database.readBlocking { try MappingStore.stamp(of: "A", in: $0) } != stamp)
        try decide("y1", "流感", "", by: "A")
        #expect(try database.readBlocking { try MappingStore.mappings(of: "A", in: $0) }.values.first?.count == 1)
    }

    @Test("say what an entry stands for: its table's code, the decision, its own code, whichever is national first")
    func resolved() {
        let national = NationalCodes(["J00", "J10", "J11"].map { CodeEntry(code: $0, name: $0) })
        let resolution = CodeResolution(
            decided: [Array("Y1".utf8): "J10", Array("J00".utf8): "J11"], national: national)
        func resolve(_ code: String, _ given: String = "") -> String? {
            resolution.national(of: CodeEntry(code: code, name: "x", nationalCode: given))?.code
        }
        #expect(resolve("y1") == "J10" && resolve("y1", "ｊ11") == "J11" && resolve("y1", "X") == "J10")
        #expect(resolve("j00") == "J11" && resolve("j10") == "J10" && resolve("y2") == nil)
    }
}
