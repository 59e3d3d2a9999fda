public import SurveillanceKit

/// Why no answer came, told to the person who can mend it.
public struct ConnectionFault: Error, Sendable, CustomStringConvertible {
    public enum Stage: Sendable {
        case name, connection, proxy, certificate, tls, answer
        /// A file to be sent could not be read, or changed meanwhile: nothing is wrong with the network.
        case file
        /// Somebody has asked the program to end.
        case stopped
    }

    public var stage: Stage
    public var message: BilingualText

    public init(_ stage: Stage, zh: String, en: String) {
        self.stage = stage
        message = BilingualText(zh: zh, en: en)
    }

    public var description: String { message.en }
}
