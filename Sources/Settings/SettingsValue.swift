public import Foundation
import JSON
public import Validation

/// Any JSON value of a file of settings, which may hold comments and trailing commas (JSON5).
public enum SettingsValue: Decodable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([SettingsValue])
    case object([String: SettingsValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([String: SettingsValue].self) {
            self = .object(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .array(try container.decode([SettingsValue].self))
        }
    }

    /// - Throws: `ProgramError.unreadable`, with the line where the text stops being JSON5.
    public init(contentsOf url: URL, shownAs file: String) throws(ProgramError) {
        guard let data = try? Data(contentsOf: url) else {
            throw .unreadable(file: file, reason: "is not there, or cannot be read")
        }
        do throws(JSONError) {
            self.init(try JSONDocument(Array(data)).root)
            return
        } catch {
            if error.isRepeatedName {
                throw .unreadable(
                    file: file, reason: "has a name twice in one object, in line \(error.position.line)")
            }
        }
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        do {
            self = try decoder.decode(SettingsValue.self, from: data)
        } catch {
            // What the decoder says of it names no place, and differs from one fault to the next.
            let place = JSONFault.line(in: Array(data)).map { " in line \($0)" } ?? ""
            throw .unreadable(file: file, reason: "is no JSON\(place)")
        }
    }

    private init(_ value: JSON.JSONNode) {
        switch value.content {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let values): self = .array(values.map { SettingsValue($0) })
        case .object(let members):
            self = .object(
                Dictionary(
                    members.map { ($0.name, SettingsValue($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }
}
