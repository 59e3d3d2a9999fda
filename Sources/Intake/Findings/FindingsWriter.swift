public import SurveillanceKit

/// Takes the findings of one attempt as they are found, in memory that does not grow with their number. What is not finished is
/// removed with it.
public final class FindingsWriter {
    /// How many findings have come.
    public private(set) var count = 0
    private let writer: SealedFolder.Writer
    private var line: [UInt8] = []

    init(_ writer: SealedFolder.Writer) { self.writer = writer }

    public func append(_ finding: Finding) throws {
        finding.appendJSONLine(to: &line)
        count += 1
        // A sealed chunk's worth at a time.
        if line.count >= 65_536 { try flush() }
    }

    /// Takes findings that are lines of JSON already, each with its line end.
    public func append(lines: [UInt8], count: Int) throws {
        line += lines
        self.count += count
        if line.count >= 65_536 { try flush() }
    }

    /// Makes the findings durable; the attempt may be committed after it.
    public func finish() throws {
        try flush()
        try writer.finish()
    }

    public func abandon() { writer.abandon() }

    private func flush() throws {
        try line.withUnsafeBytes { try writer.write($0) }
        line.removeAll(keepingCapacity: true)
    }
}
