import CheckKit
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite(
    "Indicators, dimensions and concepts that do not hold together are refused with the place and what would be right")
struct RefusedIndicatorTests {
    private static let concepts = """
        concept,title_zh,title_en,match,text,source
        influenza-a,甲型流感,Influenza A,contains,甲流,example
        """

    /// The program mpox with a file of concepts and these members, in which marks show where mistakes belong.
    private func refused(
        _ members: String, concepts: String = concepts, _ words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var program = try MarkedProgram()
        program.add("concepts.csv", concepts)
        try program.change(
            "program.json", #""timeZone": "Asia/Shanghai""#,
            #""timeZone": "Asia/Shanghai", "concepts": "concepts.csv", \#(members)"#)
        try program.change(
            "files/mpox.json", #""primaryKey": ["CASE"],"#, #""primaryKey": ["CASE"], "eventDate": "SEEN","#)
        try program.change("files/mpox.json", #"{ "name": "SEEN""#, RefusedIndicatorTests.fields + #"{ "name": "SEEN""#)
        try program.change(
            "files/contact.json", #"{ "name": "NO""#,
            #"{ "name": "DAY", "title": "日期", "en": { "title": "Day" }, "type": "date", "format": "%Y-%m-%d", "sensitivity": "quasi", "deidentify": "keep" }, { "name": "NO""#
        )
        let mistakes = try program.mistakes()
        try program.expect(sourceLocation: sourceLocation)
        for word in words where !word.isEmpty {
            #expect(
                mistakes.contains { $0.message.en.contains(word) }, "\(mistakes.map(\.message.en))",
                sourceLocation: sourceLocation)
        }
    }

    private static let fields = """
        { "name": "AGE", "title": "年龄", "en": { "title": "Age" }, "type": "integer", "constraints": { "minimum": 0, "maximum": 150 },
          "sensitivity": "quasi", "deidentify": "keep" },
        { "name": "FEE", "title": "费用", "en": { "title": "Fee" }, "type": "number", "constraints": { "minimum": 0 }, "sensitivity": "none", "deidentify": "keep" },
        { "name": "NAME", "title": "姓名", "en": { "title": "Name" }, "type": "string", "sensitivity": "direct", "deidentify": "drop" },
        { "name": "CARD", "title": "卡号", "en": { "title": "Card" }, "type": "string", "sensitivity": "direct", "deidentify": "pseudonym" },
        { "name": "BORN", "title": "出生日期", "en": { "title": "Born" }, "type": "date", "format": "%Y-%m-%d", "sensitivity": "quasi", "deidentify": "year" },
        { "name": "NOTE", "title": "备注", "en": { "title": "Note" }, "type": "string", "sensitivity": "direct", "deidentify": "scrub" },

        """

    /// An indicator with these members beside the texts that each needs.
    private func indicator(_ members: String, id: String = #""id": "it", "version": 1"#) -> String {
        """
        { \(id), "title": { "zh": "指标", "en": "It" }, "definition": { "zh": "定义", "en": "What" },
          "source": { "zh": "示例", "en": "Example" }, \(members) }
        """
    }

    private func refused(
        indicator members: String, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for word in words.isEmpty ? [""] : words {
            try refused(#""indicators": [\#(indicator(members))]"#, word, sourceLocation: sourceLocation)
        }
    }

    // MARK: Taken

    @Test("near misses are taken: every kind, over records and children, with concepts and earlier versions")
    func taken() throws {
        for members in [
            #""unit": "visits", "over": "mpox", "numerator": { "count": true }"#,
            #""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": "true" }, "dimensions": []"#,
            #""unit": "percent", "over": "mpox", "numerator": { "count": true, "when": "SEX == '2'" }, "denominator": { "count": true, "when": "given(SEX)" }"#,
            #""unit": "percent", "over": "mpox", "numerator": { "count": true, "having": [{ "in": "contact", "when": "NO > 1", "atLeast": 2 }, { "in": "contact", "when": "NO > 99", "none": true }] }, "denominator": { "count": true }"#,
            #""unit": "percent", "over": "mpox", "numerator": { "count": true }, "denominator": { "count": true, "when": "FEE >= 0 && FEE <= 0 && NOTE == 'a' && AGE > 149" }"#,
            #""unit": "percent", "over": "mpox", "numerator": { "count": true }, "denominator": { "count": true, "when": "NOTE == 'a' || NOTE == 'b' || FEE == null && AGE == null" }"#,
            #""unit": "yuan", "over": "mpox", "eventDate": "ONSET", "numerator": { "median": "FEE", "decimals": 4 }"#,
            #""unit": "days", "over": "mpox", "numerator": { "percentile": 99, "of": "days(ONSET, SEEN)" }, "minimumDenominator": 1"#,
            #""unit": { "zh": "例/户", "en": "cases a household" }, "over": "mpox", "numerator": { "sum": { "in": "contact", "when": "NO < 9", "of": "NO" } }, "denominator": { "count": true }"#,
            #""unit": "percent", "over": "mpox", "numerator": { "sum": "FEE" }, "denominator": { "sum": "FEE * 2.0" }, "alarm": "down", "experimental": true"#,
            #""unit": "patients", "over": "mpox", "numerator": { "distinct": "CARD", "when": "influenzaA(NOTE) || AGE == 150" }"#,
        ] {
            try refused(indicator: members)
        }
        try refused(
            #"""
            "dimensions": [
              { "id": "age", "title": { "zh": "年龄", "en": "Age" }, "fields": { "mpox": "AGE" },
                "groups": [{ "id": "0-4", "title": { "zh": "0—4", "en": "0–4" }, "through": 4 }, { "id": "5-plus", "title": { "zh": "5 岁以上", "en": "5+" }, "from": 5 }] },
              { "id": "sex", "title": { "zh": "性别", "en": "Sex" }, "fields": { "mpox": "SEX" },
                "groups": [{ "id": "male", "title": { "zh": "男", "en": "Male" }, "codes": ["1"] }, { "id": "other", "title": { "zh": "其他", "en": "Other" }, "codes": ["2"] }] } ],
            "indicators": [{ "id": "it", "version": 3, "title": { "zh": "指标", "en": "It" }, "definition": { "zh": "定义", "en": "What" },
              "caveat": { "zh": "注意", "en": "Note" }, "source": { "zh": "示例", "en": "Example" }, "unit": "visits", "over": "mpox",
              "numerator": { "count": true }, "dimensions": ["sex", "age"],
              "earlier": [\#(indicator(#""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": "AGE > 1" }"#, id: #""id": "it", "version": 2"#)),
                \#(indicator(#""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": "AGE > 2" }"#, id: #""version": 1"#))] }]
            """#)
    }

    // MARK: Conditions

    @Test("a condition that does not type-check, wherever it stands")
    func types() throws {
        let wrong = [
            ("AGE == '1'", "a number goes without quotes"),
            ("AGEE > 1", "there is no field 'AGEE'; did you mean 'AGE'?"),
            ("AGE", "a bool is wanted here"),
            ("influenzaB(NOTE)", "there is no function 'influenzaB'; did you mean 'influenzaA'?"),
            ("SEEN <= today()", "today() cannot be used"), ("AGE >", "the expression breaks off"),
        ]
        for (condition, words) in wrong {
            try refused(
                indicator:
                    #""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": ❶"\#(condition)" }"#,
                words)
            try refused(
                indicator:
                    #""unit": "visits", "over": "mpox", "valid": { "when": ❶"\#(condition)" }, "numerator": { "count": true }"#,
                words)
            try refused(
                indicator:
                    #""unit": "percent", "over": "mpox", "numerator": { "count": true }, "denominator": { "count": true, "when": ❶"\#(condition)" }"#,
                words)
        }
        try refused(
            indicator:
                #""unit": "visits", "over": "mpox", "numerator": { "count": true, "having": [{ "in": "contact" }, { "in": "contact", "when": ❶"AGE > 1" }] }"#,
            "there is no field 'AGE'")
        try refused(
            indicator: #""unit": "days", "over": "mpox", "numerator": { "median": ❶"SEEN" }"#,
            "a number (int or double) is wanted here")
        try refused(
            indicator: #""unit": "days", "over": "mpox", "numerator": { "sum": { "in": "contact", "of": ❶"AGE" } }"#,
            "there is no field 'AGE'")
    }

    @Test("an earlier version's condition that does not type-check")
    func earlierTypes() throws {
        let count = #""unit": "visits", "over": "mpox", "numerator": { "count": true }"#
        let earlier = indicator(
            #""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": ❶"AGEE > 1" }"#,
            id: #""version": 1"#)
        try refused(
            #""indicators": [\#(indicator(count + #", "earlier": [\#(earlier)]"#, id: #""id": "it", "version": 2"#))]"#,
            "there is no field 'AGEE'")
    }

    @Test("a field that is not stored as it came")
    func notStored() throws {
        for (condition, words) in [
            ("NAME == 'x'", "field 'NAME' is not stored (deidentify: drop)"),
            ("CARD == 'x'", "field 'CARD' is not stored as it came (deidentify: pseudonym)"),
            ("filled(CARD)", "field 'CARD' is not stored as it came (deidentify: pseudonym)"),
            ("BORN < SEEN", "field 'BORN' is not stored as it came (deidentify: year)"),
        ] {
            try refused(
                indicator:
                    #""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": ❶"\#(condition)" }"#,
                words)
        }
        try refused(
            indicator: #""unit": "patients", "over": "mpox", "numerator": { "distinct": ❶"NAME" }"#,
            "has no field 'NAME' that is stored")
        try refused(
            indicator: #""unit": "patients", "over": "mpox", "numerator": { "distinct": ❶"NOTE" }"#,
            "different values may have become one")
        try refused(
            indicator: #""unit": "patients", "over": "mpox", "numerator": { "distinct": ❶"NAMEE" }"#,
            "has no field 'NAMEE'")
        try refused(
            indicator: #""unit": "visits", "over": "mpox", "eventDate": ❶"BORN", "numerator": { "count": true }"#,
            "field 'BORN' is not a date or time that is stored as it is")
    }

    @Test("a file type that there is not, one without an event day, and a child that does not refer to it")
    func links() throws {
        try refused(
            indicator: #""unit": "visits", "over": ❶"mpoxx", "numerator": { "count": true }"#,
            "there is no file type 'mpoxx'; the program has mpox, contact")
        try refused(
            indicator: #""unit": "visits", "over": ❶"contact", "numerator": { "count": true }"#,
            "file type 'contact' has no 'eventDate'")
        try refused(
            indicator:
                #""unit": "visits", "over": "mpox", "numerator": { "count": true, "having": [{ "in": ❶"mpox" }] }"#,
            "file type 'mpox' has no foreign key to 'mpox'")
        try refused(
            indicator:
                #""unit": "visits", "over": "mpox", "numerator": { "sum": { "in": ❶"lab", "of": "NO" } }"#,
            "there is no file type 'lab'")
    }

    @Test("denominators that are zero everywhere, and conditions that no record can meet")
    func zero() throws {
        for condition in [
            "false", "1 > 2", "SEX == '3'", "SEX == '1' && SEX == '2'", "AGE > 150", "AGE < 3 && AGE > 2",
            "FEE > 2 && FEE < 1.5", "FEE > 2 && 1 > 0 && FEE <= 2", "FEE == null && FEE > 1",
            "NOTE == 'a' && NOTE == 'b'", "SEEN == null && SEEN != null", "FEE < 0",

        ] {
            try refused(
                indicator:
                    #""unit": "percent", "over": "mpox", "numerator": { "count": true }, "denominator": { "count": true, "when": ❶"\#(condition)" }"#,
                "no record can meet this condition")
        }
        try refused(
            indicator:
                #""unit": "percent", "over": "mpox", "valid": { "when": "SEX == '1'" }, "numerator": { "count": true }, "denominator": ❶{ "count": true, "when": "SEX == '2'" }"#,
            "the denominator is zero everywhere")
        try refused(
            indicator:
                #""unit": "percent", "over": "mpox", "valid": { "having": [{ "in": "contact", "none": true }] }, "numerator": { "count": true }, "denominator": ❶{ "count": true, "having": [{ "in": "contact", "when": "NO > 1" }] }"#,
            "the denominator is zero everywhere")
        try refused(
            indicator:
                #""unit": "percent", "over": "mpox", "numerator": ❶{ "count": true, "when": "SEX == '1'" }, "denominator": { "count": true, "when": "SEX == '2'" }"#,
            "the numerator is zero everywhere")
        try refused(
            indicator:
                #""unit": "yuan", "over": "mpox", "numerator": { "sum": "FEE" }, "denominator": { "sum": ❶"0" }"#,
            "the expression reads no field")
    }

    @Test("zones that share a province, repeat an id or name none")
    func zones() throws {
        func zone(_ id: String, _ provinces: String) -> String {
            #"{ "id": \#(id), "title": { "zh": "片", "en": "Z" }, "provinces": \#(provinces) }"#
        }
        try refused(#""zones": [\#(zone(#""north""#, #"["11", "66"]"#)), \#(zone(#""south""#, #"["43"]"#))]"#)
        try refused(
            #""zones": [\#(zone(#""north""#, #"["11", "43"]"#)), \#(zone(#""south""#, #"❶["43"]"#))]"#,
            "43 belongs to zone 'north' already")
        try refused(
            #""zones": [\#(zone(#""north""#, #"["11"]"#)), \#(zone(#"❶"north""#, #"["43"]"#))]"#, "this id stands twice"
        )
        for wrong in ["430000", "4", "湖南", "01"] {
            try refused(
                #""zones": [\#(zone(#""south""#, "❶[\"\(wrong)\"]"))]"#,
                "is not the two digits of a province, such as 43")
        }
        try refused(#""zones": [\#(zone(#""south""#, "❶[]"))]"#, "'provinces'")
    }

    @Test("parts that give no number together")
    func kinds() throws {
        try refused(
            indicator: #""unit": ❶"percent", "over": "mpox", "numerator": { "count": true }"#,
            "there is no 'denominator'")
        try refused(
            indicator:
                #""unit": ❶"visits", "over": "mpox", "numerator": { "count": true }, "denominator": { "count": true }"#,
            "the unit must be \"percent\"")
        try refused(
            indicator:
                #""unit": "days", "over": "mpox", "numerator": { "median": "AGE" }, "denominator": ❶{ "count": true }"#,
            "have no 'denominator'")
        try refused(
            indicator:
                #""unit": "percent", "over": "mpox", "numerator": { "sum": "AGE" }, "denominator": ❶{ "mean": "AGE" }"#,
            "a denominator must be a count or a sum")
        try refused(
            indicator:
                #""unit": "percent", "over": "mpox", "numerator": { "count": true }, "denominator": ❶{ "sum": "AGE" }"#,
            "where the numerator is a count")
        try refused(
            indicator: #""unit": ❶"litres", "over": "mpox", "numerator": { "count": true }"#,
            "'unit' is 'litres'; it must be one of percent, visits")
        for percent in ["0", "100", "50.5", "\"90\""] {
            try refused(
                indicator: #""unit": "days", "over": "mpox", "numerator": { "percentile": ❶\#(percent), "of": "AGE" }"#,
                "'percentile' must be")
        }
        try refused(
            indicator: #""unit": "days", "over": "mpox", "numerator": ❶{ "count": true, "sum": "AGE" }"#,
            "exactly one of count, sum")
        try refused(
            indicator: #""unit": "days", "over": "mpox", "numerator": ❶{ "when": "AGE > 1" }"#,
            "exactly one of count, sum")
        try refused(
            indicator: #""unit": "days", "over": "mpox", "numerator": { "sum": "AGE", ❶"of": "AGE" }"#,
            "unknown property 'of'")
        try refused(
            indicator: #""unit": "days", "over": "mpox", "numerator": { "sum": "AGE", "decimals": ❶5 }"#, "from 0 to 4")
        try refused(
            indicator:
                #""unit": "days", "over": "mpox", "numerator": { "sum": { "in": "contact", "of": "NO" }, "when": ❶"AGE > 1" }"#,
            "stands in the 'when' of 'sum'")
        try refused(
            indicator:
                #""unit": "visits", "over": "mpox", "numerator": { "count": true, "having": [{ "in": "contact", "atLeast": 2, "none": ❶true }] }"#,
            "only one of 'none' and 'atLeast'")
        try refused(
            indicator: #""unit": "visits", "over": "mpox", "valid": ❶{}, "numerator": { "count": true }"#,
            "needs 'when' or 'having'")
        try refused(
            indicator: #""unit": "visits", "over": "mpox", "numerator": { "count": true }, ❶"filter": "x""#,
            "unknown property 'filter'")
    }

    @Test("two indicators of one id, and versions that do not fall")
    func versions() throws {
        let count = #""unit": "visits", "over": "mpox", "numerator": { "count": true }"#
        try refused(
            #""indicators": [\#(indicator(count)), \#(indicator(count, id: #""id": ❶"it", "version": 2"#))]"#,
            "the indicator id 'it' stands twice; an earlier version belongs into 'earlier'")
        for (newest, own) in [(1, 1), (2, 2), (2, 3)] {
            let earlier = indicator(count, id: #""version": ❶\#(own)"#)
            try refused(
                #""indicators": [\#(indicator(count + #", "earlier": [\#(earlier)]"#, id: #""id": "it", "version": \#(newest)"#))]"#,
                "versions go from new to old")
        }
        let earlier = indicator(count, id: #""id": ❶"other", "version": 1"#)
        try refused(
            #""indicators": [\#(indicator(count + #", "earlier": [\#(earlier)]"#, id: #""id": "it", "version": 2"#))]"#,
            "it must be 'it'")
    }

    @Test("every mistake is told at once, and what only follows from one is not")
    func atOnce() throws {
        let count = #""unit": "visits", "over": "mpox", "numerator": { "count": true }"#
        let wrong = #""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": ❷"AGEE > 1" }"#
        try refused(
            #""retentionDays": ❶0, "indicators": [\#(indicator(count)), \#(indicator(wrong, id: #""id": "other", "version": 1"#)), \#(indicator(count, id: #""id": ❸"it", "version": 1"#))]"#,
            "there is no field 'AGEE'", "stands twice", "'retentionDays' must be")
        // A dimension that cannot be read is one mistake, not one for each indicator that is split by it.
        try refused(
            #""dimensions": [{ "id": "sex", "title": { "zh": "性别", "en": "Sex" }, "fields": { "mpox": "SEX" }, "groups": [❶{ "id": "a", "title": { "zh": "组", "en": "A" } }] }], "indicators": [\#(indicator(count + #", "dimensions": ["sex"]"#))]"#,
            "needs either 'codes'")
        // Concepts that cannot be read: nothing is said of the functions that they would be.
        try refused(
            #""indicators": [\#(indicator(#""unit": "visits", "over": "mpox", "numerator": { "count": true, "when": "flu(NOTE)" }"#))]"#,
            concepts: "concept,title_zh,title_en,match,text,source\nflu,概念,It,❶has,甲流,example\nflu,,,is,甲,example\n",
            "it must be one of is")
    }

    // MARK: Dimensions

    private func dimension(_ members: String) -> String {
        #""dimensions": [{ "id": "it", "title": { "zh": "维度", "en": "It" }, \#(members) }]"#
    }

    private static let title = #""title": { "zh": "组", "en": "Group" }"#

    @Test("a dimension that is not declared, that the file lacks, or whose field is not kept")
    func dimensions() throws {
        let (title, count) = (RefusedIndicatorTests.title, #""unit": "visits", "numerator": { "count": true }"#)
        try refused(
            indicator: #""over": "mpox", "dimensions": [❶"sex"], \#(count)"#,
            "there is no dimension 'sex'; the program has none")
        let sex = dimension(#""fields": { "mpox": "SEX" }, "groups": [{ "id": "a", \#(title), "codes": ["1"] }]"#)
        try refused(
            sex
                + #", "indicators": [\#(indicator(#""over": "contact", "eventDate": "DAY", "dimensions": [❶"it"], \#(count)"#))]"#,
            "dimension 'it' names no field of file type 'contact'")
        for (field, words) in [
            ("NAME", "is not kept as it is (deidentify: drop)"), ("CARD", "(deidentify: pseudonym)"),
            ("NOTE", "(deidentify: scrub)"),
            ("SEXX", "has no field 'SEXX'"),
        ] {
            try refused(
                dimension(#""fields": { "mpox": ❶"\#(field)" }, "groups": [{ "id": "a", \#(title), "codes": ["1"] }]"#),
                words)
        }
        try refused(
            dimension(#""fields": { "lab": ❶"SEX" }, "groups": [{ "id": "a", \#(title), "codes": ["1"] }]"#),
            "there is no file type 'lab'; the program has mpox, contact")
        try refused(
            sex.replacing(#""id": "it""#, with: #""id": ❶"region""#), "every indicator has 'region' undeclared")
    }

    @Test("groups that overlap, repeat, or that the field cannot hold")
    func groups() throws {
        let title = RefusedIndicatorTests.title
        func ages(_ groups: String) -> String { dimension(#""fields": { "mpox": "AGE" }, "groups": [\#(groups)]"#) }
        func codes(_ groups: String) -> String { dimension(#""fields": { "mpox": "SEX" }, "groups": [\#(groups)]"#) }
        try refused(
            ages(#"{ "id": "a", \#(title), "through": 5 }, { "id": "b", \#(title), "from": ❶5 }"#),
            "overlaps group 'a': 5 belongs to both")
        try refused(ages(#"{ "id": "a", \#(title), "from": 5, "through": ❶4 }"#), "'through' 4 is less than 'from' 5")
        try refused(
            ages(#"{ "id": "a", \#(title), "through": 4 }, { "id": ❶"a", \#(title), "from": 5 }"#),
            "this id stands twice")
        try refused(ages(#"{ "id": ❶"unknown", \#(title), "through": 4 }"#), "'unknown' is what no group takes")
        try refused(ages(#"❶{ "id": "a", \#(title) }"#), "needs either 'codes', or 'from' and 'through'")
        try refused(
            ages(#"❶{ "id": "a", \#(title), "from": 1, "codes": ["1"] }"#),
            "needs either 'codes', or 'from' and 'through'")
        try refused(
            codes(#"{ "id": "a", \#(title), "codes": ["1"] }, { "id": "b", \#(title), "codes": ❶["2", "1"] }"#),
            "code '1' belongs to group 'a' already")
        try refused(
            codes(#"{ "id": "a", \#(title), "codes": ["1"] }, ❶{ "id": "b", \#(title), "from": 2 }"#),
            "is not of the kind of group 'a'")
        try refused(codes(#"{ "id": "a", \#(title), "codes": ["1", ❶"7"] }"#), "has no code '7'")
        try refused(codes(#"❶{ "id": "a", \#(title), "from": 1 }"#), "is no integer (string)")
        try refused(ages(#"❶{ "id": "a", \#(title), "codes": ["1"] }"#), "does not hold one code (integer)")
    }

    // MARK: Concepts

    private func refused(concepts rows: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        try refused(
            #""retentionDays": 30"#, concepts: "concept,title_zh,title_en,match,text,source\n" + rows, words,
            sourceLocation: sourceLocation)
    }

    @Test("concepts: names that are taken, words that are not known, entries that say nothing or repeat")
    func conceptFile() throws {
        for (id, words) in [
            ("size", "as is the function size of every expression"), ("filled", "the function filled"),
            ("icd10", "the named check 'icd10'"),
            ("resident-id", "the named check 'resident-id'"), ("in", "a reserved word"),
            ("exists", "the function exists"),
        ] {
            try refused(concepts: "❶\(id),概念,It,contains,甲流,example\n", words)
        }
        try refused(
            concepts: "a-1,概念,It,contains,甲流,example\n❶a1,概念,It,contains,甲流,example\n", "as is the concept 'a-1'")
        try refused(concepts: "❶Flu,概念,It,contains,甲流,example\n", "'concept' is 'Flu'")
        try refused(
            concepts: "flu,概念,It,❶has,甲流,example\nflu,,,is,甲,example\n",
            "it must be one of is, contains, ignores, excludes")
        try refused(concepts: "flu,概念,It,is,❶（ ）,example\nflu,,,is,甲,example\n", "nothing of it is left to compare")
        try refused(
            concepts: "flu,概念,It,is,Flu A,example\nflu,,,contains,❶ＦＬＵ-a,example\n",
            "is an entry of this concept already")
        try refused(concepts: "flu,概念,It,is,甲,❶\n", "'source' is blank")
        try refused(concepts: "flu,❶It,It,is,甲,example\n", "'title_zh' must be Chinese")
        try refused(concepts: "flu,概念,❶,is,甲,example\n", "'title_en' must be English")
        try refused(concepts: "flu,概念,It,is,甲,example\nflu,❶概念二,It,is,乙,example\n", "is not this concept's, '概念'")
        try refused(concepts: "❶flu,概念,It,ignores,甲,example\n", "has no entry 'is' or 'contains'")
        try refused(concepts: "flu,概念,It,is,甲,example\n❶flu,,,is\n", "has 4 cells, the header 6")
    }

    @Test("a file of concepts that is not there or not beside program.json")
    func conceptPath() throws {
        for (name, words) in [
            ("../concepts.csv", "the name of a file beside program.json"), ("concepts.json", "the name of a file"),
        ] {
            try MarkedProgram(
                (
                    "program.json", #""timeZone": "Asia/Shanghai""#,
                    #""timeZone": "Asia/Shanghai", "concepts": ❶"\#(name)""#
                )
            )
            .expect(words)
        }
        let mistakes = try MarkedProgram(
            ("program.json", #""timeZone": "Asia/Shanghai""#, #""timeZone": "Asia/Shanghai", "concepts": "none.csv""#)
        ).mistakes()
        #expect(mistakes.map(\.file) == ["Surveillance/Mpox/none.csv"])
        #expect(mistakes.map(\.message.en) == ["is not there"])
    }
}
