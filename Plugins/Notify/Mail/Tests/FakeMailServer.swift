import Foundation
import Glibc
import Synchronization
import TestKit

/// A mail server on loopback that takes one connection after the other, each as the test wants.
final class FakeMailServer: Sendable {
    struct Behaviour: Sendable {
        /// Offered after EHLO.
        var extensions: [String] = []
        var recipient = "250 ok"
        /// The answer to the whole mail; nil closes the connection without one.
        var mail: String? = "250 queued"
        /// Closes the connection in the middle of the mail.
        var closesEarly = false
    }

    struct Seen: Sendable {
        var commands: [String] = []
        var mails: [String] = []
    }

    private let kept = Kept()
    private let listener: LoopbackListener
    var port: Int { listener.port }
    var seen: Seen { kept.seen.withLock { $0 } }

    init(_ behaviour: Behaviour = Behaviour()) {
        listener = LoopbackListener { [kept] connection in
            Conversation(connection, behaviour, seen: { body in kept.seen.withLock { body(&$0) } }).run()
        }
    }

    private final class Kept: Sendable { let seen = Mutex(Seen()) }

    private final class Conversation {
        let connection: Int32
        let behaviour: Behaviour
        let seen: ((inout Seen) -> Void) -> Void
        var buffer: [UInt8] = []

        init(_ connection: Int32, _ behaviour: Behaviour, seen: @escaping ((inout Seen) -> Void) -> Void) {
            (self.connection, self.behaviour, self.seen) = (connection, behaviour, seen)
        }

        func say(_ line: String) {
            let bytes = Array("\(line)\r\n".utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        func line() -> String? {
            while true {
                if let end = buffer.firstIndex(of: 10) {
                    let line = buffer[..<end].prefix { $0 != 13 }
                    let text = String(decoding: line, as: UTF8.self)
                    buffer.removeSubrange(...end)
                    return text
                }
                var piece = [UInt8](repeating: 0, count: 4096)
                let count = recv(connection, &piece, piece.count, 0)
                guard count > 0 else { return nil }
                buffer += piece[..<count]
            }
        }

        func run() {
            say("220 fake")
            while let command = line() {
                seen { $0.commands.append(command) }
                switch command.prefix(4).uppercased() {
                case "EHLO":
                    let lines = ["fake"] + behaviour.extensions
                    for (index, text) in lines.enumerated() { say("250\(index == lines.count - 1 ? " " : "-")\(text)") }
                case "AUTH":
                    say("334 ")
                    guard let secret = line() else { return }
                    seen { $0.commands.append(secret) }
                    say("235 welcome")
                case "RCPT": say(behaviour.recipient)
                case "DATA":
                    say("354 go on")
                    if behaviour.closesEarly { return }
                    var mail: [String] = []
                    while let text = line(), text != "." {
                        mail.append(text.hasPrefix("..") ? String(text.dropFirst()) : text)
                    }
                    seen { $0.mails.append(mail.joined(separator: "\r\n")) }
                    guard let answer = behaviour.mail else { return }
                    say(answer)
                case "QUIT":
                    say("221 bye")
                    return
                default: say("250 ok")
                }
            }
        }
    }
}
