import CheckKit
import Checking
import ProgramFiles
import Seeding
import SelfTest
import SurveillanceKit
import Tabular
import TestKit
import Testing
import Validation

@Suite("Threads and blocks change nothing")
struct ThreadTests {
    /// A table of a megabyte and more with faults of many kinds, and what must be found, told while it is made.
    private struct Table {
        var bytes: [UInt8] = []
        var expected: [String] = []
        var rejected = 0

        init(rows: Int, shift: Int, seed: UInt64) {
            var random = Randomness(seed: seed)
            // Blanks behind a label move every row against the blocks' ends.
            var text = "K,A,N" + String(repeating: " ", count: shift) + "\n"
            text += "ZZ,甲,1\n"
            for row in 3..<rows + 2 {
                // No key is a word for nothing, such as `nan`.
                let key = "k" + String(row, radix: 36)
                switch random.below(40) {
                case 0: add("row \(row) C N: type-error", "\(key),甲乙,x", &text)
                case 1: add("row \(row) B A: constraint-error", "\(key),\"甲,乙丙\"\"丁戊己\",1", &text)
                case 2: add("row \(row) A K: constraint-error", ",甲,1", &text)
                case 3: add("row \(row) C N: missing-cell", "long-key,甲", &text)
                case 4: add("row \(row) D -: extra-cell", "\(key),甲,1,2", &text)
                case 5: add("row \(row) B A: source-error", "\(key),\"甲\"乙,1", &text)
                case 6: add("row \(row) A K: primary-key", "ZZ,甲,1", &text)
                case 7: text += "\(key),\"甲\n乙\",1\n"
                case 8: text += "\(key),\"\",1,\n"
                default:
                    text +=
                        "\(key),示例甲,\(random.below(1_000_000))" + String(repeating: " ", count: random.below(9)) + "\n"
                }
            }
            bytes = Array(text.utf8)
            expected.sort()
        }

        private mutating func add(_ finding: String, _ line: String, _ text: inout String) {
            text += line + "\n"
            expected.append(finding)
            rejected += 1
        }
    }

    @Test(
        "one, two and four threads find the same, in the same order, wherever blocks end",
        arguments: [0, 7, 31, 101, 1021])
    func alike(shift: Int) throws {
        let table = Table(rows: 45_000, shift: shift, seed: UInt64(shift))
        var lines: [[UInt8]] = []
        for threads in [1, 2, 4] {
            let examined = try Clinic.examine([("person_1.csv", table.bytes)], threads: threads)
            let (found, expected) = (Set(examined.places), Set(table.expected))
            #expect(found.subtracting(expected) == [] && expected.subtracting(found) == [], "\(threads) threads")
            #expect(examined.findings.count == table.expected.count)
            #expect(examined.reports[0].rejected == table.rejected && examined.reports[0].rows == 45_000)
            #expect(examined.checkedRows == 45_000 - table.rejected)
            lines.append(examined.jsonLines)
        }
        #expect(lines[0] == lines[1] && lines[0] == lines[2])
    }

    @Test("a store that fails ends the check on every thread, and its error comes out", arguments: [1, 2, 4])
    func failingStore(threads: Int) throws {
        let table = Table(rows: 45_000, shift: 0, seed: 1)
        var sink = FailingSink(batches: 2)
        let context = ValidationContext(
            institution: nil, receivedAt: RuleCases.receivedAt, seed: KeySeed((1, 2)), threads: threads, wantsRows: true
        )
        let examination = Examination(registry: try Clinic.registry.get(), context: context)
        let package = try UploadedPackage(name: "person_1.csv", source: BytesSource(table.bytes))
        #expect(throws: FailingSink.Full()) {
            _ = try examination.run(package, named: "person_1.csv", sink: &sink)
        }
        #expect(sink.taken == 2)
    }
}

/// Takes so many batches of rows, and then no more.
private struct FailingSink: ValidationSink {
    struct Full: Error, Equatable {}

    private let batches: Int
    private(set) var taken = 0

    init(batches: Int) { self.batches = batches }

    mutating func begin(file: Int) {}
    mutating func found(_ findings: FindingBatch) {}
    mutating func found(_ finding: Finding) {}
    mutating func refuse(file: Int) {}

    mutating func checked(_ batch: CheckedBatch) throws {
        guard taken < batches else { throw Full() }
        taken += 1
    }
}
