import Foundation
import Testing

/// A page of documentation and the blocks of code in it.
struct Page {
    let text: String

    init(_ text: String) { self.text = text }

    /// The blocks that follow a line with nothing but a file's name in backquotes, by that name.
    var files: [(path: String, text: String)] {
        text.matches(of: /(?m)^`([^`\n]+\.(?:json|csv))`\n\n```\w+\n((?s:.*?))^```/).map {
            (String($0.1), String($0.2))
        }
    }

    /// Puts the files that pages show, a later page's over an earlier one's, and the common code lists into a folder.
    static func write(_ pages: [Page], to folder: URL) throws {
        for (path, text) in pages.flatMap(\.files) {
            let url = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        try FileManager.default.copyItem(
            at: Repository.root.appendingPathComponent("Surveillance/Common"),
            to: folder.appendingPathComponent("Surveillance/Common"))
    }

    /// The first block after the block that holds a line.
    func block(after line: String) -> String? {
        guard let found = text.range(of: line), let end = text[found.upperBound...].range(of: "\n```\n") else {
            return nil
        }
        return text[end.upperBound...].firstMatch(of: /(?m)^```\w*\n((?s:.*?))^```/).map { String($0.1) }
    }
}

/// Records an issue that names the page, not all of its text, where it does not say something.
func expect(
    _ path: String, says text: String, otherwise orThis: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let page = try Repository.text(path)
    guard !page.contains(text), orThis.map({ !page.contains($0) }) ?? true else { return }
    Issue.record("\(path) does not say \(text.debugDescription)", sourceLocation: sourceLocation)
}
