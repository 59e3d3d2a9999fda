import Testing

@testable import Tabular

@Suite("Numbers of cells")
struct CellFormatTests {
    @Test(
        "are days or times by their formats",
        arguments: [
            ("General", CellFormat.number), ("0.00", .number), ("0.00E+00", .number), ("#,##0 \"days\"", .number),
            ("[Red]-0;[Blue]0", .number), ("\\d0", .number), ("@", .number), ("_-* #,##0_-", .number),
            ("[$¥-804]#,##0", .number), ("yyyy-mm-dd", .moment(hasDay: true, hasTime: false)),
            ("m/d", .moment(hasDay: true, hasTime: false)), ("mmm", .moment(hasDay: true, hasTime: false)),
            ("yyyy\"年\"m\"月\"d\"日\"", .moment(hasDay: true, hasTime: false)),
            ("[$-804]yyyy/m/d h:mm;@", .moment(hasDay: true, hasTime: true)),
            ("mm:ss", .moment(hasDay: false, hasTime: true)), ("[h]:mm:ss", .moment(hasDay: false, hasTime: true)),
            ("上午/下午h\"时\"mm\"分\"", .moment(hasDay: false, hasTime: true)), ("000000", .zeros(6)), ("0", .number),
        ])
    func codes(_ code: String, _ format: CellFormat) { #expect(CellFormat(code: code) == format) }

    @Test(
        "stand as they mean, with no more digits than a spreadsheet keeps",
        arguments: [
            ("37.799999999999997", "37.8"), ("0.30000000000000004", "0.3"), ("42", "42"), ("-5", "-5"),
            ("1E-3", "0.001"), ("4.30102199003071E+17", "4.30102199003071E+17"), ("1.1E17", "1.1E+17"),
            // Written whole by a library, no digit is lost; where zeros stand in their place, they are.
            ("430102199003071234", "430102199003071234"), ("430102199003071000", "4.30102199003071E+17"),
            ("999999999999999", "999999999999999"), ("1000000000000000", "1E+15"), ("123456789.123", "123456789.123"),
            ("0", "0"), ("-0.0", "-0.0"), ("1e400", "1e400"), ("NaN", "NaN"), ("", ""), ("12abc", "12abc"),
            ("99999.999999999999", "100000"),
        ])
    func numbers(_ written: String, _ text: String) { #expect(read(written, .number) == text) }

    @Test(
        "are moments where a calendar has them",
        arguments: [
            ("46334", "2026-11-08"), ("46334.4375", "2026-11-08 10:30:00"), ("46334.999999999", "2026-11-09"),
            ("1", "1900-01-01"), ("59", "1900-02-28"), ("60", "60"), ("61", "1900-03-01"), ("0", "0"), ("-1", "-1"),
            ("2958465", "9999-12-31"), ("2958466", "2958466"), ("1E300", "1E+300"),
        ])
    func days(_ written: String, _ text: String) {
        #expect(read(written, .moment(hasDay: true, hasTime: false)) == text)
    }

    @Test("are times of a day where they have no day")
    func times() {
        #expect(read("0.4375", .moment(hasDay: false, hasTime: true)) == "10:30:00")
        #expect(read("46334", .moment(hasDay: true, hasTime: true)) == "2026-11-08 00:00:00")
        #expect(read("44872", .moment(hasDay: true, hasTime: false), from1904: true) == "2026-11-08")
        #expect(read("7", .zeros(6)) == "000007")
        #expect(read("7.5", .zeros(6)) == "7.5")
    }

    @Test("have names as spreadsheets show them")
    func names() {
        #expect(CellName(column: 27, row: 12).text == "AB12")
        #expect(CellName("XFD1048576".utf8) == CellName(column: 16_383, row: 1_048_576))
        for wrong in ["", "A", "1", "A0", "XFE1", "A1048577", "A1B", "AAAAAAAAAAAAAAAAAAAAAAAA1", "é1"] {
            #expect(CellName(wrong.utf8) == nil, "\(wrong)")
        }
    }

    private func read(_ written: String, _ format: CellFormat, from1904: Bool = false) -> String {
        var bytes: [UInt8] = []
        (Array(written.utf8) + [0]).withUnsafeBufferPointer { text in
            CellNumber(countsFrom1904: from1904).append(
                UnsafeBufferPointer(rebasing: text.dropLast()), format, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
