/// The words of a command line, taken apart by what a command declares; anything else is refused with what would mend it.
struct Arguments {
    private(set) var values: [String: [String]] = [:]
    private(set) var flags: Set<String> = []
    private(set) var operands: [String] = []

    /// What a command takes: options with a value, flags without, and how its operands are called.
    struct Shape {
        var options: [String] = []
        var flags: [String] = []
    }

    init(_ words: some Sequence<String>, shape: Shape) throws(UsageError) {
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
            if shape.flags.contains(name), parts.count == 1 {
                flags.insert(name)
            } else if shape.options.contains(name) {
                guard let value = parts.count == 2 ? parts[1] : words.popFirst() else {
                    throw UsageError("\(name) needs a value")
                }
                values[name, default: []].append(value)
            } else {
                let known = (shape.options + shape.flags).sorted().joined(separator: ", ")
                throw UsageError("unknown option \(name); there are \(known)")
            }
        }
    }

    func value(_ name: String) -> String? { values[name]?.last }

    func choice(_ name: String, of known: [String], default standard: String) throws(UsageError) -> String {
        let value = value(name) ?? standard
        guard known.contains(value) else {
            throw UsageError("\(name) is '\(value)'; it can be \(known.joined(separator: " or "))")
        }
        return value
    }

    func number(_ name: String, default standard: Int) throws(UsageError) -> Int {
        guard let text = value(name) else { return standard }
        guard let number = Int(text), number > 0 else {
            throw UsageError("\(name) is '\(text)'; a whole number above 0 is needed")
        }
        return number
    }
}

/// A command line that cannot be carried out as it stands.
struct UsageError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
