/// A workbook of Excel 97 to 2003.
struct XLSWorkbook: Workbook {
    let sheets: [SheetTab] = []
    let notes: [WorkbookNote] = []

    init(_ source: any RandomAccessSource) throws(TableError) {
        let file = try CompoundFile(source)
        if file.has("EncryptedPackage") { throw .workbook(.encrypted) }
        throw .workbook(.otherDocument)
    }

    func open(_ sheet: Int) throws(TableError) -> any SheetRows { throw .workbook(.otherDocument) }
}
