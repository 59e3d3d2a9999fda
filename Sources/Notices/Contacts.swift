public import Foundation
public import PluginKit
public import Settings
public import SurveillanceKit
public import Validation

/// Who is reached by what: a file of the deployment's.
///
/// ```json5
/// {
///     "administrators": { "mail": ["duty@cdc.example"] },
///     "institutions": { "H001": { "mail": ["data@h001.example"], "phone": ["+8613800000000"] } }
/// }
/// ```
public struct Contacts: Sendable {
    private var administrators: [ContactKind: [String]] = [:]
    private var institutions: [String: [ContactKind: [String]]] = [:]

    public init() {}

    /// - Throws: `ProgramError` with file and line for what is unknown, of another type, or no address.
    public init(contentsOf url: URL, shownAs file: String) throws(ProgramError) {
        try self.init(SettingsObject(contentsOf: url, shownAs: file))
    }

    public init(_ object: SettingsObject) throws(ProgramError) {
        try object.allow(["administrators", "institutions"])
        if let own = try object.object("administrators") { administrators = try Contacts.addresses(own) }
        guard let all = try object.object("institutions") else { return }
        for code in all.names {
            guard let own = try all.object(code) else { continue }
            institutions[code] = try Contacts.addresses(own)
        }
    }

    private static func addresses(_ object: SettingsObject) throws(ProgramError) -> [ContactKind: [String]] {
        try object.allow(Set(ContactKind.allCases.map(\.rawValue)))
        var addresses: [ContactKind: [String]] = [:]
        for kind in ContactKind.allCases where object.has(kind.rawValue) {
            let found = try object.strings(kind.rawValue)
            for text in found where !kind.accepts(text) {
                throw object.fault("'\(text)' is no \(kind.form)", at: kind.rawValue)
            }
            addresses[kind] = found
        }
        return addresses
    }

    /// Each address once, in the order of the file.
    public func addresses(of recipient: NoticeRecipient, by kind: ContactKind) -> [String] {
        let all =
            switch recipient {
            case .administrators: administrators[kind]
            case .institution(let code): institutions[code]?[kind]
            case .person(let phone, let mail): [kind == .phone ? phone : mail].filter { kind.accepts($0) }
            }
        var seen: Set<String> = []
        return (all ?? []).filter { seen.insert($0).inserted }
    }
}

extension ContactKind {
    fileprivate var form: String {
        switch self {
        case .mail: "mail address, such as data@hospital.example"
        case .phone: "phone number, such as +8613800000000"
        }
    }
}
