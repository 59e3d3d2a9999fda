import CoreRuntime
import ProgramFiles
import SurveillanceKit
import TestKit
import Testing
import Validation

@Suite("A folder that does not hold together is refused with its file and the reason")
struct RefusedProgramTests {
    private func refusal(_ changes: [String: String?]) throws -> String {
        let programs = try TemporaryPrograms(Mpox.files(changing: changes))
        do {
            _ = try programs.registry()
            return "it was taken"
        } catch let error as ProgramError {
            return error.description
        }
    }

    private func refusal(mpox old: String, _ new: String) throws -> String {
        #expect(Mpox.mpox.contains(old))
        return try refusal(["Mpox/files/mpox.json": Mpox.mpox.replacing(old, with: new)])
    }

    private let mpox = "Surveillance/Mpox/files/mpox.json"

    @Test("two programs that claim files of one name")
    func prefixTaken() throws {
        let message = try refusal([
            "Other/program.json": Mpox.program.replacing("\"mpox\", \"version\"", with: "\"other\", \"version\""),
            "Other/files/mpox.json": Mpox.mpox, "Other/files/contact.json": Mpox.contact,
            "Other/codelists/codelists.json": Mpox.files["Mpox/codelists/codelists.json"] ?? "",
            "Other/codelists/SEX.csv": Mpox.files["Mpox/codelists/SEX.csv"] ?? "",
        ])
        #expect(message.hasPrefix("Surveillance/Other/program.json:"))
        #expect(message.contains("'mpox_…'") && message.contains("belong to mpox"))
    }

    @Test("two programs of one id")
    func idTaken() throws {
        let message = try refusal([
            "Other/program.json": Mpox.program.replacing("[\"mpox\", \"contact\"]", with: "[\"x\"]"),
            "Other/files/x.json":
                "{ \"name\": \"x\", \"title\": \"x\", \"fields\": [ { \"name\": \"A\", \"title\": \"甲\", \"type\": \"string\", \"deidentify\": \"keep\" } ] }",
        ])
        #expect(message.hasPrefix("Surveillance/Other/program.json:") && message.contains("'mpox'"))
    }

    @Test("JSON that is none, with the line")
    func brokenJSON() throws {
        let message = try refusal(mpox: "\"primaryKey\": [\"CASE\"],", "\"primaryKey\": [\"CASE\",, ],")
        #expect(message == mpox + ": is no JSON in line 3")
        #expect(try refusal(mpox: "\"type\": \"date\"", "\"type\" \"date\"") == mpox + ": is no JSON in line 10")
        #expect(try refusal(mpox: "\"title\": \"猴痘病例\"", "\"title\": \"猴痘病例") == mpox + ": is no JSON in line 2")
    }

    @Test("a name twice in one object, of which one would be lost, with the line")
    func repeatedName() throws {
        let message = try refusal(mpox: "\"type\": \"date\"", "\"type\": \"date\", \"type\": \"string\"")
        #expect(message == mpox + ": has a name twice in one object, in line 10")
    }

    @Test("a property that nobody reads, so that a misspelt one is no default")
    func unknownProperty() throws {
        let field = try refusal(mpox: "\"placeholder\"", "\"placeholdr\"")
        #expect(field.hasPrefix(mpox + ": fields[1]: unknown property 'placeholdr'; known are "))
        let constraint = try refusal(mpox: "\"maxLength\"", "\"maxLenght\"")
        #expect(constraint.hasPrefix(mpox + ": fields[0].constraints: unknown property 'maxLenght'"))
    }

    @Test("a file that is not there")
    func missingFile() throws {
        #expect(
            try refusal(["Mpox/files/contact.json": nil])
                == "Surveillance/Mpox/files/contact.json: is not there, or cannot be read")
        #expect(try refusal(["Mpox/codelists/SEX.csv": nil]).hasPrefix("Surveillance/Mpox/codelists/SEX.csv:"))
    }

    @Test("a code list that is not there")
    func unknownCodeList() throws {
        #expect(
            try refusal(mpox: "\"codeList\": \"SEX\"", "\"codeList\": \"SEXX\"") == mpox
                + ": fields[1]: no code list 'SEXX'; there are SEX")
    }

    @Test("a rule that names no field, with its line")
    func unknownFieldInRule() throws {
        let expression = try refusal(mpox: "ONSET <= SEEN", "ONSET <= SEEEN")
        #expect(expression.hasPrefix(mpox + ":16: rule 'onset-first':"), "\(expression)")
        #expect(expression.contains("SEEEN"))
        let target = try refusal(mpox: "\"field\": \"ONSET\"", "\"field\": \"ONSETT\"")
        #expect(target.hasPrefix(mpox + ":16: rule 'onset-first': no field 'ONSETT'"), "\(target)")
    }

    @Test("a rule that compares what cannot be compared, with its line")
    func unlikeTypes() throws {
        let message = try refusal(mpox: "ONSET <= SEEN", "ONSET <= CASE")
        #expect(message.hasPrefix(mpox + ":16: rule 'onset-first':"), "\(message)")
        #expect(message.contains("timestamp") && message.contains("string"), "\(message)")
    }

    @Test("a rule that names no check")
    func unknownCheck() throws {
        let message = try refusal(mpox: "\"expression\": \"ONSET <= SEEN\"", "\"check\": \"residentid\"")
        #expect(
            message.hasPrefix(mpox + ":16: rule 'onset-first': no check 'residentid'; there are resident-id"),
            "\(message)")
    }

    @Test("a link to a file type or field that is not there, or of another type")
    func foreignKeys() throws {
        func refusal(_ old: String, _ new: String) throws -> String {
            try self.refusal(["Mpox/files/contact.json": Mpox.contact.replacing(old, with: new)])
        }
        let contact = "Surveillance/Mpox/files/contact.json: foreignKeys: "
        #expect(
            try refusal("\"resource\": \"mpox\"", "\"resource\": \"mpx\"") == contact
                + "no file type 'mpx'; there are mpox, contact")
        #expect(
            try refusal("\"mpox\", \"fields\": [\"CASE\"]", "\"mpox\", \"fields\": [\"KASE\"]") == contact
                + "no field 'KASE' in 'mpox'")
        #expect(try refusal("\"fields\": [\"CASE\"], \"ref", "\"fields\": [\"NO\"], \"ref").hasPrefix(contact))
    }

    @Test(
        "a rule about a parent that names no field, compares unlike types, or lists what is no code, with its line",
        arguments: [
            ("\"field\": \"NOO\", \"parentField\": \"SEX\"", "no field 'NOO' in 'contact'"),
            ("\"field\": \"CASE\", \"parentField\": \"SECHS\"", "no field 'SECHS' in 'mpox'"),
            ("\"field\": \"NO\", \"parentField\": \"SEX\"", "NO is integer, SEX of mpox is string: "),
            ("\"field\": \"CASE\", \"parentField\": \"SEX\", \"in\": [\"1\", \"3\"]", "'3' is no code of SEX, "),
            (
                "\"field\": \"CASE\", \"parentField\": \"SEEN\", \"notIn\": [\"1\"]",
                "'in' and 'notIn' list codes; SEEN "
            ),
        ])
    func parentRules(rule: String, message: String) throws {
        let refused = try refusal(requires: rule)
        #expect(refused.hasPrefix("Surveillance/Mpox/files/contact.json:5: rule 'as-case': \(message)"), "\(refused)")
    }

    @Test("a rule about a parent that is written wrongly, or is called as another")
    func malformedParentRules() throws {
        let contact = "Surveillance/Mpox/files/contact.json: "
        let both = "\"field\": \"CASE\", \"parentField\": \"SEX\", \"in\": [\"1\"], \"notIn\": [\"2\"]"
        #expect(try refusal(requires: both).hasPrefix(contact + "foreignKeys[0].requires[0]: 'as-case' needs a list"))
        let empty = "\"field\": \"CASE\", \"parentField\": \"SEX\", \"in\": []"
        #expect(try refusal(requires: empty).hasPrefix(contact + "foreignKeys[0].requires[0]: 'as-case' needs a list"))
        let unread = "\"field\": \"CASE\", \"parentField\": \"SEX\", \"expression\": \"true\""
        #expect(try refusal(requires: unread).contains("unknown property 'expression'"))
        let twice = "\"field\": \"CASE\", \"parentField\": \"CASE\""
        #expect(try refusal(requires: twice, twice).hasPrefix(contact + "rule 'as-case' stands twice"))
        #expect(try refusal(requires: twice) == "it was taken")
    }

    private func refusal(requires rules: String...) throws -> String {
        let text = rules.map {
            "\n{ \"id\": \"as-case\", \($0), \"message\": { \"zh\": \"不符\", \"en\": \"they differ\" } }"
        }.joined(separator: ",")
        let old = "\"fields\": [\"CASE\"] } }"
        #expect(Mpox.contact.contains(old))
        return try refusal([
            "Mpox/files/contact.json": Mpox.contact.replacing(
                old, with: "\"fields\": [\"CASE\"] }, \"requires\": [\(text)] }")
        ])
    }

    @Test("a key of no field, a pattern that is none, a type, format or severity that is not known")
    func fieldFaults() throws {
        #expect(
            try refusal(mpox: "\"primaryKey\": [\"CASE\"]", "\"primaryKey\": [\"CASES\"]").hasPrefix(
                mpox + ": no field 'CASES'"))
        #expect(try refusal(mpox: "[A-Z][0-9]+", "[A-Z").hasPrefix(mpox + ": field CASE: pattern"))
        #expect(
            try refusal(mpox: "\"type\": \"date\"", "\"type\": \"day\"").hasPrefix(
                mpox + ": fields[2]: 'type' is 'day'; known are string"))
        #expect(try refusal(mpox: "%Y-%m-%d", "%d.%m.%Y").hasPrefix(mpox + ": fields[2]: 'format' is '%d.%m.%Y'"))
        #expect(
            try refusal(mpox: "\"severity\": \"error\"", "\"severity\": \"fatal\"").contains(
                "'severity' is 'fatal'; known are"))
        #expect(try refusal(mpox: "\"name\": \"SEEN\"", "\"name\": \"onset\"").contains("field 'onset' stands twice"))
    }

    @Test("a field that does not say what becomes of it")
    func unclassified() throws {
        let message = try refusal(
            mpox: "\"sensitivity\": \"none\", \"deidentify\": \"keep\"", "\"sensitivity\": \"none\"")
        #expect(message.hasPrefix(mpox + ": fields[0]: 'deidentify' is missing"))
    }

    @Test("a time zone that is none, and a folder without programs")
    func others() throws {
        #expect(
            try refusal(["Mpox/program.json": Mpox.program.replacing("Asia/Shanghai", with: "Asia/Shanghi")]).contains(
                "'timeZone' is 'Asia/Shanghi'"))
        let message = try refusal(["Mpox/program.json": nil])
        #expect(message.contains("no program here"))
    }
}
