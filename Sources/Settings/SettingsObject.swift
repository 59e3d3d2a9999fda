public import Foundation
public import SurveillanceKit
public import Validation

/// One object of a JSON file on disk, read strictly: a wrong type or an unknown property is told with its file and place.
///
/// Files of ours may hold comments (JSON5).
public struct SettingsObject: Sendable {
    public let file: String
    /// Where in the file: `fields[3]`.
    public let place: String
    private let members: [String: SettingsValue]
    /// The file on disk, for the line of what is wrong in it.
    private let url: URL?

    public init(contentsOf url: URL, shownAs file: String) throws(ProgramError) {
        guard case .object(let members) = try SettingsValue(contentsOf: url, shownAs: file) else {
            throw ProgramError.unreadable(file: file, reason: "an object { … } is needed")
        }
        self.init(members, file: file, place: "", url: url)
    }

    /// - Parameter url: the file on disk; without it a fault has its place and no line.
    public init(_ members: [String: SettingsValue], file: String, place: String, url: URL? = nil) {
        self.url = url
        self.members = members
        self.file = file
        self.place = place
    }

    /// - Parameter name: the property that is wrong; nil where it is the object.
    public func fault(_ message: String, at name: String? = nil) -> ProgramError {
        let reason = place.isEmpty ? message : "\(place): \(message)"
        return ProgramError([
            ProgramMistake(file: file, line: line(of: name), message: BilingualText(zh: reason, en: reason))
        ])
    }

    private func line(of name: String?) -> Int? {
        guard let url, let data = try? Data(contentsOf: url) else { return nil }
        let lines = JSONFault.lines(in: Array(data))
        return name.flatMap { lines[within($0)] } ?? lines[place]
    }

    /// Refuses properties that nobody reads: a misspelt one must not pass for a default.
    public func allow(_ names: Set<String>) throws(ProgramError) {
        for name in members.keys.sorted() where !names.contains(name) && name != "$schema" {
            throw fault("unknown property '\(name)'; known are \(names.sorted().joined(separator: ", "))", at: name)
        }
    }

    public var names: [String] { members.keys.sorted() }

    public func has(_ name: String) -> Bool { members[name] != nil }

    /// Whatever stands there; nil where nothing does.
    public func value(_ name: String) -> SettingsValue? { members[name] }

    public func string(_ name: String) throws(ProgramError) -> String {
        guard let value = try optionalString(name) else { throw fault("'\(name)' is missing") }
        return value
    }

    public func optionalString(_ name: String) throws(ProgramError) -> String? {
        switch members[name] {
        case nil: return nil
        case .string(let value): return value
        default: throw fault("'\(name)' must be a string", at: name)
        }
    }

    public func optionalNumber(_ name: String) throws(ProgramError) -> Double? {
        switch members[name] {
        case nil: return nil
        case .number(let value): return value
        default: throw fault("'\(name)' must be a number", at: name)
        }
    }

    public func optionalBool(_ name: String) throws(ProgramError) -> Bool? {
        switch members[name] {
        case nil: return nil
        case .bool(let value): return value
        default: throw fault("'\(name)' must be true or false", at: name)
        }
    }

    public func optionalInt(_ name: String) throws(ProgramError) -> Int? {
        guard let number = try optionalNumber(name) else { return nil }
        guard let whole = Int(exactly: number) else { throw fault("'\(name)' must be a whole number", at: name) }
        return whole
    }

    private func list(_ name: String) throws(ProgramError) -> [SettingsValue] {
        switch members[name] {
        case nil: return []
        case .array(let values): return values
        default: throw fault("'\(name)' must be a list", at: name)
        }
    }

    public func strings(_ name: String) throws(ProgramError) -> [String] {
        try list(name).map { value throws(ProgramError) in
            guard case .string(let text) = value else { throw fault("'\(name)' must be a list of strings", at: name) }
            return text
        }
    }

    public func objects(_ name: String) throws(ProgramError) -> [SettingsObject] {
        var objects: [SettingsObject] = []
        for (index, value) in try list(name).enumerated() {
            guard case .object(let members) = value else {
                throw fault("'\(name)' must be a list of objects", at: name)
            }
            objects.append(SettingsObject(members, file: file, place: within("\(name)[\(index)]"), url: url))
        }
        return objects
    }

    public func object(_ name: String) throws(ProgramError) -> SettingsObject? {
        switch members[name] {
        case nil: return nil
        case .object(let members): return SettingsObject(members, file: file, place: within(name), url: url)
        default: throw fault("'\(name)' must be an object", at: name)
        }
    }

    private func within(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    public func text(_ name: String) throws(ProgramError) -> BilingualText {
        guard let text = try optionalText(name) else { throw fault("'\(name)' is missing: { \"zh\": …, \"en\": … }") }
        return text
    }

    public func optionalText(_ name: String) throws(ProgramError) -> BilingualText? {
        guard let object = try object(name) else { return nil }
        try object.allow(["zh", "en"])
        return BilingualText(zh: try object.string("zh"), en: try object.string("en"))
    }

    public func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _ type: Value.Type) throws(ProgramError)
        -> Value?
    where Value.RawValue == String {
        guard let raw = try optionalString(name) else { return nil }
        guard let value = Value(rawValue: raw) else {
            let known = Value.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
            throw fault("'\(name)' is '\(raw)'; known are \(known)", at: name)
        }
        return value
    }
}
