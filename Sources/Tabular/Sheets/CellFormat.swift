/// How a spreadsheet shows a number: as far as it decides what the number means.
enum CellFormat: Hashable {
    case number
    /// A day, a time of day or both.
    case moment(hasDay: Bool, hasTime: Bool)
    /// Zeros before it up to so many digits: `000000`.
    case zeros(Int)

    /// The format of a number that Excel gives without a code. Source: ECMA-376 part 1, 18.8.30, with those of zh-cn.
    init(builtIn id: Int) {
        switch id {
        case 14...17, 27...31, 36, 50...54, 57, 58: self = .moment(hasDay: true, hasTime: false)
        case 18...21, 32...35, 45...47, 55, 56: self = .moment(hasDay: false, hasTime: true)
        case 22: self = .moment(hasDay: true, hasTime: true)
        default: self = .number
        }
    }

    /// The format of a code, such as `yyyy"年"m"月"d"日"`, `[h]:mm` or `0000`. Its first section alone counts.
    init(code: String) {
        if code.count > 1, code.count <= 15, code.allSatisfy({ $0 == "0" }) {
            self = .zeros(code.count)
            return
        }
        var hasDay = false
        var hasTime = false
        var hasMonth = false
        let characters = Array(code.lowercased())
        var at = 0
        if code.lowercased().hasPrefix("general") { at = characters.count }
        scan: while at < characters.count {
            switch characters[at] {
            case ";": break scan
            case "\\", "_", "*": at += 1
            case "\"":
                at += 1
                while at < characters.count, characters[at] != "\"" { at += 1 }
            case "[":
                let end = characters[at...].firstIndex(of: "]") ?? characters.count
                let inside = characters[(at + 1)..<max(at + 1, end)]
                if !inside.isEmpty, inside.allSatisfy({ "hms".contains($0) }) { hasTime = true }
                at = end
            case "y", "d": hasDay = true
            case "h", "s": hasTime = true
            case "m": hasMonth = true
            default: break
            }
            at += 1
        }
        if hasMonth, !hasTime { hasDay = true }
        self = hasDay || hasTime ? .moment(hasDay: hasDay, hasTime: hasTime) : .number
    }
}
