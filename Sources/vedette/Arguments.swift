import SurveillanceKit

/// The words of a command line, taken apart by what a command declares; anything else is refused with what would mend it.
struct Arguments {
    private(set) var values: [String: [String]] = [:]
    private(set) var flags: Set<String> = []
    private(set) var operands: [String] = []

    /// - Parameter manual: what the command takes: options with a value, and flags without.
    init(_ words: some Sequence<String>, _ manual: Manual) throws(UsageError) {
        let flags = manual.options.filter { $0.value == nil }.map(\.name)
        let options = manual.options.filter { $0.value != nil }.map(\.name)
        var onlyOperands = false
        var words = Array(words)[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("-"), word != "-", !onlyOperands else {
                operands.append(word)
                continue
            }
            if word == "--" {
                onlyOperands = true
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts[0]
            if flags.contains(name), parts.count == 1 {
                self.flags.insert(name)
            } else if options.contains(name) {
                guard let value = parts.count == 2 ? parts[1] : words.popFirst() else {
                    throw UsageError("\(name) 需要一个值", "\(name) needs a value")
                }
                values[name, default: []].append(value)
            } else {
                let known = (options + flags).sorted().joined(separator: ", ")
                throw UsageError("没有选项 \(name)；可用 \(known)", "unknown option \(name); there are \(known)")
            }
        }
        _ = try choice("--language", of: ["zh", "en"], default: "en")
    }

    func value(_ name: String) -> String? { values[name]?.last }

    func choice(_ name: String, of known: [String], default standard: String) throws(UsageError) -> String {
        let value = value(name) ?? standard
        guard known.contains(value) else {
            throw UsageError(
                "\(name) 不能是“\(value)”，可用 \(known.joined(separator: " 或 "))",
                "\(name) is '\(value)'; it can be \(known.joined(separator: " or "))")
        }
        return value
    }

    func number(_ name: String, default standard: Int) throws(UsageError) -> Int {
        guard let text = value(name) else { return standard }
        guard let number = Int(text), number > 0 else {
            throw UsageError(
                "\(name) 不能是“\(text)”，应为大于 0 的整数", "\(name) is '\(text)'; a whole number above 0 is needed")
        }
        return number
    }
}

/// A command line that cannot be carried out as it stands.
struct UsageError: Error, CustomStringConvertible {
    var message: BilingualText

    init(_ zh: String, _ en: String) { message = BilingualText(zh: zh, en: en) }

    init(_ message: BilingualText) { self.message = message }

    var description: String { message[Terminal.language] }
}
