import CheckKit
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Timeliness
import Validation

@Suite("The register, the calendars, what a deployment sets, and receipts: read, or refused with file and line")
struct DeploymentFileTests {
    /// A folder with files, gone afterwards.
    private func inFolder<T>(_ files: [String: String], _ body: (URL) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duties-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appendingPathComponent(name), atomically: false, encoding: .utf8)
        }
        return try body(folder)
    }

    /// `line: words` of each mistake.
    private func mistakes(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch {
            return (error as? ProgramError)?.mistakes.map { "\($0.file):\($0.line ?? 0): \($0.message.en)" } ?? [
                "\(error)"
            ]
        }
    }

    private func expect(_ found: [String], _ wanted: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(found.count == wanted.count, "\(found)", sourceLocation: sourceLocation)
        for words in wanted {
            let (place, rest) = (words.prefix { $0 != " " }, words.drop { $0 != " " }.dropFirst())
            #expect(
                found.contains { $0.hasPrefix(place) && $0.contains(rest) }, "\(words) of \(found)",
                sourceLocation: sourceLocation)
        }
    }

    @Test("every mistake of the register at once")
    func register() throws {
        let text = """
            // A comment.
            [
              { code: "A", name: { zh: "甲", en: "A" }, level: '三级', region: "430102", },
              { "code": "A", "name": { "zh": "甲", "en": "A" }, "level": "四级", "region": "430102" },
              { "code": "B", "name": { "zh": "乙", "en": "B" }, "region": "4301" },
              { "code": "C", "name": { "zh": "丙", "en": "C" }, "level": "二级", "region": "430102", "category": "中药",
                "changes": [ { "from": "2026-03-01", "level": "三级" }, { "from": "2026-02-01" } ] },
              { "code": "D", "name": { "zh": "丁", "en": "D" }, "level": "二级", "region": "430102", "beds": 500 }
            ]
            """
        try inFolder(["institutions.json": text]) { folder in
            expect(
                mistakes { _ = try InstitutionsFile.read(folder.appendingPathComponent("institutions.json")) },
                [
                    "institutions.json:4: 'level' is '四级'; it must be one of 三级, 二级, 一级, 未定级",
                    "institutions.json:5: 'level' is missing", "institutions.json:5: six digits of GB/T 2260",
                    "institutions.json:6: 'category' is '中药'", "institutions.json:7: does not say what changes",
                    "institutions.json:7: not after the one before it", "institutions.json:8: unknown property 'beds'",
                ])
        }
    }

    @Test("the register of a deployment today is read as it is: code, name, aliases, level, region, fever clinic")
    func plainRegister() throws {
        let text = """
            [ { "code": "A", "name": { "zh": "甲", "en": "A" }, "aliases": ["甲院"], "level": "二级", "region": "430102", "hasFeverClinic": true } ]
            """
        try inFolder(["i.json": text]) { folder in
            let read = try InstitutionsFile.read(folder.appendingPathComponent("i.json"))
            #expect(
                read == [
                    Institution(
                        code: "A", name: BilingualText(zh: "甲", en: "A"), aliases: ["甲院"], level: .secondary,
                        region: "430102", hasFeverClinic: true)
                ])
        }
    }

    @Test("the calendar of China is known for 2020 to 2026, with its make-up days, and not beyond")
    func china() throws {
        let calendar = try GoldenCases.calendar()
        #expect(calendar.knownYears == "2020–2026")
        func works(_ day: String) -> Bool? { CivilDate(day).flatMap(calendar.isWorkingDay) }
        #expect(works("2026-02-14") == true && works("2026-02-16") == false && works("2026-02-21") == false)
        #expect(works("2026-11-28") == false && works("2026-11-30") == true)
        #expect(works("2027-01-04") == nil && works("2019-12-31") == nil)
    }

    @Test("every mistake of a calendar at once")
    func calendars() throws {
        let text = """
            { "id": "x", "title": { "zh": "历", "en": "Calendar" }, "years": [
              { "year": 2026, "source": "通知", "holidays": ["2026-10-01/2026-10-07", "2026-13-01"], "workdays": ["2026-10-10", "2026-10-12"] },
              { "year": 2026, "source": "通知", "holidays": ["2025-10-01"], "workdays": [] } ] }
            """
        try inFolder(["x.json": text]) { folder in
            let name = folder.lastPathComponent
            expect(
                mistakes { _ = try CalendarFolder.read(folder) },
                [
                    "\(name)/x.json:2: '2026-13-01' is no day of 2026",
                    "\(name)/x.json:2: 2026-10-12 is no Saturday or Sunday",
                    "\(name)/x.json:3: the year 2026 is given at", "\(name)/x.json:3: '2025-10-01' is no day of 2026",
                ])
        }
    }

    @Test("a deadline that needs a working day of an unknown year is refused, with the year and where to add it")
    func unknownYear() throws {
        let golden = try GoldenCases()
        let first = try #require(CivilDate("2026-12-30"))
        let days = first...first.advanced(byDays: 5)
        let error = #expect(throws: DutyError.self) {
            try golden.book.forEach(
                dueOn: days, at: Instant(milliseconds: 0), receipts: { _, _ in .none }
            ) { _, _ in }
        }
        #expect(error?.message.en.contains("working days of 2027, and the calendars know 2020–2026; add") == true)
    }

    @Test("every mistake of what a deployment sets, at once")
    func overrides() throws {
        let programs = try Repository.registry.get().programs.map(\.program)
        let text = """
            { "program": "fever-clinic", "setOn": "2026-04-20", "reason": { "zh": "演练", "en": "exercise" },
              "deadlines": [
                // Before the day on which it was set.
                { "kind": "daily", "from": "2026-04-19", "covers": { "days": 7 }, "due": [{ "by": "18:00" }] },
                { "kind": "daily", "from": "2020-07-01", "retroactive": true, "covers": { "days": 7 }, "due": [{ "by": "25:00" }] } ],
              "scope": { "exemptions": [
                { "institution": "H", "from": "2026-05-01", "reason": { "zh": "停诊", "en": "closed" } } ] } }
            """
        let other = #"{ "program": "fever", "setOn": "2026-04-20", "reason": { "zh": "演练", "en": "exercise" } }"#
        try inFolder(["a.json": text, "b.json": other]) { folder in
            let name = folder.lastPathComponent
            expect(
                mistakes { _ = try OverridesFolder.read(folder, programs: programs) },
                [
                    "\(name)/a.json:4: it would change days that have passed; write 2026-04-20 or later, or say \"retroactive\": true",
                    "\(name)/a.json:5: before the program's first day 2020-08-01",
                    "\(name)/a.json:5: '25:00', which is no time",
                    "\(name)/a.json:7: 'until' is missing",
                    "\(name)/b.json:1: no program 'fever'; there are fever-clinic, influenza",
                    "\(name)/b.json:1: 'deadlines' or 'scope' is missing",
                ])
        }
    }

    @Test("two files that set the same are refused; a retroactive rule that says so is taken")
    func twoFiles() throws {
        let programs = try Repository.registry.get().programs.map(\.program)
        func file(_ from: String) -> String {
            """
            { "program": "influenza", "setOn": "2026-04-20", "reason": { "zh": "演练", "en": "exercise" },
              "deadlines": [ { "kind": "daily", "from": "\(from)", "retroactive": true, "covers": { "days": 7 }, "due": [{ "by": "18:00" }] } ] }
            """
        }
        try inFolder(["a.json": file("2026-04-01"), "b.json": file("2026-04-01")]) { folder in
            let name = folder.lastPathComponent
            expect(
                mistakes { _ = try OverridesFolder.read(folder, programs: programs) },
                ["\(name)/b.json:2: overlaps the rule at \(name)/a.json:2"])
        }
        try inFolder(["a.json": file("2026-04-01"), "b.json": file("2026-05-01")]) { folder in
            let read = try OverridesFolder.read(folder, programs: programs)
            #expect(read.count == 2)
        }
    }

    @Test("every mistake of a table of receipts, at once")
    func receipts() throws {
        let text = """
            institution,program,receivedAt,state
            A,influenza,2026-04-20T10:00:00+08:00,accepted
            B,influenza,2026-04-20T10:00:00Z,accepted
            A,flu,2026-04-20T10:00:00.5-05:00,zero
            A,influenza,2026-04-20 10:00:00,accepted
            A,influenza,2026-04-20T25:00:00+08:00,accepted
            A,influenza,2026-04-20T10:00:00Z,ok
            A,influenza,2026-04-20T10:00:00Z
            """
        try inFolder(["r.csv": text, "empty.csv": "", "header.csv": "institution,programme,receivedAt,state\n"]) {
            folder in
            func read(_ name: String) -> [String] {
                mistakes {
                    _ = try ReceiptsFile(
                        folder.appendingPathComponent(name), institutions: ["A"],
                        programs: ["influenza", "fever-clinic"])
                }
            }
            expect(
                read("r.csv"),
                [
                    "r.csv:3: the register of institutions has no 'B'",
                    "r.csv:4: no program 'flu'; there are fever-clinic, influenza",
                    "r.csv:5: write a moment with its zone", "r.csv:6: write a moment with its zone",
                    "r.csv:7: unknown state 'ok'; known are accepted", "r.csv:8: has 3 cells, the header 4",
                ])
            expect(read("empty.csv"), ["empty.csv:0: its first line must be institution,program,receivedAt,state"])
            expect(
                read("header.csv"),
                ["header.csv:1: unknown column 'programme'", "header.csv:1: column 'program' is missing"])
            expect(read("none.csv"), ["none.csv:0: is not there"])
        }
    }

    @Test("an institution of which a condition needs more than the register says is refused by name")
    func undecided() throws {
        let program = Program(
            id: "p", title: BilingualText(zh: "试", en: "P"), version: "1.0.0", effectiveFrom: "2026-01-01",
            timeZone: "Asia/Shanghai",
            scope: DutyScope(rules: [
                DutyScope.Rule(from: try #require(CivilDate("2026-01-01")), institutions: "isTCM && level == '三级'")
            ]), fileTypes: [])
        let duties = try ProgramDuties(program, calendar: .none)
        var institution = Institution(
            code: "H", name: BilingualText(zh: "院", en: "H"), level: .tertiary, region: "430102", hasFeverClinic: true)
        let error = #expect(throws: DutyError.self) { try duties.institution(institution) }
        #expect(
            error?.message.en.contains("institution H: the condition isTCM && level == '三级' of 'p' cannot be decided")
                == true)
        #expect(error?.message.en.contains("does not say its isTCM") == true)
        // The level decides it alone.
        institution.level = .secondary
        _ = try duties.institution(institution)
    }
}
