import FoundationEssentials
import SurveillanceKit

/// One page of findings, and whether there are more.
struct FindingsSlice {
    static let length = 50

    var findings: [Finding] = []
    /// How many of those that match come before these.
    var offset = 0
    var hasMore = false

    init() {}

    /// Reads on to the page, without decoding what comes before it.
    init(_ lines: FindingLines, offset: Int) throws {
        self.offset = offset
        for _ in 0..<offset where try lines.next() == nil { return }
        let decoder = JSONDecoder()
        while let line = try lines.next() {
            guard findings.count < FindingsSlice.length else {
                hasMore = true
                return
            }
            findings.append(try decoder.decode(Finding.self, from: Data(line)))
        }
    }
}
