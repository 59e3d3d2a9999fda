import JSON
import SurveillanceKit

/// The findings of one file row by row, as its rows are read.
struct RowFindings {
    /// What a spreadsheet's cell holds, counted in bytes so that it is never more than that in characters.
    ///
    /// Source: Microsoft, "Excel specifications and limits": 32,767 characters a cell.
    static let maximumTextBytes = 32_000

    private let fileName: [UInt8]
    private let language: Language
    private let lines: () throws -> ArraySlice<UInt8>?
    private var waiting: FindingLine?
    private var isAtEnd = false

    init(file: String, language: Language, lines: @escaping () throws -> ArraySlice<UInt8>?) {
        var name: [UInt8] = []
        JSONText.append(file, to: &name)
        fileName = name
        self.language = language
        self.lines = lines
    }

    /// What was found in one row.
    struct Found {
        var hasError = false
        /// The fields with an error, each once.
        var fields: [String] = []
        var text: [UInt8] = []
    }

    /// What was found in a row. Rows are asked for in their order.
    mutating func of(_ row: Int) throws -> Found {
        var found = Found()
        var text: [UInt8] = []
        var leftOut = 0
        while let line = try peek(), let place = line.row, place <= row {
            waiting = nil
            // What is said of rows passed over already, such as blank ones, is said at the end.
            guard place == row else { continue }
            found.hasError = found.hasError || line.isError
            if line.isError, let field = line.text(.field), !found.fields.contains(field) { found.fields.append(field) }
            let said = Array(say(line).utf8)
            if text.count + said.count <= RowFindings.maximumTextBytes - 100 {
                if !text.isEmpty { text += Array((language == .zh ? "；" : "; ").utf8) }
                text += said
            } else {
                leftOut += 1
            }
        }
        if leftOut > 0 { text += Array((language == .zh ? "；另有 \(leftOut) 处" : "; and \(leftOut) more").utf8) }
        found.text = text
        return found
    }

    /// The file's next finding with a row.
    private mutating func peek() throws -> FindingLine? {
        while waiting == nil, !isAtEnd {
            guard let bytes = try lines() else {
                isAtEnd = true
                break
            }
            guard let line = FindingLine(bytes), line[.row] != nil, line[.file]?.elementsEqual(fileName) == true else {
                continue
            }
            // The chunk it stands in may be gone by the time it is told.
            waiting = FindingLine(ArraySlice(Array(bytes)))
        }
        return waiting
    }

    /// `P6 出生日期：“出生日期”不是有效的日期，应为 2026-03-05 这样的日期`
    private func say(_ line: FindingLine) -> String {
        let isChinese = language == .zh
        let place = [line.text(.field), line.text(.title, language)].compactMap(\.self).joined(separator: " ")
        var text = place.isEmpty ? (isChinese ? "整行" : "row") : place
        if !line.isError { text += isChinese ? "（警告）" : " (warning)" }
        text += (isChinese ? "：" : ": ") + (line.text(.message, language) ?? "")
        if let expected = line.text(.expected, language) {
            text += (isChinese ? "，应为 " : ", expected ") + expected
        }
        if let suggestion = line.text(.suggestion) {
            text += (isChinese ? "，可能是 " : ", probably ") + suggestion
        }
        return text
    }
}
