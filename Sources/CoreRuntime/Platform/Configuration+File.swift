public import Foundation
import Accounts
import HTTPServer
import Notices
import Portal
import ProgramFiles
import Settings
import ShangMi
import SurveillanceKit
import Tabular
public import Validation

extension Configuration {
    /// The keys of the file, and of each object in it. Each has a default.
    static let keys = [
        "": [
            "listen", "tls", "data", "programs", "institutions", "deadlines", "calendar", "nationalCodes",
            "workers",
            "maximumUploadBytes", "reserveBytes",
            "maximumTries", "uploadsPerInstitution", "archive", "table", "server",
            "trustedProxies", "plugins", "notices", "support", "publicAddress",
            "secondReviewer", "certificateAuthorities", "agent",
        ],
        "tls": ["certificate", "key"],
        "notices": NoticeSettings.keys,
        "support": ["region", "name", "phone", "mail", "hours", "group"],
        "archive": ["entries", "entrySize", "totalSize", "ratio"],
        "table": ["rows", "rowBytes", "columns"],
        "server": [
            "headSeconds", "idleSeconds", "minimumBytesPerSecond", "maximumConnections", "maximumConnectionsPerAddress",
        ],
    ]

    /// Reads a configuration file; paths in it are relative to its own folder.
    public init(contentsOf url: URL) throws(ProgramError) {
        let object = try SettingsObject(contentsOf: url, shownAs: url.path)
        try object.allow(Set(Self.keys["", default: []]))
        let folder = url.deletingLastPathComponent()
        func path(_ name: String, default standard: String) throws(ProgramError) -> URL {
            URL(fileURLWithPath: try object.optionalString(name) ?? standard, relativeTo: folder).standardizedFileURL
        }
        self.init(
            dataFolder: try path("data", default: "../data"),
            programsFolder: try path("programs", default: "../Surveillance"),
            institutionsFile: try path("institutions", default: "institutions.json"))
        deadlinesFolder = try path("deadlines", default: "deadlines")
        calendarFolder = try path("calendar", default: "calendar")
        if let agent = try object.optionalString("agent") {
            agentFile = URL(fileURLWithPath: agent, relativeTo: folder).standardizedFileURL
        }
        nationalCodesFolder = try path("nationalCodes", default: "national-codes")
        if let listen = try object.optionalString("listen") {
            do { try setListen(listen) } catch {
                throw object.fault("'listen' is '\(listen)'; write it as 127.0.0.1:8080", at: "listen")
            }
        }
        needsSecondReviewer = try object.optionalBool("secondReviewer") ?? false
        if let name = try object.optionalString("certificateAuthorities") {
            let file = URL(fileURLWithPath: name, relativeTo: folder).standardizedFileURL
            guard let text = try? String(contentsOf: file, encoding: .utf8) else {
                throw object.fault(
                    "'certificateAuthorities' is '\(name)', which cannot be read", at: "certificateAuthorities")
            }
            do { certificateAuthorities = try SM2Certificate.all(inPEM: text) } catch {
                throw object.fault(
                    "'certificateAuthorities' is '\(name)': \(error.message.en)", at: "certificateAuthorities")
            }
        }
        if let address = try object.optionalString("publicAddress") {
            guard let url = URL(string: address), ["http", "https"].contains(url.scheme), url.host() != nil,
                url.query() == nil, url.path().isEmpty || url.path() == "/"
            else {
                throw object.fault(
                    "'publicAddress' is '\(address)'; write it as https://vedette.example", at: "publicAddress")
            }
            publicAddress = address.hasSuffix("/") ? String(address.dropLast()) : address
        }
        if let section = try Self.section("tls", of: object) {
            tls = TLSFiles(
                certificate: URL(fileURLWithPath: try section.string("certificate"), relativeTo: folder)
                    .standardizedFileURL,
                key: URL(fileURLWithPath: try section.string("key"), relativeTo: folder).standardizedFileURL)
        }
        try object.readPositive("workers", into: &workers)
        try object.readPositive("maximumUploadBytes", into: &maximumUploadBytes)
        try object.readPositive("reserveBytes", into: &reserveBytes)
        try object.readPositive("maximumTries", into: &maximumTries)
        try object.readPositive("uploadsPerInstitution", into: &uploadsPerInstitution)
        try readLimits(object)
        if let plugins = try object.object("plugins") {
            self.plugins = try EnabledPlugins(plugins, folder: folder.path)
        }
        if let notices = try Self.section("notices", of: object) {
            self.notices = try NoticeSettings(notices, folder: folder)
        }
        support = try object.objects("support").map(Configuration.contact)
        trustedProxies = try object.strings("trustedProxies").map { text throws(ProgramError) in
            guard let range = NetworkRange(text) else {
                throw object.fault(
                    "'trustedProxies' has '\(text)'; an address or a range is needed, such as 127.0.0.1, 10.0.0.0/8 or fd00::/8"
                )
            }
            return range
        }
    }

    private static func contact(_ object: SettingsObject) throws(ProgramError) -> SupportContact {
        try object.allow(Set(keys["support", default: []]))
        let region = try object.optionalString("region")
        if let region, Region(region) == nil {
            throw object.fault("'region' is '\(region)'; 2, 4 or 6 digits of GB/T 2260 are needed", at: "region")
        }
        let contact = SupportContact(
            region: region.flatMap { Region($0) }, name: try object.text("name"),
            phone: try object.optionalString("phone"), mail: try object.optionalString("mail"),
            hours: try object.optionalText("hours"), group: try object.optionalText("group"))
        guard contact.phone != nil || contact.mail != nil || contact.group != nil else {
            throw object.fault("a contact needs 'phone', 'mail' or 'group'", at: "name")
        }
        return contact
    }

    private mutating func readLimits(_ object: SettingsObject) throws(ProgramError) {
        if let section = try Self.section("archive", of: object) {
            try section.readPositive("entries", into: &archive.maximumEntries)
            try section.readPositive("entrySize", into: &archive.maximumEntrySize)
            try section.readPositive("totalSize", into: &archive.maximumTotalSize)
            try section.readPositive("ratio", into: &archive.maximumRatio)
        }
        if let section = try Self.section("table", of: object) {
            try section.readPositive("rows", into: &table.maximumRows)
            try section.readPositive("rowBytes", into: &table.maximumRowBytes)
            try section.readPositive("columns", into: &table.maximumColumns)
        }
        if let section = try Self.section("server", of: object) {
            try section.readPositive("headSeconds", into: &server.headSeconds)
            try section.readPositive("idleSeconds", into: &server.idleSeconds)
            try section.readPositive("minimumBytesPerSecond", into: &server.minimumBytesPerSecond)
            try section.readPositive("maximumConnections", into: &server.maximumConnections)
            try section.readPositive("maximumConnectionsPerAddress", into: &server.maximumConnectionsPerAddress)
        }
    }

    private static func section(_ name: String, of object: SettingsObject) throws(ProgramError) -> SettingsObject? {
        guard let section = try object.object(name) else { return nil }
        try section.allow(Set(keys[name, default: []]))
        return section
    }
}

extension SettingsObject {
    fileprivate func readPositive(_ name: String, into value: inout Int) throws(ProgramError) {
        guard let given = try optionalInt(name) else { return }
        guard given > 0 else { throw fault("'\(name)' must be above 0", at: name) }
        value = given
    }

    fileprivate func readPositive(_ name: String, into value: inout Double) throws(ProgramError) {
        guard let given = try optionalNumber(name) else { return }
        guard given > 0 else { throw fault("'\(name)' must be above 0", at: name) }
        value = given
    }
}
