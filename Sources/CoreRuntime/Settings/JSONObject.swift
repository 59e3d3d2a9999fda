import Foundation
import SurveillanceKit
import Validation

/// One object of a JSON file on disk, read strictly: a wrong type or an unknown property is told with its file and place.
///
/// Files of ours may hold comments (JSON5).
struct JSONObject: Sendable {
    let file: String
    /// Where in the file: `fields[3]`.
    let place: String
    private let members: [String: JSONValue]

    init(contentsOf url: URL, shownAs file: String) throws(ProgramError) {
        guard case .object(let members) = try JSONValue(contentsOf: url, shownAs: file) else {
            throw ProgramError.unreadable(file: file, reason: "an object { … } is needed")
        }
        self.init(members, file: file, place: "")
    }

    init(_ members: [String: JSONValue], file: String, place: String) {
        self.members = members
        self.file = file
        self.place = place
    }

    func fault(_ message: String) -> ProgramError {
        .unreadable(file: file, reason: place.isEmpty ? message : "\(place): \(message)")
    }

    /// Refuses properties that nobody reads: a misspelt one must not pass for a default.
    func allow(_ names: Set<String>) throws(ProgramError) {
        for name in members.keys.sorted() where !names.contains(name) && name != "$schema" {
            throw fault("unknown property '\(name)'; known are \(names.sorted().joined(separator: ", "))")
        }
    }

    var names: [String] { members.keys.sorted() }

    func has(_ name: String) -> Bool { members[name] != nil }

    func string(_ name: String) throws(ProgramError) -> String {
        guard let value = try optionalString(name) else { throw fault("'\(name)' is missing") }
        return value
    }

    func optionalString(_ name: String) throws(ProgramError) -> String? {
        switch members[name] {
        case nil: return nil
        case .string(let value): return value
        default: throw fault("'\(name)' must be a string")
        }
    }

    func optionalNumber(_ name: String) throws(ProgramError) -> Double? {
        switch members[name] {
        case nil: return nil
        case .number(let value): return value
        default: throw fault("'\(name)' must be a number")
        }
    }

    func optionalBool(_ name: String) throws(ProgramError) -> Bool? {
        switch members[name] {
        case nil: return nil
        case .bool(let value): return value
        default: throw fault("'\(name)' must be true or false")
        }
    }

    func optionalInt(_ name: String) throws(ProgramError) -> Int? {
        guard let number = try optionalNumber(name) else { return nil }
        guard let whole = Int(exactly: number) else { throw fault("'\(name)' must be a whole number") }
        return whole
    }

    private func list(_ name: String) throws(ProgramError) -> [JSONValue] {
        switch members[name] {
        case nil: return []
        case .array(let values): return values
        default: throw fault("'\(name)' must be a list")
        }
    }

    func strings(_ name: String) throws(ProgramError) -> [String] {
        try list(name).map { value throws(ProgramError) in
            guard case .string(let text) = value else { throw fault("'\(name)' must be a list of strings") }
            return text
        }
    }

    /// A list of strings, or one alone.
    func oneOrMoreStrings(_ name: String) throws(ProgramError) -> [String] {
        if case .string(let value) = members[name] { return [value] }
        return try strings(name)
    }

    func objects(_ name: String) throws(ProgramError) -> [JSONObject] {
        var objects: [JSONObject] = []
        for (index, value) in try list(name).enumerated() {
            guard case .object(let members) = value else { throw fault("'\(name)' must be a list of objects") }
            objects.append(JSONObject(members, file: file, place: within("\(name)[\(index)]")))
        }
        return objects
    }

    func object(_ name: String) throws(ProgramError) -> JSONObject? {
        switch members[name] {
        case nil: return nil
        case .object(let members): return JSONObject(members, file: file, place: within(name))
        default: throw fault("'\(name)' must be an object")
        }
    }

    private func within(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    func text(_ name: String) throws(ProgramError) -> BilingualText {
        guard let text = try optionalText(name) else { throw fault("'\(name)' is missing: { \"zh\": …, \"en\": … }") }
        return text
    }

    func optionalText(_ name: String) throws(ProgramError) -> BilingualText? {
        guard let object = try object(name) else { return nil }
        try object.allow(["zh", "en"])
        return BilingualText(zh: try object.string("zh"), en: try object.string("en"))
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _ type: Value.Type) throws(ProgramError)
        -> Value?
    where Value.RawValue == String {
        guard let raw = try optionalString(name) else { return nil }
        guard let value = Value(rawValue: raw) else {
            let known = Value.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
            throw fault("'\(name)' is '\(raw)'; known are \(known)")
        }
        return value
    }
}
