import SurveillanceKit

/// The forms that names in programs' files have.
enum NameForm {
    /// `fever-clinic`
    case programID
    /// `1.0.0`
    case version
    /// `flu`: lower-case letters, digits and `-`.
    case fileType
    /// `P7506`
    case field
    /// `onset-before-visit`: of rules and checks.
    case rule
    /// `CV02.01.101`
    case codeList
    /// `concepts.csv`: a file beside `program.json`.
    case csvFile

    func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isLower(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
        func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        func isLetter(_ byte: UInt8) -> Bool { isLower(byte | 0x20) }
        guard let first = bytes.first else { return false }
        switch self {
        case .programID: return isLower(first) && hasWords(bytes) { isLower($0) || isDigit($0) }
        case .rule: return hasWords(bytes) { isLower($0) || isDigit($0) }
        case .version:
            let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.count <= 9 && $0.allSatisfy(isDigit) }
        case .fileType:
            return isLower(first) && bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        case .field:
            return isLetter(first) && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
        case .codeList:
            return (isLetter(first) || isDigit(first))
                && bytes.allSatisfy { isLetter($0) || isDigit($0) || "._-".utf8.contains($0) }
        case .csvFile:
            return text.hasSuffix(".csv") && isLower(first)
                && bytes.dropLast(4).allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Words parted by one `-` each.
    private func hasWords(_ bytes: [UInt8], _ isInWord: (UInt8) -> Bool) -> Bool {
        bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.allSatisfy(isInWord)
        }
    }

    /// What is needed, in words.
    var words: BilingualText {
        switch self {
        case .programID:
            BilingualText(
                zh: "小写字母、数字和 '-'，如 fever-clinic", en: "lower-case letters, digits and '-', as in fever-clinic")
        case .version: BilingualText(zh: "三个数字，如 1.0.0", en: "three numbers, as in 1.0.0")
        case .fileType:
            BilingualText(
                zh: "小写字母、数字和 '-'，不含 '_'", en: "lower-case letters, digits and '-', without '_'")
        case .field:
            BilingualText(zh: "字母开头，只含字母、数字和 '_'", en: "letters, digits and '_', with a letter first")
        case .rule:
            BilingualText(zh: "小写字母、数字和 '-'，如 onset-first", en: "lower-case letters, digits and '-', as in onset-first")
        case .codeList:
            BilingualText(zh: "字母、数字、'.'、'_' 和 '-'，如 RC001", en: "letters, digits, '.', '_' and '-', as in RC001")
        case .csvFile:
            BilingualText(
                zh: "与 program.json 同一文件夹的文件名，如 concepts.csv",
                en: "the name of a file beside program.json, as in concepts.csv")
        }
    }
}
