import SurveillanceKit
import Testing

@testable import Accounts

@Suite("The institutions")
struct InstitutionDirectoryTests {
    func institution(_ code: String, _ name: String = "医院") -> Institution {
        Institution(
            code: code, name: BilingualText(zh: name, en: "Hospital"), level: .tertiary, region: "110101",
            hasFeverClinic: true)
    }

    @Test("are found by their exact code")
    func lookup() throws {
        let directory = try InstitutionDirectory([institution("12A"), institution("12a"), institution("012")])
        #expect(directory["12A"]?.code == "12A" && directory["12a"]?.code == "12a")
        for wrong in ["12", "12A ", " 12A", "", "0012"] { #expect(directory[wrong] == nil) }
        #expect(directory.institutions.map(\.code) == ["12A", "12a", "012"])
    }

    @Test("are refused with one code for two, and with codes that no file can hold")
    func refused() {
        #expect(throws: InstitutionDirectoryError.duplicateCode("1", names: ["甲", "乙"])) {
            try InstitutionDirectory([institution("1", "甲"), institution("1", "乙")])
        }
        for code in ["", " ", "1 ", "\t1"] {
            #expect(throws: InstitutionDirectoryError.blankCode(code, name: "医院")) {
                try InstitutionDirectory([institution(code)])
            }
        }
    }
}
