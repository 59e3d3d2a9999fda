/// The formats of numbers, by the index that cells give. Source: ECMA-376 part 1, 18.8.10 (`cellXfs`) and 18.8.31 (`numFmts`).
struct CellStyles {
    private(set) var formats: [CellFormat] = []

    init(_ part: XMLPart) throws(TableError) {
        var own: [Int: CellFormat] = [:]
        var formats: [CellFormat] = []
        var isInCells = false
        while true {
            let node = try part.next()
            switch node {
            case .end:
                self.formats = formats
                return
            case .open, .close:
                guard let element = part.element else { continue }
                switch String(cString: element) {
                case "cellXfs": isInCells = node == .open
                case "numFmt" where node == .open:
                    guard let id = part.attribute("numFmtId").flatMap({ Int($0) }),
                        let code = part.attribute("formatCode")
                    else { continue }
                    own[id] = CellFormat(code: String(code.prefix(255)))
                case "xf" where node == .open && isInCells:
                    let id = part.attribute("numFmtId").flatMap { Int($0) } ?? 0
                    formats.append(own[id] ?? CellFormat(builtIn: id))
                default: continue
                }
                guard own.count <= 10_000, formats.count <= 1 << 16 else { throw .workbook(.damaged(part: part.name)) }
            case .text: continue
            }
        }
    }
}
