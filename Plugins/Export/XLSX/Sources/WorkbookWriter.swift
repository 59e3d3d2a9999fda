import CXlsxWriter
import Glibc
import PluginKit
import SurveillanceKit

/// Writes one workbook with libxlsxwriter, row by row: of the cells it holds one row in memory, and their XML in the temporary folder.
final class WorkbookWriter {
    /// A person's spreadsheet is slow beyond it, and memory holds about 200 bytes a cell until the workbook is whole.
    static let maximumCells = 1_000_000
    /// Source: Excel specifications and limits.
    static let maximumRows = 1_048_576
    static let maximumColumns = 16_384

    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private let styles: Styles
    private let language: Language
    private let folder: String
    private let mostCells: Int
    private var isOpen = true
    private var names = SheetNames()
    private var lists = CodeLists()
    private var cells = 0
    private var bytes = 0

    private struct Styles {
        let text: UnsafeMutablePointer<lxw_format>?
        let wrapped: UnsafeMutablePointer<lxw_format>?
        let wrong: UnsafeMutablePointer<lxw_format>?
        let header: UnsafeMutablePointer<lxw_format>?
        let note: UnsafeMutablePointer<lxw_format>?

        init(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
            func format(_ adjust: (UnsafeMutablePointer<lxw_format>) -> Void) -> UnsafeMutablePointer<lxw_format>? {
                guard let format = workbook_add_format(workbook) else { return nil }
                // Text. Source: ECMA-376 part 1, 18.8.30 (numFmt).
                format_set_num_format_index(format, 49)
                adjust(format)
                return format
            }
            text = format { _ in }
            wrapped = format {
                format_set_text_wrap($0)
                format_set_align($0, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
            }
            wrong = format {
                format_set_bg_color($0, 0xFFC7CE)
                format_set_font_color($0, 0x9C0006)
            }
            header = format {
                format_set_bold($0)
                format_set_bg_color($0, 0xDDE6F0)
            }
            note = format { format_set_italic($0) }
        }
    }

    /// Writes all sheets.
    ///
    /// - Throws: `UnfitTable` where a workbook cannot hold them, what a table throws, or what kept it from being written.
    static func write(
        _ sheets: [ExportSheet], in language: Language, temporaryFolder: String,
        maximumCells: Int = WorkbookWriter.maximumCells
    ) throws -> WrittenWorkbook {
        let written = try WrittenWorkbook()
        let writer = try WorkbookWriter(written, language, temporaryFolder, maximumCells)
        for sheet in sheets { try writer.add(sheet) }
        try writer.finish()
        return written
    }

    private init(
        _ written: WrittenWorkbook, _ language: Language, _ folder: String, _ mostCells: Int
    ) throws {
        self.mostCells = mostCells
        self.language = language
        self.folder = folder
        let opened = folder.withCString { path in
            // The library copies the path and does not write to it.
            var options = lxw_workbook_options(
                constant_memory: 1, tmpdir: UnsafeMutablePointer(mutating: path), use_zip64: 0)
            return workbook_new_opt(written.path, &options)
        }
        guard let opened else { throw WorkbookFault(LXW_ERROR_MEMORY_MALLOC_FAILED) }
        workbook = opened
        styles = Styles(opened)
    }

    deinit { if isOpen { lxw_workbook_free(workbook) } }

    private func add(_ sheet: ExportSheet) throws {
        try requireRoom()
        let name = names.name(sheet.name)
        guard let worksheet = workbook_add_worksheet(workbook, name) else {
            throw WorkbookFault(LXW_ERROR_CREATING_TMPFILE)
        }
        let table = try sheet.open()
        guard table.columns.count <= Self.maximumColumns else { throw Unfit.tooManyColumns }
        var row: UInt32 = 0
        var widths = table.columns.map { SheetText.width($0.title[language]) }
        if let note = table.note {
            try write(note, to: worksheet, row, table, styles.note)
            row += 1
        }
        try write(table.columns.map { ExportCell($0.title[language]) }, to: worksheet, row, table, styles.header)
        row += 1
        let first = row
        while let cells = try table.nextRow() {
            guard row < Self.maximumRows else { throw Unfit.tooManyRows }
            try write(cells, to: worksheet, row, table, styles.text)
            if row < first + 200 {
                for (index, cell) in cells.prefix(widths.count).enumerated() {
                    widths[index] = max(widths[index], SheetText.width(cell.text))
                }
            }
            row += 1
        }
        for (index, width) in widths.enumerated() {
            // Wide texts are shown on several lines.
            let style = width > 60 ? styles.wrapped : styles.text
            worksheet_set_column(worksheet, UInt16(index), UInt16(index), Double(min(max(width + 2, 8), 60)), style)
        }
        worksheet_freeze_panes(worksheet, first, 0)
        worksheet_ignore_errors(worksheet, UInt8(LXW_IGNORE_NUMBER_STORED_AS_TEXT.rawValue), "A1:XFD1048576")
        for (index, column) in table.columns.enumerated() {
            offer(column, at: UInt16(index), from: first, on: worksheet)
        }
    }

    private func write(
        _ row: [ExportCell], to worksheet: UnsafeMutablePointer<lxw_worksheet>, _ number: UInt32,
        _ table: ExportTable, _ style: UnsafeMutablePointer<lxw_format>?
    ) throws {
        guard row.count <= Self.maximumColumns else { throw Unfit.tooManyColumns }
        for (index, cell) in row.enumerated() {
            let style = cell.isWrong ? styles.wrong : style
            guard !cell.text.isEmpty else {
                if cell.isWrong { worksheet_write_blank(worksheet, number, UInt16(index), style) }
                continue
            }
            let isGuarded = table.comesBack && FormulaGuard.concerns(cell.text.utf8)
            let text = SheetText.escaped(isGuarded ? "'" + cell.text : cell.text)
            guard text.utf16.count <= SheetText.longest else {
                throw Unfit.longText(row: Int(number) + 1, column: index)
            }
            let error = worksheet_write_string(worksheet, number, UInt16(index), text, style)
            guard error == LXW_NO_ERROR else { throw WorkbookFault(error) }
            bytes += text.utf8.count + 80
        }
        cells += row.count
        guard cells <= mostCells else { throw Unfit.tooManyCells }
        if number & 1023 == 0 { try requireRoom() }
    }

    /// The XML of the cells lies in the temporary folder twice before it is packed, and the library does not tell when there is no room.
    private func requireRoom() throws {
        var room = statvfs()
        guard statvfs(folder, &room) == 0 else { throw Unfit.noRoom }
        let free = Int(clamping: UInt64(room.f_bavail) * UInt64(room.f_frsize))
        guard access(folder, W_OK) == 0, free / 3 > bytes + 1 << 20 else { throw Unfit.noRoom }
    }

    /// Drop-down lists, and what a column asks for beside the cell that is filled in.
    private func offer(
        _ column: ExportColumn, at index: UInt16, from first: UInt32, on worksheet: UnsafeMutablePointer<lxw_worksheet>
    ) {
        guard column.choices != nil || column.hint != nil else { return }
        var validation = lxw_data_validation()
        let title = CText(String(String.UnicodeScalarView(column.title[language].unicodeScalars.prefix(32))))
        let hint = CText(Offer.shortened(column.hint?[language] ?? ""))
        validation.ignore_blank = UInt8(LXW_VALIDATION_ON.rawValue)
        validation.show_error = UInt8(LXW_VALIDATION_OFF.rawValue)
        validation.validate = UInt8(LXW_VALIDATION_TYPE_ANY.rawValue)
        if column.hint != nil {
            validation.show_input = UInt8(LXW_VALIDATION_ON.rawValue)
            validation.input_title = title.pointer
            validation.input_message = hint.pointer
        }
        let last = UInt32(Self.maximumRows - 1)
        guard let choices = column.choices, choices.codes.count <= 100_000 else {
            worksheet_data_validation_range(worksheet, first, index, last, index, &validation)
            return
        }
        if choices.isClosed {
            // Whoever knows better may go on: the check says what is wrong.
            validation.show_error = UInt8(LXW_VALIDATION_ON.rawValue)
            validation.error_type = UInt8(LXW_VALIDATION_ERROR_TYPE_WARNING.rawValue)
        }
        validation.dropdown = UInt8(LXW_VALIDATION_ON.rawValue)
        if Offer.standsInFormula(choices.codes) {
            validation.validate = UInt8(LXW_VALIDATION_TYPE_LIST.rawValue)
            let codes = choices.codes.map(CText.init)
            var pointers: [UnsafeMutablePointer<CChar>?] = codes.map(\.pointer) + [nil]
            pointers.withUnsafeMutableBufferPointer {
                validation.value_list = $0.baseAddress
                _ = worksheet_data_validation_range(worksheet, first, index, last, index, &validation)
            }
            withExtendedLifetime(codes) {}
        } else {
            validation.validate = UInt8(LXW_VALIDATION_TYPE_LIST_FORMULA.rawValue)
            let range = CText(lists.range(of: choices.codes))
            validation.value_formula = range.pointer
            worksheet_data_validation_range(worksheet, first, index, last, index, &validation)
            withExtendedLifetime(range) {}
        }
        withExtendedLifetime((title, hint)) {}
    }

    private func finish() throws {
        if !lists.isEmpty {
            guard let worksheet = workbook_add_worksheet(workbook, CodeListSheet.name) else {
                throw WorkbookFault(LXW_ERROR_CREATING_TMPFILE)
            }
            worksheet_hide(worksheet)
            lists.rows { row, column, code in
                _ = worksheet_write_string(worksheet, row, column, SheetText.escaped(code), styles.text)
            }
        }
        try requireRoom()
        isOpen = false
        // Frees the workbook, whatever comes of it.
        let error = workbook_close(workbook)
        guard error == LXW_NO_ERROR else { throw WorkbookFault(error) }
    }
}

/// A text as C holds it, for as long as this lives.
private final class CText {
    let pointer: UnsafeMutablePointer<CChar>?

    init(_ text: String) { pointer = strdup(text) }

    deinit { free(pointer) }
}
