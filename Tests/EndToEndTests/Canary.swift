import Foundation

/// A made-up person whose name, numbers and address stand nowhere else, so that every trace of them can be found.
struct Canary {
    var number: Int

    private var digits: String { String(String(10_000 + number).dropFirst()) }

    var name: String { "欧阳金丝雀\(digits)" }
    var phone: String { "1391234\(digits)" }
    var address: String { "某市金丝雀路\(digits)号" }
    /// Of a card, a record, a visit.
    var card: String { "KANARIE\(digits)" }

    /// 18 digits with the right check digit. Source: GB 11643.
    var residentID: String {
        let body = "11010519010203" + String(String(1000 + number % 1000).dropFirst())
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    /// What a doctor may type.
    var story: String { "患者\(name)，电话\(phone)，身份证\(residentID)，发热3天" }

    /// What belongs into a column with that title.
    func value(for title: String) -> String {
        if title.contains("姓名") { return name }
        if title.contains("证件号") { return residentID }
        if title.contains("电话") { return phone }
        if title.contains("址") { return address }
        if title.contains("号") { return card }
        return story
    }

    /// What every person's data hold, in each encoding they may be written in.
    static let marks: [(what: String, bytes: Data)] = ["金丝雀", "11010519010203", "1391234", "KANARIE"].flatMap { mark in
        var forms = [("\(mark) in UTF-8", Data(mark.utf8))]
        forms.append(("\(mark) in UTF-16", mark.data(using: .utf16LittleEndian) ?? Data(mark.utf8)))
        forms.append(("\(mark), escaped", Data(mark.utf16.map { String(format: "\\u%04x", $0) }.joined().utf8)))
        forms.append(
            ("\(mark), percent", Data((mark.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? mark).utf8))
        )
        if mark == "金丝雀" { forms.append(("\(mark) in GB18030", Data([0xbd, 0xf0, 0xcb, 0xbf, 0xc8, 0xb8]))) }
        return forms
    }

    /// What of the marks stands in some bytes.
    static func traces(in data: Data) -> [String] { data.withUnsafeBytes { places(in: $0).map(\.what) } }

    /// The first place of each mark, with what stands round it.
    static func places(in bytes: UnsafeRawBufferPointer) -> [(what: String, near: String)] {
        marks.compactMap { mark in
            first(Array(mark.bytes), in: bytes).map { at in
                let near = bytes[max(0, at - 24)..<min(bytes.count, at + 48)]
                return (mark.what, String(decoding: near.map { $0 < 0x20 ? 0x2E : $0 }, as: UTF8.self))
            }
        }
    }

    private static func first(_ mark: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
        var at = 0
        while let start = bytes.baseAddress, bytes.count - at >= mark.count,
            let hit = memchr(start + at, Int32(mark[0]), bytes.count - at)
        {
            at = UnsafeRawPointer(hit) - start
            if bytes[at...].starts(with: mark), !isWithinDigest(bytes, at..<at + mark.count) { return at }
            at += 1
        }
        return nil
    }

    /// Digests and pseudonyms have hundreds of thousands of digits: seven of them are a telephone's by chance now and then.
    private static func isWithinDigest(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        guard bytes[range.lowerBound] &- 0x30 <= 9 else { return false }
        func isHexadecimal(_ index: Int) -> Bool {
            bytes.indices.contains(index) && (bytes[index] &- 0x30 <= 9 || bytes[index] &- 0x61 < 6)
        }
        var (start, end) = (range.lowerBound, range.upperBound)
        while isHexadecimal(start - 1) { start -= 1 }
        while isHexadecimal(end) { end += 1 }
        return end - start >= 32 && bytes[start..<end].contains { $0 >= 0x61 }
    }
}

extension SampleTable {
    /// The same visits, each with another made-up person's data in every identifying column.
    func peopled(by people: Range<Int>) -> SampleTable {
        var table = self
        table.rows = people.map { number in
            var row = rows[number % rows.count]
            let canary = Canary(number: number)
            for (column, title) in identifying where column < row.count { row[column] = canary.value(for: title) }
            if let column = self.column("P7503") { row[column] = "01" }
            return row
        }
        return table
    }
}
