@preconcurrency import Dispatch
import Foundation
import SurveillanceKit
import Synchronization

/// What is known of the terminal and its reader: language, width, colours.
enum Terminal {
    /// As `--language` says, or else the locale.
    static let language = language(of: CommandLine.arguments, ProcessInfo.processInfo.environment)

    static func language(of words: [String], _ environment: [String: String]) -> Language {
        for (index, word) in words.enumerated() {
            if word == "--" { break }
            if word == "--language", words.indices.contains(index + 1), let asked = Language(rawValue: words[index + 1])
            {
                return asked
            }
            if word.hasPrefix("--language="), let asked = Language(rawValue: String(word.dropFirst(11))) {
                return asked
            }
        }
        return Language(localeOf: { environment[$0] })
    }

    /// The columns of standard output: a terminal's own, 100 where it is none.
    static var width: Int {
        columns(of: 1) ?? 100
    }

    /// The columns of a terminal; nil where the descriptor is none.
    static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Whether standard output is a terminal that shows colours and whose user has not declined them.
    ///
    /// Source: no-color.org.
    static let hasColours = hasColours(isTerminal: isatty(1) == 1, ProcessInfo.processInfo.environment)

    static func hasColours(isTerminal: Bool, _ environment: [String: String]) -> Bool {
        isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
            && environment["TERM"] != nil
    }
}

/// The text in the terminal's language.
func say(_ zh: String, _ en: String) -> String { Terminal.language == .zh ? zh : en }

/// Tells at a terminal what is being done and for how long already, once it has taken a second.
final class Progress: Sendable {
    private struct State {
        var line = ""
        var isShown = false
    }

    private let state = Mutex(State())
    private let start = ContinuousClock.now
    private let timer: (any DispatchSourceTimer)?

    init() {
        guard isatty(2) == 1 else {
            timer = nil
            return
        }
        let timer = DispatchSource.makeTimerSource(queue: .global())
        self.timer = timer
        timer.schedule(deadline: .now() + 1, repeating: .milliseconds(250))
        timer.setEventHandler { [weak self] in self?.show() }
        timer.resume()
    }

    /// What is being done now.
    func tell(_ line: String) { state.withLock { $0.line = line } }

    private func show() {
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        let width = Terminal.columns(of: 2) ?? 80
        state.withLock { state in
            guard !state.line.isEmpty else { return }
            state.isShown = true
            let line = "\(state.line) … \(seconds) s"
            let text = Columns.wrapped(line, width: width - 1).first ?? ""
            FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
        }
    }

    /// Takes the line away until something is told again.
    func pause() {
        state.withLock { state in
            if state.isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
            state = State()
        }
    }

    func end() {
        timer?.cancel()
        pause()
    }
}
