@testable import Tabular

/// An XLSX workbook of one sheet, made by hand, so that each part of it can lie.
struct MadeWorkbook {
    var sheet: String
    var strings = ""
    var styles = ""
    var book =
        #"<workbook xmlns:r="x"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#
    var strays: [ZipBuilder.Entry] = []

    /// - Parameter rows: what stands in `sheetData`.
    init(_ rows: String, strings: String = "") {
        sheet = "<worksheet><sheetData>\(rows)</sheetData></worksheet>"
        self.strings = strings
    }

    var bytes: [UInt8] { zip.bytes }

    var zip: ZipBuilder {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        var zip = ZipBuilder(
            .init("[Content_Types].xml", "<Types/>"),
            .init(
                "_rels/.rels",
                #"<Relationships><Relationship Id="a" Type="\#(kind)/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
            .init("xl/workbook.xml", book),
            .init(
                "xl/_rels/workbook.xml.rels",
                """
                <Relationships><Relationship Id="r1" Type="\(kind)/worksheet" Target="/xl/sheet.xml"/>\
                <Relationship Id="r2" Type="\(kind)/sharedStrings" Target="strings.xml"/>\
                <Relationship Id="r3" Type="\(kind)/styles" Target="./styles.xml"/></Relationships>
                """),
            .init("xl/sheet.xml", sheet),
            .init("xl/strings.xml", "<sst>\(strings)</sst>"),
            .init("xl/styles.xml", "<styleSheet>\(styles)</styleSheet>"))
        zip.entries += strays
        return zip
    }
}
