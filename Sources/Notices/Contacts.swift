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
            for text in found where !isAddress(text, kind) {
                throw object.fault("'\(text)' is no \(kind.form)", at: kind.rawValue)
            }
            addresses[kind] = found
        }
        return addresses
    }

    /// Nothing is let through that could end a line of a mail's head or a request.
    static func isAddress(_ text: String, _ kind: ContactKind) -> Bool {
        switch kind {
        case .mail:
            let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
            return parts.count == 2 && text.utf8.count <= 254
                && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isOfAddress) }
        case .phone:
            let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
            return (5...15).contains(digits.utf8.count) && digits.utf8.allSatisfy { (48...57).contains($0) }
        }
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"<>(),;:\\\"[]".utf8.contains(byte)
    }

    /// Each address once, in the order of the file.
    public func addresses(of recipient: NoticeRecipient, by kind: ContactKind) -> [String] {
        let all =
            switch recipient {
            case .administrators: administrators[kind]
            case .institution(let code): institutions[code]?[kind]
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
