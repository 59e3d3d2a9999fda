import Foundation
import Intake
import ShangMi
import SurveillanceKit
import Testing

@Suite("Findings of a submission")
struct FindingsTests {
    let fixture: Fixture
    let findings: FindingsFolder

    init() throws {
        fixture = try Fixture()
        findings = FindingsFolder(folder: try fixture.folder("findings"))
    }

    private func finding(_ row: Int) -> Finding {
        Finding(
            file: "flu_\"门诊\".csv", program: "influenza", fileType: "flu", row: row, line: row + 3, column: "AB",
            field: "P6",
            title: BilingualText(zh: "出生日期", en: "Birth date"), severity: .error, code: .typeError, rule: nil,
            value: "1990-\u{1}02\\30\n", expected: nil, message: BilingualText(zh: "不是日期", en: "not a date"))
    }

    private func submission(_ number: Int64, state: SubmissionState = .rejected, attempt: Int) -> Submission {
        Submission(
            id: id(number), institution: "A", account: "demo", fileName: "a", size: 0, sm3: "",
            receivedAt: .milliseconds(0),
            state: state,
            attempt: attempt)
    }

    private func write(_ number: Int64, attempt: Int, _ written: [Finding]) throws {
        let writer = try findings.begin(id(number), attempt: attempt)
        for finding in written { try writer.append(finding) }
        #expect(writer.count == written.count)
        try writer.finish()
    }

    private func read(_ submission: Submission) throws -> [Finding] {
        let reader = try findings.read(submission)
        var read: [Finding] = []
        while let finding = try reader.nextLine().flatMap({ FindingLine($0)?.finding }) { read.append(finding) }
        return read
    }

    @Test("come back as they were found, however many there are", arguments: [0, 1, 5000])
    func roundTrip(count: Int) throws {
        let written = (0..<count).map(finding)
        try write(1, attempt: 1, written)
        #expect(try read(submission(1, attempt: 1)) == written)
        #expect(try fixture.files(holding: "1990-").isEmpty)
    }

    @Test("are one JSON object a line, without what is not there")
    func lines() throws {
        var bare = finding(2)
        (bare.program, bare.fileType, bare.row, bare.line, bare.column, bare.field, bare.title, bare.value) =
            (nil, nil, nil, nil, nil, nil, nil, nil)
        try write(1, attempt: 1, [bare, finding(3)])
        let reader = try findings.read(submission(1, attempt: 1))
        let first = try #require(try reader.nextLine())
        #expect(
            String(decoding: first, as: UTF8.self)
                == #"{"file":"flu_\"门诊\".csv","severity":"error","code":"type-error","message":{"zh":"不是日期","en":"not a date"}}"#
        )
        #expect(try reader.nextLine().flatMap { FindingLine($0)?.finding } == finding(3))
        #expect(try reader.nextLine() == nil)
    }

    @Test("of an attempt that was cut off are never read, and go with the next attempt")
    func attempts() throws {
        try write(1, attempt: 1, [finding(1)])
        #expect(throws: IntakeError.notKept(id(1))) { try findings.read(submission(1, state: .processing, attempt: 1)) }
        #expect(throws: IntakeError.notKept(id(1))) { try findings.read(submission(1, state: .failed, attempt: 1)) }
        do {
            let forgotten = try findings.begin(id(1), attempt: 2)
            try forgotten.append(finding(2))
        }
        try write(1, attempt: 3, [finding(3)])
        #expect(try read(submission(1, attempt: 3)) == [finding(3)])
        #expect(try fixture.files(under: "findings") == ["\(id(1))-3"])
        try findings.remove(submission(1, attempt: 3))
        #expect(try fixture.files(under: "findings").isEmpty)
    }
}
