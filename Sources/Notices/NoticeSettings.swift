public import Foundation
public import Settings
public import Validation

/// What a deployment sets about notices: the part `notices` of its configuration.
public struct NoticeSettings: Sendable {
    public var policy = DeliveryPolicy()
    public var contacts = Contacts()

    public static let keys = ["contacts", "quietHours", "perMinute"]

    public init() {}

    /// - Parameter folder: the configuration's, to which the path of the contacts is relative.
    /// - Throws: `ProgramError` with file and line, of the configuration or of the file of contacts.
    public init(_ object: SettingsObject, folder: URL) throws(ProgramError) {
        try object.allow(Set(Self.keys))
        if let path = try object.optionalString("contacts") {
            let url = URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL
            contacts = try Contacts(contentsOf: url, shownAs: url.path)
        }
        if let hours = try object.object("quietHours") {
            try hours.allow(["from", "to"])
            let (from, to) = (try hours.string("from"), try hours.string("to"))
            guard let quiet = QuietHours(from: from, to: to) else {
                throw hours.fault(
                    "'from' is '\(from)' and 'to' is '\(to)'; two different times of day are needed, such as 21:30 and 07:00",
                    at: "from")
            }
            policy.quietHours = quiet
        }
        if let perMinute = try object.optionalInt("perMinute") {
            guard perMinute > 0 else { throw object.fault("'perMinute' must be above 0", at: "perMinute") }
            policy.perMinute = perMinute
        }
    }
}
