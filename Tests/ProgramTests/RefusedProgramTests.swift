import CheckKit
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("A program's folder that does not hold together is refused with the place and what would be right")
struct RefusedProgramTests {
    /// A change of mpox.json with the marks of its mistakes, and words of each.
    struct Change: CustomTestStringConvertible {
        var old: String
        var new: String
        var words: [String]

        init(_ old: String, _ new: String, _ words: String...) { (self.old, self.new, self.words) = (old, new, words) }

        var testDescription: String { new }
    }

    private func refuse(_ file: String, _ changes: [Change]) throws {
        for change in changes {
            let program = try MarkedProgram((file, change.old, change.new))
            let mistakes = try program.mistakes()
            try program.expect(change.words.first ?? "", change.words.dropFirst().first ?? "")
            for word in change.words {
                #expect(
                    mistakes.contains { $0.message.en.contains(word) }, "\(change.new): \(mistakes.map(\.message.en))")
            }
        }
    }

    private static let caseTail = #""sensitivity": "none", "deidentify": "keep" },"#

    static let fields = [
        Change(
            #""sensitivity": "none", "deidentify": "keep" },"#, #""deidentify": "keep" },"#, "'sensitivity' is missing"),
        Change(#""type": "date""#, #""type": ❶"day""#, "'type' is 'day'; it must be one of string, integer"),
        Change(#""format": "%Y-%m-%d","#, #""format": ❶"%d.%m.%Y","#, "for date it can be %Y-%m-%d"),
        Change(
            #"{ "name": "SEEN""#,
            #"{ "name": ❶"onset", "title": "其他", "en": { "title": "Other" }, "type": "string", "sensitivity": "none", "deidentify": "keep" }, { "name": "SEEN""#,
            "field 'onset' stands twice"),
        Change(#""placeholder""#, #"❶"placeholdr""#, "unknown property 'placeholdr'; known are name"),
        Change(#""maxLength""#, #"❶"maxLenght""#, "unknown property 'maxLenght'; known are required"),
        Change("\"[A-Z][0-9]+\"", "❶\"[A-Z\"", "field CASE: "),
        Change(#""codeList": "SEX""#, #""codeList": ❶"SEXX""#, "no code list 'SEXX'; there are SEX"),
        Change(#""maxLength": 8"#, #""minLength": ❶9, "maxLength": 8"#, "'minLength' is above 'maxLength'"),
        Change(#""maxLength": 8"#, #""maxLength": ❶-8"#, "'maxLength' must be a whole number, 1 or more"),
        Change(#""maxLength": 8"#, #""maxLength": ❶8.5"#, "'maxLength' must be a whole number"),
        Change(#""maxLength": 8"#, #""minimum": ❶0"#, "'minimum' does not fit a string; it is for integer, number"),
        Change(#""maxLength": 8"#, #""enum": ["A1", ❶"A1"]"#, "'A1' stands twice"),
        Change(#""maxLength": 8"#, #""maxLength": 2, "enum": ["A1", ❶"A11"]"#, "longer than 'maxLength'"),
        Change(
            #""placeholder": "/", "constraints": { "required": true }"#,
            #""constraints": { "required": true, "enum": ["1", ❶"3"] }"#, "no code of SEX"),
        Change(
            #""placeholder": "/", "constraints": { "required": true }"#, #""decimals": ❶2"#,
            "'decimals' does not fit a string"),
        Change(
            #""placeholder": "/", "constraints": { "required": true }"#,
            #""separators": ";", "constraints": { "pattern": ❶"[0-9]" }"#, "'pattern' would do nothing"),
        Change(
            #""placeholder": "/", "constraints": { "required": true }"#, #""severity": { "minLength": ❶"warning" }"#,
            "has no constraint 'minLength'"),
        Change(#""placeholder": "/", "constraints": { "required": true }"#, #""severity": ❶{}"#, "'severity' is empty"),
        Change(#""title": "性别""#, #""title": ❶"Sex of the case""#, "'title' must be Chinese"),
        Change(#""en": { "title": "Sex" }"#, #""en": { "title": ❶"性别" }"#, "'title' must be English"),
        Change(
            #""en": { "title": "Sex" }"#, #""description": "说明", "en": ❶{ "title": "Sex" }"#, "'description' is missing"
        ),
        Change(
            #""en": { "title": "Sex" }"#, #""en": ❶{ "title": "Sex", "description": "The sex" }"#,
            "the Chinese 'description' beside it is missing"),
        Change(#""title": "性别""#, #""title": ❶"  ""#, "'title' must be a text that is not blank"),
    ]

    @Test("a field", arguments: fields.dropFirst())
    func field(change: Change) throws { try refuse("files/mpox.json", [change]) }

    static let classes = [
        ("direct", "keep", "string", "a string of class 'direct' cannot be 'keep'; it can be drop, pseudonym, scrub"),
        ("direct", "area", "string", "cannot be 'area'"), ("direct", "year", "string", "cannot be 'year'"),
        ("direct", "keep", "integer", "it can be drop"), ("direct", "pseudonym", "integer", "it can be drop"),
        ("direct", "keep", "boolean", "it can be drop"), ("direct", "keep", "date", "it can be drop, year"),
        ("quasi", "year", "string", "it can be keep, drop, pseudonym, area, scrub"),
        ("quasi", "area", "integer", "it can be keep, drop"), ("quasi", "scrub", "date", "it can be keep, drop, year"),
        ("quasi", "pseudonym", "number", "it can be keep, drop"),
        ("none", "year", "string", "it can be keep, drop, pseudonym"),
        ("none", "scrub", "string", "it can be keep, drop, pseudonym"),
        ("none", "year", "boolean", "it can be keep, drop"),
        ("quasi", "area", "string", "'area' is for postcodes alone"),
    ]

    @Test("a class and a treatment that do not go together, or with the type", arguments: classes)
    func policy(sensitivity: String, treatment: String, type: String, words: String) throws {
        let format = type == "date" ? #""format": "%Y-%m-%d", "# : ""
        try MarkedProgram(
            (
                "files/mpox.json", #"{ "name": "ONSET""#,
                #"{ "name": "X", "title": "其他", "en": { "title": "Other" }, "type": "\#(type)", \#(format)"sensitivity": "\#(sensitivity)", "deidentify": ❶"\#(treatment)" }, { "name": "ONSET""#
            )
        ).expect(words)
    }

    static let taken = [
        ("direct", "drop", "string", "患者姓名", "Name"), ("direct", "pseudonym", "string", "就诊卡号", "Card"),
        ("direct", "scrub", "string", "主诉", "Complaint"), ("direct", "drop", "integer", "号码", "Number"),
        ("direct", "year", "date", "日期", "Day"), ("quasi", "year", "date", "出生日期", "Born"),
        ("quasi", "keep", "date", "日期", "Day"), ("quasi", "area", "string", "邮政编码", "Post"),
        ("quasi", "area", "string", "区域", "Zip code"), ("quasi", "scrub", "string", "诊断", "Diagnosis"),
        ("none", "keep", "boolean", "是否", "Yes or no"), ("none", "drop", "number", "数", "Number"),
        ("none", "keep", "string", "证件类型", "Type of paper"), ("none", "keep", "string", "医疗机构地址", "Address"),
        ("none", "keep", "string", "HBsAg", "HBsAg"), ("none", "keep", "string", "肺炎（住院）", "Pneumonia"),
    ]

    @Test("but not classes, treatments and titles that go together", arguments: taken)
    func permitted(sensitivity: String, treatment: String, type: String, zh: String, en: String) throws {
        let format = type == "date" ? #""format": "%Y-%m-%d", "# : ""
        let program = try MarkedProgram(
            (
                "files/mpox.json", #"{ "name": "ONSET""#,
                #"{ "name": "X", "title": "\#(zh)", "en": { "title": "\#(en)" }, "type": "\#(type)", \#(format)"sensitivity": "\#(sensitivity)", "deidentify": "\#(treatment)" }, { "name": "ONSET""#
            ))
        #expect(try program.mistakes() == [])
    }

    @Test(
        "a field whose title says that it identifies a person, and which is treated as if it did not",
        arguments: [
            ("联系人姓名", #""sensitivity": ❶"none", "deidentify": "keep""#, "points at a person"),
            ("手机号", #""sensitivity": ❶"quasi", "deidentify": "pseudonym""#, "points at a person"),
            ("身份证件号码", #""sensitivity": "direct", "deidentify": ❶"scrub""#, "scrub would keep it"),
            ("邮编", #""sensitivity": ❶"quasi", "deidentify": "keep""#, "must be area or drop"),
        ])
    func meanings(title: String, treatment: String, words: String) throws {
        try MarkedProgram(
            (
                "files/mpox.json", #"{ "name": "ONSET""#,
                #"{ "name": "X", "title": "\#(title)", "en": { "title": "Other" }, "type": "string", \#(treatment) }, { "name": "ONSET""#
            )
        ).expect(words)
    }

    static let fileTypes = [
        Change(#""primaryKey": ["CASE"],"#, "", "'primaryKey' is missing"),
        Change(#""primaryKey": ["CASE"]"#, #""primaryKey": ❶[]"#, "at least one entry"),
        Change(#""primaryKey": ["CASE"]"#, #""primaryKey": ❶["CASES"]"#, "no field 'CASES' of this file"),
        Change(
            #""primaryKey": ["CASE"]"#, #""primaryKey": ❶["ONSET"]"#, "at least one field of the key must be required"),
        Change(#""primaryKey": ["CASE"]"#, #""primaryKey": ❶["SEX"]"#, "can have no 'placeholder'"),
        Change(#""primaryKey": ["CASE"]"#, #""institutionField": ❶"ORG", "primaryKey": ["CASE"]"#, "no field 'ORG'"),
        Change(
            #""primaryKey": ["CASE"]"#, #""institutionField": ❶"ONSET", "primaryKey": ["CASE"]"#, "must be a string"),
        Change(#""primaryKey": ["CASE"]"#, #""eventDate": ❶"SEEEN", "primaryKey": ["CASE"]"#, "no field 'SEEEN'"),
        Change(#""primaryKey": ["CASE"]"#, #""eventDate": ❶"SEX", "primaryKey": ["CASE"]"#, "a date or datetime"),
        Change(#""primaryKey": ["CASE"]"#, #""maximumRejectedShare": ❶2, "primaryKey": ["CASE"]"#, "from 0 to 1"),
        Change(#""name": "mpox""#, #""name": ❶"mpx""#, "'name' must be 'mpox'"),
        Change(#""title": "猴痘病例""#, #""title": ❶"Cases""#, "'title' must be Chinese"),
        Change(#", "en": { "title": "Mpox cases" }"#, "", "'en' is missing"),
        Change(#""id": "onset-first""#, #""id": ❶"Onset_first""#, "as in onset-first"),
        Change(#""severity": "error""#, #""severity": ❶"fatal""#, "'severity' is 'fatal'"),
        Change(#""field": "ONSET""#, #""field": ❶"ONSETT""#, "rule 'onset-first': no field 'ONSETT' in 'mpox'"),
        Change(#""expression": "ONSET <= SEEN""#, #""expression": "ONSET <= ❶SEEEN""#, "SEEEN"),
        Change(#""expression": "ONSET <= SEEN""#, #""expression": "ONSET ❶<= CASE""#, "timestamp"),
        Change(
            #""expression": "ONSET <= SEEN""#, #""check": ❶"residentid""#,
            "no check 'residentid'; there are resident-id"),
        Change(#""expression": "ONSET <= SEEN""#, #""expression": "true", "check": ❶"resident-id""#, "not both"),
        Change(
            #""expression": "ONSET <= SEEN""#, #""expression": "ONSET <= SEEN", "when": ❶"true""#,
            "'when' goes with 'check' alone"),
        Change(#""en": "onset is not after the visit" }"#, #""en": ❶"" }"#, "'en' must be a text that is not blank"),
        Change(#""zh": "发病日期不晚于就诊日期""#, #""zh": ❶"onset is not after""#, "'zh' must be Chinese"),
    ]

    @Test("a file type or a rule", arguments: fileTypes.filter { $0.new.contains("❶") })
    func fileType(change: Change) throws { try refuse("files/mpox.json", [change]) }

    @Test("what is missing, at the beginning of the object that should have it")
    func missing() throws {
        for change in RefusedProgramTests.fileTypes + RefusedProgramTests.fields where !change.new.contains("❶") {
            let mistakes = try MarkedProgram(("files/mpox.json", change.old, change.new)).mistakes()
            #expect(mistakes.count == 1 && mistakes.first?.message.en.contains(change.words[0]) == true, "\(mistakes)")
            #expect(mistakes.first?.column != nil)
        }
    }

    static let programs = [
        Change(#""id": "mpox""#, #""id": ❶"Mpox""#, "lower-case letters"),
        Change(#""version": "1.0.0""#, #""version": ❶"1.0""#, "three numbers, as in 1.0.0"),
        Change("2026-06-01", "2026-06-01\", \"since\": \"", ""),
        Change(#""effectiveFrom": "2026-06-01""#, #""effectiveFrom": ❶"2026-02-30""#, "which is no day"),
        Change(#""effectiveFrom": "2026-06-01""#, #""effectiveFrom": ❶"1 June 2026""#, "write it as 2026-03-01"),
        Change(#""timeZone": "Asia/Shanghai""#, #""timeZone": ❶"Asia/Shanghi""#, "write it as Asia/Shanghai"),
        Change(#""timeZone": "Asia/Shanghai""#, #""retentionDays": ❶0, "timeZone": "Asia/Shanghai""#, "1 or more"),
        Change(
            #""timeZone": "Asia/Shanghai""#, #""retentionDays": ❶40000, "timeZone": "Asia/Shanghai""#, "from 1 to 36500"
        ),
        Change(#""timeZone": "Asia/Shanghai""#, #""historyDays": ❶0, "timeZone": "Asia/Shanghai""#, "1 or more"),
        Change(#""timeZone": "Asia/Shanghai""#, #""coverage": ❶7, "timeZone": "Asia/Shanghai""#, "an object { … }"),
        Change(
            #""timeZone": "Asia/Shanghai""#, #""coverage": ❶{ "by": "SEEN" }, "timeZone": "Asia/Shanghai""#,
            "'days' is missing"),
        Change(
            #""timeZone": "Asia/Shanghai""#, #""coverage": ❶{ "days": 7 }, "timeZone": "Asia/Shanghai""#,
            "'by' is missing"),
        Change(
            #""timeZone": "Asia/Shanghai""#,
            #""coverage": { "days": ❶0, "by": "SEEN" }, "timeZone": "Asia/Shanghai""#, "1 or more"),
        Change(
            #""timeZone": "Asia/Shanghai""#,
            #""coverage": { "days": 7, "by": ❶"SEEEN" }, "timeZone": "Asia/Shanghai""#,
            "no file type has a field 'SEEEN'"),
        Change(
            #""timeZone": "Asia/Shanghai""#,
            #""coverage": { "days": 7, "by": ❶"SEX" }, "timeZone": "Asia/Shanghai""#,
            "field SEX of mpox must be a date or datetime"),
        Change(
            #""timeZone": "Asia/Shanghai""#,
            #""coverage": { "days": 7, "by": "SEEN", ❶"since": 1 }, "timeZone": "Asia/Shanghai""#,
            "unknown property 'since'"),
        Change(#""contact"]"#, #""contact", ❶"mpox"]"#, "'mpox' stands twice in 'files'"),
        Change(#""contact"]"#, #""contact", ❶"Case_1"]"#, "without '_'"),
        Change(#""en": "Mpox surveillance""#, #""en": ❶"猴痘监测""#, "must be English"),
    ]

    @Test("program.json", arguments: programs.filter { $0.new.contains("❶") })
    func program(change: Change) throws { try refuse("program.json", [change]) }

    static let links = [
        Change(#""resource": "mpox""#, #""resource": "mpx""#, "no file type 'mpx'; there are mpox, contact"),
        Change(#""mpox", "fields": ["CASE"]"#, #""mpox", "fields": ["KASE"]"#, "no field 'KASE' in 'mpox'"),
        Change(#""fields": ["CASE"], "ref"#, #""fields": ["NO"], "ref"#, "give both one type"),
        Change(
            #""fields": ["CASE"], "ref"#, #""fields": ["CASE", "NO"], "ref"#, "as many fields are needed on both sides"),
        Change(
            #""required": true }, "sensitivity": "none", "deidentify": "keep""#,
            #""required": true }, "sensitivity": "none", "deidentify": "pseudonym""#,
            "must both be kept or both be pseudonyms"),
    ]

    @Test("a link that leads nowhere, or to what is stored otherwise", arguments: links)
    func link(change: Change) throws {
        let mistakes = try MarkedProgram(("files/contact.json", change.old, change.new)).mistakes()
        #expect(mistakes.count == 1 && mistakes[0].message.en.contains(change.words[0]), "\(mistakes)")
        #expect(mistakes.first?.line == 4)
    }

    @Test(
        "a rule about a parent that names no field, compares unlike types, or lists what is no code",
        arguments: [
            (#""field": ❶"NOO", "parentField": "SEX""#, "rule 'as-case': no field 'NOO' in 'contact'"),
            (#""field": "CASE", "parentField": ❶"SECHS""#, "no field 'SECHS' in 'mpox'"),
            (#""field": "NO", "parentField": ❶"SEX""#, "NO is integer, SEX of mpox is string: "),
            (#""field": "CASE", "parentField": "SEX", "in": ❶["1", "3"]"#, "'3' is no code of SEX, "),
            (#""field": "CASE", "parentField": "SEEN", "notIn": ❶["1"]"#, "'in' and 'notIn' list codes; SEEN "),
            (#""field": "CASE", "parentField": "SEX", "in": ["1"], "notIn": ❶["2"]"#, "not both"),
            (#""field": "CASE", "parentField": "SEX", "in": ❶[]"#, "at least one entry"),
            (#""field": "CASE", "parentField": "SEX", ❶"expression": "true""#, "unknown property 'expression'"),
        ])
    func parentRules(rule: String, words: String) throws {
        try MarkedProgram(
            (
                "files/contact.json", #""fields": ["CASE"] } }"#,
                #""fields": ["CASE"] }, "requires": [ { "id": "as-case", \#(rule), "severity": "error", "message": { "zh": "不符", "en": "they differ" } } ] }"#
            )
        ).expect(words)
    }

    @Test("every mistake of a folder at once, and none that only follows from another")
    func allAtOnce() throws {
        var program = try MarkedProgram(
            ("files/mpox.json", #""type": "date""#, #""type": ❶"day""#),
            ("files/mpox.json", "\"[A-Z][0-9]+\"", "❷\"[A-Z\""),
            ("files/mpox.json", #""severity": "error""#, #""severity": ❸"fatal""#),
            ("files/mpox.json", #""codeList": "SEX""#, #""codeList": ❹"SEX""#))
        try program.change("files/contact.json", #""minimum": 1"#, #""minimum": ❶1, "maximum": 0"#)
        try program.change("program.json", #""version": "1.0.0""#, #""version": ❷"one""#)
        try program.change("codelists/codelists.json", #""severity": "error""#, #""severity": ❸"hard""#)
        // The rule that speaks of ONSET is judged no further, since its type is not known; SEX names a list that could not be read.
        try program.expect()
        #expect(try program.mistakes().count == 7)
    }

    @Test("code lists: what is listed twice, is missing, blank, of another shape or not listed")
    func codeLists() throws {
        func mistakes(_ changes: [String: String?]) throws -> [String] {
            let programs = try TemporaryPrograms(Mpox.files(changing: changes))
            let error = try #require(throws: ProgramError.self) { try programs.registry() }
            // The field that names the list is told as well.
            return error.mistakes.filter { $0.file.contains("codelists") }.map { $0.text(.en) }
        }
        let csv = "Mpox/codelists/SEX.csv"
        let place = "Surveillance/" + csv
        func refusal(csv text: String) throws -> [String] { try mistakes([csv: text]) }
        #expect(try refusal(csv: "code,zh,en\n1,男,male\n1,女,female\n") == [place + ":3:1: code '1' stands twice"])
        #expect(
            try refusal(csv: "code,zh,en\n1,男,\n2,,female\n,无,none\n") == [
                place + ":2:5: 'en' is blank", place + ":3:3: 'zh' is blank", place + ":4:1: 'code' is blank",
            ])
        #expect(try refusal(csv: "code,zh,en\n1,男\n") == [place + ":2:1: has 2 cells, the header 3"])
        #expect(try refusal(csv: "code,zh,note\n1,男,x\n").count == 2)
        #expect(try refusal(csv: "code,zh,en\n1,男,男\n") == [place + ":2:5: 'en' must be English; it is '男'"])
        #expect(try refusal(csv: "") == [place + ": is empty; its first line must be code,zh,en,source,confidence"])
        #expect(try refusal(csv: "\u{FEFF}code,zh,en\n")[0].contains("byte order mark"))
        #expect(try mistakes([csv: nil]) == [place + ": is not there"])
        #expect(
            try mistakes([
                "Mpox/codelists/OLD.csv": "code,zh,en\n", "Mpox/codelists/more.json": "[]",
                "Mpox/codelists/README.md": "x",
            ]).map { $0.contains("does not list this file") } == [true, true])
        #expect(
            try mistakes(["Mpox/codelists/codelists.json": "{}"]) == [
                "Surveillance/Mpox/codelists/codelists.json:1:1: a list of { id, title, severity } is needed here"
            ])
        #expect(
            try mistakes(["Mpox/codelists/codelists.json": nil]) == [
                "Surveillance/Mpox/codelists/codelists.json: is not there"
            ])
        let twice = #"{ "id": "SEX", "title": { "zh": "性别", "en": "Sex" }, "severity": "error" }"#
        #expect(
            try mistakes(["Mpox/codelists/codelists.json": "[\(twice),\n \(twice)]"]) == [
                "Surveillance/Mpox/codelists/codelists.json:2:10: code list SEX: code list 'SEX' stands twice"
            ])
    }

    @Test("files that are not listed, are called otherwise or are not there")
    func strayFiles() throws {
        func mistakes(_ changes: [String: String?]) throws -> [String] {
            let programs = try TemporaryPrograms(Mpox.files(changing: changes))
            return try #require(throws: ProgramError.self) { try programs.registry() }.mistakes.map { $0.text(.en) }
        }
        let files = "Surveillance/Mpox/files/"
        #expect(try mistakes(["Mpox/files/contact.json": nil]) == [files + "contact.json: is not there"])
        #expect(
            try mistakes(["Mpox/files/old.json": Mpox.mpox, "Mpox/files/README.md": "x", "Mpox/files/.swp": "x"]).map {
                $0.prefix(files.count + 10)
            } == [files[...] + "old.json: "])
        #expect(
            try mistakes(["Mpox/files/MPOX.json": Mpox.mpox]) == [
                files + "MPOX.json: must be called 'mpox.json', in lower case"
            ])
        #expect(try mistakes(["Mpox/files/mpox.json.bak": "x"]).count == 1)
        #expect(try mistakes(["Mpox/program.json": nil]) == ["Surveillance/Mpox/program.json: is not there"])
    }

    @Test("files that are no JSON, and links that lead nowhere, without waiting")
    func unreadable() throws {
        func mistakes(_ file: String, _ bytes: [UInt8]) throws -> [String] {
            let programs = try TemporaryPrograms(Mpox.files)
            try Data(bytes).write(to: programs.folder.appendingPathComponent("Mpox/\(file)"))
            return try #require(throws: ProgramError.self) { try programs.registry() }.mistakes.map { $0.text(.en) }
        }
        for file in ["program.json", "files/mpox.json", "codelists/codelists.json"] {
            let place = "Surveillance/Mpox/\(file)"
            #expect(try mistakes(file, []).contains(place + ":1:1: is empty; JSON is needed"))
            #expect(try mistakes(file, Array("\u{FEFF}{}".utf8)).contains { $0.contains("byte order mark") })
            #expect(
                try mistakes(file, [0x7B, 0x22, 0xD6, 0xD0, 0x22, 0x3A, 0x31, 0x7D]).contains {
                    $0.contains("is not UTF-8") || $0.contains("not UTF-8")
                })
            #expect(try mistakes(file, Array("[1,]".utf8)).contains { $0.hasPrefix(place + ":1:3: no comma") })
        }
        let programs = try TemporaryPrograms(Mpox.files)
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: programs.folder.path + "/Loop", withDestinationPath: "Loop")
        try manager.removeItem(atPath: programs.folder.path + "/Mpox/files/contact.json")
        try manager.createSymbolicLink(
            atPath: programs.folder.path + "/Mpox/files/contact.json", withDestinationPath: "contact.json")
        try manager.removeItem(atPath: programs.folder.path + "/Mpox/files/mpox.json")
        try #require(mkfifo(programs.folder.path + "/Mpox/files/mpox.json", 0o600) == 0)
        try manager.createDirectory(atPath: programs.folder.path + "/Empty", withIntermediateDirectories: false)
        let found = try #require(throws: ProgramError.self) { try programs.registry() }.mistakes.map { $0.text(.en) }
        #expect(found.count == 4, "\(found)")
        #expect(found[0] == "Surveillance/Empty/program.json: is not there")
        #expect(found[1].hasPrefix("Surveillance/Loop: is a symbolic link that leads nowhere"))
        #expect(
            found[2].hasPrefix("Surveillance/Mpox/files/contact.json: is a symbolic link that leads back to itself"))
        #expect(found[3].hasPrefix("Surveillance/Mpox/files/mpox.json: is no regular file"))
        #expect(throws: ProgramError.self) { try TemporaryPrograms([:]).registry() }
    }

    @Test("two programs of one id, or that claim files of one name: the one that has run longer keeps them")
    func claims() throws {
        var files = Mpox.files
        for (path, text) in Mpox.files { files[path.replacing("Mpox/", with: "Another/")] = text }
        files["Another/program.json"] = Mpox.program.replacing("2026-06-01", with: "2026-07-01")
        let programs = try TemporaryPrograms(files)
        let found = try #require(throws: ProgramError.self) { try programs.registry() }.mistakes.map { $0.text(.en) }
        #expect(
            found == [
                "Surveillance/Another/program.json:2:9: the program id 'mpox' is taken by Surveillance/Mpox; give this program another",
                "Surveillance/Another/program.json:4:42: files named 'mpox_…' belong to Surveillance/Mpox already; give this file type another name",
                "Surveillance/Another/program.json:4:50: files named 'contact_…' belong to Surveillance/Mpox already; give this file type another name",
            ])
        let registry = try ProgramRegistry(folder: programs.folder, modules: [], faulty: .setAside)
        #expect(registry.programs.map(\.program.effectiveFrom) == ["2026-06-01"])
        #expect(registry.setAside.map(\.mistakes.count) == [3])
    }
}

@Suite("A program says when what it reports happened and which days a package covers")
struct CoverageTests {
    @Test("event date, coverage and history are read from its files")
    func read() throws {
        let changed = Mpox.program.replacing(
            "\"timeZone\"", with: #""historyDays": 400, "coverage": { "days": 7, "by": "SEEN" }, "timeZone""#)
        let cases = Mpox.mpox.replacing("\"primaryKey\"", with: #""eventDate": "ONSET", "primaryKey""#)
        let programs = try TemporaryPrograms(
            Mpox.files(changing: ["Mpox/program.json": changed, "Mpox/files/mpox.json": cases]))
        let program = try #require(try programs.registry().program("mpox")).program
        #expect(program.historyDays == 400 && program.coverage == Program.Coverage(days: 7, by: "SEEN"))
        #expect(program.fileType("mpox")?.eventDate == "ONSET" && program.fileType("contact")?.eventDate == nil)
    }

    @Test("a field that is not kept to the day is refused for both")
    func coarsened() throws {
        let line = try #require(
            Mpox.mpox.split(separator: "\n").first { $0.contains("SEEN\"") && $0.contains("title") })
        let old = "\(line)\n      \"sensitivity\": \"quasi\", \"deidentify\": \"keep\""
        let new = old.replacing("\"keep\"", with: "\"year\"")
        var program = try MarkedProgram(
            ("files/mpox.json", old, new),
            ("program.json", "\"timeZone\"", #""coverage": { "days": 7, "by": ❶"SEEN" }, "timeZone""#))
        try program.expect("is 'year', so its day is not kept")
        try program.change("files/mpox.json", "\"primaryKey\"", #""eventDate": ❷"SEEN", "primaryKey""#)
        try program.expect("is 'year'", "is 'year'")
    }
}
