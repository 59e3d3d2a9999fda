public import SurveillanceKit

/// Tells somebody something: a log, a mail, a gateway of text messages.
public protocol Notifier: Plugin {
    /// Hands a notice over; called from any thread, one notice at a time for each notifier.
    ///
    /// - Throws: what kept it from being handed over. The platform reports it and goes on; nothing else fails by it.
    func notify(_ notice: Notice) throws
}

/// What is to be told. It never names a patient.
public struct Notice: Hashable, Sendable {
    public var at: Instant
    public var text: BilingualText

    public init(at: Instant, text: BilingualText) {
        self.at = at
        self.text = text
    }
}
