import Foundation
public import SurveillanceKit
public import Validation

/// Takes bytes as they come.
public protocol ByteOutput: AnyObject {
    func write(_ bytes: Span<UInt8>)
}

/// Writes one finding a line, and at the end the counts of every file.
public struct JSONLinesSink<Output: ByteOutput>: ValidationSink {
    private let output: Output

    public init(output: Output) { self.output = output }

    public mutating func begin(file: Int) {}
    public mutating func refuse(file: Int) {}
    public mutating func checked(_ batch: CheckedBatch) {}

    public func found(_ findings: FindingBatch) { findings.writeJSONLines { output.write($0) } }

    public func found(_ finding: Finding) {
        var line: [UInt8] = []
        finding.appendJSONLine(to: &line)
        output.write(line.span)
    }

    public func finish(_ reports: [FileReport]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        output.write((Array(try encoder.encode(["summary": ["files": reports]])) + [0x0A]).span)
    }
}
