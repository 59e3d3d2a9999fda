public import SurveillanceKit

/// Findings of one file in reading order, in their smallest form; each becomes a `Finding` only where somebody looks at it.
public struct FindingBatch: Sendable {
    let lines: FindingLines
    let renderer: FindingRenderer
    let findings: [RawFinding]
    let text: [UInt8]

    public var count: Int { findings.count }

    public var type: CompiledFileType { renderer.type }

    /// How many rows have no other error than that their parent is neither in the package nor in the store.
    public var rowsWithoutParentOnly: Int {
        guard !renderer.type.foreignKeys.isEmpty, !renderer.isFileRejected else { return 0 }
        var count = 0
        var row: Int32 = 0
        var lacksParent = false
        var hasOther = false
        for finding in findings {
            if finding.row != row {
                if lacksParent && !hasOther { count += 1 }
                (row, lacksParent, hasOther) = (finding.row, false, false)
            }
            guard renderer.isError(finding) else { continue }
            if renderer.type.templates.isMissingParent(finding.template) { lacksParent = true } else { hasOther = true }
        }
        return lacksParent && !hasOther ? count + 1 : count
    }

    public func forEach(_ body: (Finding) throws -> Void) rethrows {
        for finding in findings { try body(renderer.finding(finding, text: text)) }
    }

    /// Appends each finding as one line of JSON, as `vedette check --format json` prints it.
    public func appendJSONLines(to output: inout [UInt8]) {
        writeJSONLines { piece in piece.withUnsafeBufferPointer { output.append(contentsOf: $0) } }
    }

    /// Hands on the same in pieces of whole lines, each good until the closure ends.
    public func writeJSONLines(_ out: (Span<UInt8>) -> Void) { lines.write(findings, text: text, to: out) }

    public func count(of severity: Severity) -> Int {
        findings.reduce(0) { $0 + (renderer.isError($1) == (severity == .error) ? 1 : 0) }
    }
}
