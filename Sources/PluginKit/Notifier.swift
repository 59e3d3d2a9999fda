public import SurveillanceKit

/// Tells somebody something: a log, a mail, a gateway of text messages.
public protocol Notifier: Plugin {
    /// What it reaches people by; nil for one that needs nobody's address, such as a log.
    var contact: ContactKind? { get }

    /// What is done where nobody knows whether a message was taken, because the server was killed or the connection broke.
    var whenUnsure: UnsureRemedy { get }

    /// Hands a message over; called from any thread, one message at a time for each notifier. Returns once it was taken.
    ///
    /// - Throws: `NotTaken` where it surely was not taken. Any other error, such as `Unanswered`, means that nobody knows.
    func deliver(_ message: OutgoingNotice) throws

    /// Asks whether a message was taken; called only where `whenUnsure` is `ask`.
    ///
    /// - Throws: what kept it from being asked.
    func wasTaken(_ message: OutgoingNotice) throws -> Bool
}

extension Notifier {
    public var contact: ContactKind? { nil }
    public var whenUnsure: UnsureRemedy { .hold }
    public func wasTaken(_ message: OutgoingNotice) throws -> Bool { false }
}

/// What people are reached by.
public enum ContactKind: String, CaseIterable, Sendable {
    case mail, phone

    /// Whether a text is an address of the kind. Nothing is let through that could end a line of a mail's head or a request.
    public func accepts(_ text: String) -> Bool {
        switch self {
        case .mail:
            let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
            return parts.count == 2 && text.utf8.count <= 254
                && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(ContactKind.isOfMailAddress) }
        case .phone:
            let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
            return (5...15).contains(digits.utf8.count) && digits.utf8.allSatisfy { (48...57).contains($0) }
        }
    }

    private static func isOfMailAddress(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"<>(),;:\\\"[]".utf8.contains(byte)
    }
}

/// How a message is dealt with that may have been taken.
public enum UnsureRemedy: Sendable {
    /// It is told again under the same id, by which whoever takes it knows it again.
    case tellAgain
    /// Whoever takes messages is asked by the id.
    case ask
    /// It is not told again, and shown to an administrator.
    case hold
}

/// One notice on its way to one address.
public struct OutgoingNotice: Hashable, Sendable {
    /// 32 hexadecimal digits: the same for the same notice to the same address by the same notifier, always.
    public var id: String
    public var notice: Notice
    /// Empty where the notifier needs none.
    public var address: String
    /// When it is handed over.
    public var now: Instant

    public init(id: String, notice: Notice, address: String, now: Instant) {
        self.id = id
        self.notice = notice
        self.address = address
        self.now = now
    }
}

/// A message that was not taken, for certain.
public struct NotTaken: Error, Hashable, Sendable {
    /// For an administrator; without a secret, a phone number or a mail address.
    public var reason: BilingualText
    /// Trying again would end the same.
    public var isFinal: Bool

    public init(_ reason: BilingualText, isFinal: Bool = false) {
        self.reason = reason
        self.isFinal = isFinal
    }
}

/// A message of which nobody knows whether it was taken, with what is known.
public struct Unanswered: Error, Hashable, Sendable, CustomStringConvertible {
    /// For an administrator; without a secret, a phone number or a mail address.
    public var reason: BilingualText
    public var description: String { reason.en }

    public init(_ reason: BilingualText) { self.reason = reason }
}
