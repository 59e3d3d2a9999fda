import Foundation
import SurveillanceKit
import Validation

/// One object of a JSON file on disk, read strictly: a wrong type or an unknown property is told with its file and place.
///
/// Files of ours may hold comments (JSON5).
struct JSONObject {
    let file: String
    /// Where in the file: `fields[3]`.
    let place: String
    private let members: [String: Any]

    init(contentsOf url: URL, shownAs file: String) throws(ProgramError) {
        do {
            let value = try JSONSerialization.jsonObject(with: try Data(contentsOf: url), options: [.json5Allowed])
            guard let members = value as? [String: Any] else {
                throw ProgramError.unreadable(file: file, reason: "a JSON object { … } is needed")
            }
            self.init(members, file: file, place: "")
        } catch let error as ProgramError {
            throw error
        } catch {
            throw .unreadable(file: file, reason: JSONObject.reason(error))
        }
    }

    private init(_ members: [String: Any], file: String, place: String) {
        self.members = members
        self.file = file
        self.place = place
    }

    static func reason(_ error: any Error) -> String {
        let error = error as NSError
        let detail = error.userInfo[NSDebugDescriptionErrorKey] as? String
        return detail ?? error.localizedDescription
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

    func has(_ name: String) -> Bool { members[name] != nil }

    func optional<Value>(_ name: String, as kind: String, _ type: Value.Type = Value.self) throws(ProgramError) -> Value? {
        guard let value = members[name] else { return nil }
        guard let typed = value as? Value, !(Value.self != Bool.self && JSONObject.isBoolean(value)) else {
            throw fault("'\(name)' must be \(kind)")
        }
        return typed
    }

    private static func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { CFGetTypeID($0) == CFBooleanGetTypeID() } ?? false
    }

    func string(_ name: String) throws(ProgramError) -> String {
        guard let value: String = try optional(name, as: "a string") else { throw fault("'\(name)' is missing") }
        return value
    }

    func optionalString(_ name: String) throws(ProgramError) -> String? { try optional(name, as: "a string") }
    func optionalNumber(_ name: String) throws(ProgramError) -> Double? { try optional(name, as: "a number") }

    func optionalInt(_ name: String) throws(ProgramError) -> Int? {
        guard let number = try optionalNumber(name) else { return nil }
        guard let whole = Int(exactly: number) else { throw fault("'\(name)' must be a whole number") }
        return whole
    }

    func strings(_ name: String) throws(ProgramError) -> [String] {
        try optional(name, as: "a list of strings") ?? []
    }

    func objects(_ name: String) throws(ProgramError) -> [JSONObject] {
        let list: [[String: Any]] = try optional(name, as: "a list of objects") ?? []
        return list.enumerated().map { index, members in
            JSONObject(members, file: file, place: "\(place.isEmpty ? "" : place + ".")\(name)[\(index)]")
        }
    }

    func object(_ name: String) throws(ProgramError) -> JSONObject? {
        guard let members: [String: Any] = try optional(name, as: "an object") else { return nil }
        return JSONObject(members, file: file, place: "\(place.isEmpty ? "" : place + ".")\(name)")
    }

    /// Names of the object's own properties.
    var names: [String] { members.keys.sorted() }

    func text(_ name: String) throws(ProgramError) -> BilingualText {
        guard let text = try optionalText(name) else { throw fault("'\(name)' is missing: { \"zh\": …, \"en\": … }") }
        return text
    }

    func optionalText(_ name: String) throws(ProgramError) -> BilingualText? {
        guard let object = try object(name) else { return nil }
        try object.allow(["zh", "en"])
        return BilingualText(zh: try object.string("zh"), en: try object.string("en"))
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _ type: Value.Type) throws(ProgramError) -> Value?
    where Value.RawValue == String {
        guard let raw = try optionalString(name) else { return nil }
        guard let value = Value(rawValue: raw) else {
            let known = Value.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
            throw fault("'\(name)' is '\(raw)'; known are \(known)")
        }
        return value
    }
}
