public import SurveillanceKit
public import Validation

/// Keeps every finding and counts the rows that stand: for packages small enough to be held.
public struct FindingCollector: ValidationSink {
    public private(set) var findings: [Finding] = []
    /// Rows handed on, of all files; those of a file refused afterwards included.
    public private(set) var checkedRows = 0
    public private(set) var refusedFiles: [Int] = []
    /// The findings once more, as the lines of JSON that the command line prints.
    public private(set) var jsonLines: [UInt8] = []
    private let keepsJSON: Bool

    public init(keepsJSON: Bool = false) { self.keepsJSON = keepsJSON }

    public mutating func begin(file: Int) {}
    public mutating func refuse(file: Int) { refusedFiles.append(file) }
    public mutating func checked(_ batch: CheckedBatch) { checkedRows += batch.rows.count }

    public mutating func found(_ batch: FindingBatch) {
        batch.forEach { findings.append($0) }
        if keepsJSON { batch.appendJSONLines(to: &jsonLines) }
    }

    public mutating func found(_ finding: Finding) { findings.append(finding) }
}
