import Foundation
import Validation

/// Any JSON value. Files of ours may hold comments and trailing commas (JSON5).
package enum JSONValue: Decodable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The commonest kinds are tried first: a try that fails costs ten times what one that succeeds does, and a schema holds mostly text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([String: JSONValue].self) {
            self = .object(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    package init(contentsOf url: URL, shownAs file: String) throws(ProgramError) {
        guard let data = try? Data(contentsOf: url) else {
            throw .unreadable(file: file, reason: "is not there, or cannot be read")
        }
        do throws(PlainJSON.Fault) {
            self = try PlainJSON.value(of: data)
            return
        } catch {
            if case .repeatedName(let line) = error {
                throw .unreadable(file: file, reason: "has a name twice in one object, in line \(line)")
            }
        }
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        do {
            self = try decoder.decode(JSONValue.self, from: data)
        } catch DecodingError.dataCorrupted {
            let place = JSONFault.line(in: Array(data)).map { " in line \($0)" } ?? ""
            throw .unreadable(file: file, reason: "is no JSON\(place)")
        } catch {
            throw .unreadable(file: file, reason: "is no JSON: \(error.localizedDescription)")
        }
    }
}
