public import SurveillanceKit
public import Validation

extension FindingGroups: ValidationSink {
    public mutating func begin(file: Int) {}
    public mutating func refuse(file: Int) {}
    public mutating func checked(_ batch: CheckedBatch) {}

    public mutating func found(_ findings: FindingBatch) {
        var lines: [UInt8] = []
        findings.appendJSONLines(to: &lines)
        for line in lines.split(separator: 0x0A) { add(line) }
    }

    public mutating func found(_ finding: Finding) {
        var line: [UInt8] = []
        finding.appendJSONLine(to: &line)
        add(line.dropLast())
    }
}
