public import SurveillanceKit

/// Whom people ask for help: the platform's operator, or the support of a region.
public struct SupportContact: Hashable, Sendable {
    /// The institutions for which it is; nil for everybody.
    public var region: Region?
    public var name: BilingualText
    public var phone: String?
    public var mail: String?
    public var hours: BilingualText?
    /// A group of a messenger, with its number.
    public var group: BilingualText?

    public init(
        region: Region? = nil, name: BilingualText, phone: String? = nil, mail: String? = nil,
        hours: BilingualText? = nil, group: BilingualText? = nil
    ) {
        self.region = region
        self.name = name
        self.phone = phone
        self.mail = mail
        self.hours = hours
        self.group = group
    }

    /// What the contact is reached by, in a line.
    func line(_ reader: Reader) -> String {
        [
            phone.map { reader.say("电话 \($0)", "phone \($0)") }, mail.map { reader.say("邮箱 \($0)", "mail \($0)") },
            group.map(reader.say), hours.map(reader.say),
        ].compactMap(\.self).joined(separator: reader.say("，", ", "))
    }

    /// The contacts for a region, its own first, then those for everybody; of those whose regions are nested, the nearest.
    ///
    /// - Parameter region: a GB/T 2260 code; nil for somebody of whom no region is known, who sees all.
    static func nearest(_ contacts: [SupportContact], to region: String?) -> [SupportContact] {
        guard let region else { return contacts }
        let own = contacts.filter { $0.region?.contains(region) ?? false }
        let longest = own.compactMap { $0.region?.prefix.count }.max()
        return own.filter { $0.region?.prefix.count == longest } + contacts.filter { $0.region == nil }
    }
}

/// Whom to ask, on pages.
struct SupportView {
    var contacts: [SupportContact]

    func card(_ reader: Reader) -> HTML {
        guard !contacts.isEmpty else { return .empty }
        return section(.class("card"), .id("support")) {
            h2(text: reader.say("联系技术支持", "Whom to ask"))
            list(reader)
        }
    }

    func list(_ reader: Reader) -> HTML {
        dl(.class("facts")) {
            for contact in contacts {
                dt(text: reader.say(contact.name))
                dd(text: contact.line(reader))
            }
        }
    }

    /// In a sentence, for notes and the foot of pages: the nearest contact.
    func sentence(_ reader: Reader) -> String? {
        contacts.first.map {
            reader.say("技术支持：\($0.name.zh)，\($0.line(reader))", "Help: \($0.name.en), \($0.line(reader))")
        }
    }
}
