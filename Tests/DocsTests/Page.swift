import Foundation

/// A page of documentation and the blocks of code in it.
struct Page {
    let text: String

    init(_ text: String) { self.text = text }

    /// The blocks that follow a line with nothing but a file's name in backquotes, by that name.
    var files: [(path: String, text: String)] {
        text.matches(of: /(?m)^`([^`\n]+\.(?:json|csv))`\n\n```\w+\n((?s:.*?))^```/).map { (String($0.1), String($0.2)) }
    }

    /// The first block after the block that holds a line.
    func block(after line: String) -> String? {
        guard let found = text.range(of: line), let end = text[found.upperBound...].range(of: "\n```\n") else { return nil }
        return text[end.upperBound...].firstMatch(of: /(?m)^```\w*\n((?s:.*?))^```/).map { String($0.1) }
    }
}
