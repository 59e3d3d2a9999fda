import Accounts
import FoundationEssentials
import Intake

/// What is sealed of an application: the number and the form.
struct ApplicationBody: Codable {
    var phone: String
    var values: [String: String]

    init(_ phone: PhoneNumber, _ form: ApplicationForm) {
        self.phone = phone.national
        values = Dictionary(uniqueKeysWithValues: form.values.map { ($0.key.rawValue, $0.value) })
    }

    var form: ApplicationForm {
        ApplicationForm(
            Dictionary(
                uniqueKeysWithValues: values.compactMap { name, value in
                    ApplicationField(rawValue: name).map { ($0, value) }
                }))
    }
}

/// Values that are sealed as JSON, each for the place of one row.
struct SealedJSON: Sendable {
    let seal: FieldSeal

    func seal(_ value: some Encodable, _ column: String, _ id: String) throws -> [UInt8] {
        try seal.seal(Array(JSONEncoder().encode(value)), place: "application.\(column)/\(id)")
    }

    func open<Value: Decodable>(_ type: Value.Type, _ sealed: [UInt8], _ column: String, _ id: String) throws -> Value {
        try JSONDecoder().decode(
            type, from: Data(try seal.open(sealed, place: "application.\(column)/\(id)")))
    }
}
