#!/usr/bin/env python3
"""Writes the workbooks of this folder: python3 make.py (needs openpyxl, xlsxwriter, xlwt and msoffcrypto-tool from PyPI).

They are checked in, so that tests need no Python; what is expected of each cell stands beside the writer in cells.json.
"""
import csv, datetime, io, json, re, struct, zipfile
import msoffcrypto.format.ooxml, openpyxl, openpyxl.styles, xlsxwriter, xlwt

D, T, M = datetime.date, datetime.time, datetime.datetime

# What is written, and the text it is to be read as.
CELLS = [
    ("text", "甲流,\"A\"\nB", '甲流,"A"\nB'),
    ("blanks", " a b ", "a b"),
    ("code", "J10.100x005", "J10.100x005"),
    ("zeros", "000123", "000123"),
    ("identity", "430102199003071234", "430102199003071234"),
    ("formula-like", "_x000D_", None),
    ("integer", 42, "42"),
    ("negative", -5, "-5"),
    ("decimal", 37.8, "37.8"),
    ("sum", 0.1 + 0.2, "0.3"),
    ("small", 0.001, "0.001"),
    ("tiny", 1.5e-12, "1.5E-12"),
    ("large", 123456789012345, "123456789012345"),
    ("lost", 1.1e17, "1.1E+17"),
    ("true", True, "TRUE"),
    ("false", False, "FALSE"),
    ("date", D(2026, 11, 8), "2026-11-08"),
    ("moment", M(2026, 11, 8, 23, 59, 59), "2026-11-08 23:59:59"),
    ("midnight", M(2026, 11, 8, 0, 0, 0), "2026-11-08 00:00:00"),
    ("time", T(10, 30, 5), "10:30:05"),
    ("leap", D(2024, 2, 29), "2024-02-29"),
    ("first", D(1900, 3, 1), "1900-03-01"),
    ("padded", (7, "000000"), "000007"),
    ("percent", (0.5, "0.00%"), "0.5"),
    ("chinese-date", (46334, 'yyyy"年"m"月"d"日"'), "2026-11-08"),
    ("red-number", (12.5, '[Red]0.0;"s"0.0'), "12.5"),
    ("elapsed", (1.5, "[h]:mm"), "1900-01-01 12:00:00"),
    ("serial", 46334, "46334"),
]
EXPECTED = [[name, text] for name, value, text in CELLS if text is not None]


def rows():
    return [(name, value) for name, value, text in CELLS if text is not None]


def with_openpyxl(path, is1904=False):
    book = openpyxl.Workbook()
    if is1904: book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["name", "value"])
    for name, value in rows():
        if is1904 and name in ("first", "chinese-date", "elapsed"): continue
        sheet.append([name, None])
        cell = sheet.cell(sheet.max_row, 2)
        if isinstance(value, tuple): cell.value, cell.number_format = value
        else: cell.value = value
        if isinstance(value, M): cell.number_format = "yyyy-mm-dd hh:mm:ss"
    book.save(path)


def with_xlsxwriter(path, options={}):
    book = xlsxwriter.Workbook(path, options)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "value"])
    for row, (name, value) in enumerate(rows(), 1):
        sheet.write_string(row, 0, name)
        if isinstance(value, tuple): sheet.write_number(row, 1, value[0], book.add_format({"num_format": value[1]}))
        elif isinstance(value, bool): sheet.write_boolean(row, 1, value)
        elif isinstance(value, M): sheet.write_datetime(row, 1, value, book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}))
        elif isinstance(value, D): sheet.write_datetime(row, 1, value, book.add_format({"num_format": "yyyy/m/d"}))
        elif isinstance(value, T): sheet.write_datetime(row, 1, value, book.add_format({"num_format": "h:mm:ss"}))
        elif isinstance(value, str): sheet.write_string(row, 1, value)
        else: sheet.write_number(row, 1, value)
    book.close()


def with_xlwt(path, is1904=False):
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = is1904
    sheet = book.add_sheet("数据")
    def style(code): return xlwt.easyxf(num_format_str=code)
    for column, text in enumerate(["name", "value"]): sheet.write(0, column, text)
    kept = [row for row in rows() if not (is1904 and row[0] in ("first", "chinese-date", "elapsed"))]
    for row, (name, value) in enumerate(kept, 1):
        sheet.write(row, 0, name)
        if isinstance(value, tuple): sheet.write(row, 1, value[0], style(value[1]))
        elif isinstance(value, M): sheet.write(row, 1, value, style("yyyy-mm-dd hh:mm:ss"))
        elif isinstance(value, D): sheet.write(row, 1, value, style("yyyy-mm-dd"))
        elif isinstance(value, T): sheet.write(row, 1, value, style("h:mm:ss"))
        else: sheet.write(row, 1, value)
    book.save(path)


def edited(source, target, change, add={}):
    """The same workbook with parts changed or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist(): new.writestr(info.filename, change(info.filename, old.read(info.filename)))
        for name, data in add.items(): new.writestr(name, data)


def table(sheet, rows, width=0):
    for row in rows: sheet.append(row)


HEADER = ["P900", "P7506", "P5"]
DATA = [["1", "2026-11-08", "男"], ["2", "2026-11-07", "女"]]


def odd_workbooks():
    def save(name, fill):
        book = openpyxl.Workbook()
        fill(book)
        book.save(name)

    def several(book):
        book.active.append(["填表说明"])
        table(book.create_sheet("数据"), [HEADER] + DATA)
    save("several.xlsx", several)

    def two_tables(book):
        table(book.active, [HEADER] + DATA)
        table(book.create_sheet("二"), [HEADER] + DATA)
    save("two-tables.xlsx", two_tables)

    def hidden(book):
        table(book.active, [HEADER] + DATA)
        sheet = book.create_sheet("旧数据")
        table(sheet, [HEADER] + DATA)
        sheet.sheet_state = "veryHidden"
    save("hidden.xlsx", hidden)

    def only_hidden(book):
        sheet = book.create_sheet("数据")
        table(sheet, [HEADER] + DATA)
        sheet.sheet_state = "hidden"
    save("only-hidden.xlsx", only_hidden)

    def merged(book):
        table(book.active, [["P900", None, "P5"]] + DATA)
        book.active.merge_cells("A1:B1")
    save("merged.xlsx", merged)

    def uncalculated(book): table(book.active, [HEADER] + DATA + [["3", '="2026-11-"&"09"', "男"]])
    save("uncalculated.xlsx", uncalculated)

    def last_row(book):
        table(book.active, [HEADER] + DATA)
        book.active.cell(1_048_576, 1).value = "9"
    save("last-row.xlsx", last_row)

    def gaps(book):
        book.active["B2"], book.active["D2"] = "b", "d"
        book.active["A5"], book.active["E5"] = "1", "5"
        for row in range(6, 2000): book.active.cell(row, 1).fill = openpyxl.styles.PatternFill("solid", "FFFF00")
    save("gaps.xlsx", gaps)
    save("empty.xlsx", lambda book: None)

    # Formulas as Excel saves them, with their values.
    book = xlsxwriter.Workbook("formulas.tmp")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "value"])
    sheet.write_string(1, 0, "text"); sheet.write_formula(1, 1, '="2026-11-"&"09"', None, "2026-11-09")
    sheet.write_string(2, 0, "number"); sheet.write_formula(2, 1, "=1+1", None, 2)
    sheet.write_string(3, 0, "error"); sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
    sheet.write_string(4, 0, "truth"); sheet.write_formula(4, 1, "=TRUE()", None, "TRUE")
    sheet.write_string(5, 0, "empty"); sheet.write_formula(5, 1, '=""', None, "")
    sheet.write_string(6, 0, "web"); sheet.write_formula(6, 1, '=WEBSERVICE("http://127.0.0.1:1/")', None, "seen")
    book.close()
    def saved(name, data): return data.replace(b' fullCalcOnLoad="1"', b"") if name == "xl/workbook.xml" else data
    edited("formulas.tmp", "formulas.xlsx", saved)
    edited("formulas.tmp", "formulas-to-calculate.xlsx", lambda name, data: data)

    base = "openpyxl.xlsx"
    def related(kind, target, mode=""):
        line = f'<Relationship Id="x1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/>'
        def change(name, data):
            if name != "xl/_rels/workbook.xml.rels": return data
            return data.replace(b"</Relationships>", line.encode() + b"</Relationships>")
        return change
    edited(base, "macros.xlsm", related("vbaProject", "vbaProject.bin"), {"xl/vbaProject.bin": b"no macro at all"})
    edited(base, "links.xlsx", related("externalLink", "externalLinks/externalLink1.xml"),
        {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    def doctype(name, data):
        if name != "xl/sharedStrings.xml": return data
        mark = b'<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        head = data.index(b"<sst")
        return data[:head] + mark + data[head:].replace(b"J10.100x005", b"&a;")
    edited("xlsxwriter.xlsx", "doctype.xlsx", doctype)
    def wide(name, data): # UTF-16, in which a screen for ASCII sees no document type
        return data.decode().encode("utf-16") if name == "xl/sharedStrings.xml" else data
    edited("xlsxwriter.xlsx", "utf-16.xlsx", wide)
    def entity(name, data):
        return data.replace(b"J10.100x005", b"&a;") if name == "xl/sharedStrings.xml" else data
    edited("xlsxwriter.xlsx", "entity.xlsx", entity)
    def out_of_range(name, data):
        return data.replace(b't="s"><v>3</v>', b't="s"><v>99999</v>', 1) if name.startswith("xl/worksheets") else data
    edited("xlsxwriter.xlsx", "wrong-index.xlsx", out_of_range)
    def backwards(name, data):
        return data.replace(b'<row r="5"', b'<row r="2"') if name.startswith("xl/worksheets") else data
    edited("xlsxwriter.xlsx", "backwards.xlsx", backwards)
    open("cut-off.xlsx", "wb").write(open(base, "rb").read()[:-400])
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("_rels/.rels", '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>')
        file.writestr("word/document.xml", "<document/>")
    open("letter.xlsx", "wb").write(document.getvalue())
    with open("encrypted.xlsx", "wb") as file:
        msoffcrypto.format.ooxml.OOXMLFile(open(base, "rb")).encrypt("secret", file)

    import os
    os.remove("formulas.tmp")


def odd_old_workbooks():
    def save(name, fill):
        book = xlwt.Workbook(encoding="utf-8")
        fill(book)
        book.save(name)

    def put(sheet, rows):
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                if text is not None: sheet.write(row, column, text)

    def two_tables(book):
        put(book.add_sheet("一"), [HEADER] + DATA)
        put(book.add_sheet("二"), [HEADER] + DATA)
    save("two-tables.xls", two_tables)

    def hidden(book):
        put(book.add_sheet("数据"), [HEADER] + DATA)
        sheet = book.add_sheet("旧数据")
        put(sheet, [HEADER] + DATA)
        sheet.visibility = 2
    save("hidden.xls", hidden)

    def merged(book):
        sheet = book.add_sheet("数据")
        sheet.write_merge(0, 0, 0, 1, "P900")
        sheet.write(0, 2, "P5")
        for row, texts in enumerate(DATA, 1):
            for column, text in enumerate(texts): sheet.write(row, column, text)
    save("merged.xls", merged)

    def uncalculated(book):
        sheet = book.add_sheet("数据")
        put(sheet, [HEADER] + DATA)
        sheet.write(3, 1, xlwt.Formula('"2026-11-"&"09"'))
    save("uncalculated.xls", uncalculated)

    def gaps(book):
        sheet = book.add_sheet("数据")
        sheet.write(1, 1, "b"); sheet.write(1, 3, "d")
        sheet.write(4, 4, 5); sheet.write(4, 0, "1")
        for row in range(6, 300): sheet.write(row, 0, None, xlwt.easyxf("pattern: pattern solid, fore_colour yellow"))
    save("gaps.xls", gaps)

    data = bytearray(open("xlwt.xls", "rb").read())
    start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    old = bytearray(data)
    old[start + 4:start + 6] = b"\x00\x05" # BIFF5
    open("old.xls", "wb").write(old)
    # The second record becomes FILEPASS.
    length = int.from_bytes(data[start + 2:start + 4], "little")
    data[start + 4 + length:start + 6 + length] = b"\x2f\x00"
    open("encrypted.xls", "wb").write(data)
    open("cut-off.xls", "wb").write(open("xlwt.xls", "rb").read()[:2048])
    odd_records("odd-records.xls")


def odd_records(path):
    """A formula's record as Excel 4 called it, with its value, and a format whose text is shorter than it says."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("数据")
    sheet.write(0, 0, "P900"); sheet.write(0, 1, "P5")
    sheet.write(1, 0, xlwt.Formula("1+2"))
    sheet.write(1, 1, 46334, xlwt.easyxf(num_format_str="yyyy-mm-dd;@"))
    book.save(path)
    data = bytearray(open(path, "rb").read())
    at, seen = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00"), []
    while len(seen) < 2:
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == 0x0006: # of Excel 4, with its value and no order to calculate
            struct.pack_into("<H", data, at, 0x0406)
            struct.pack_into("<dH", data, at + 10, 3.0, 0)
            seen.append(kind)
        if kind == 0x041E and b"yyyy-mm-dd" in data[at:at + 4 + length]:
            data[at + 6] += 1
            seen.append(kind)
        at += 4 + length
    open(path, "wb").write(data)


def reports():
    """The four tables of fever-clinic's case 'faults' as CSV, XLSX and XLS with the same cells."""
    package = zipfile.ZipFile("../../Surveillance/FeverClinic/Cases/faults/package.zip")
    for name in package.namelist():
        raw = package.read(name)
        try: text = raw.decode("utf-8-sig")
        except UnicodeDecodeError: text = raw.decode("gb18030")
        table = [row for row in csv.reader(io.StringIO(text, newline=""))]
        width = len(table[0])
        table = [row[:width] + [""] * (width - len(row)) for row in table]
        stem = re.sub(r"\.csv$", "", name.split("/")[-1])
        with open(f"reports/{stem}.csv", "w", encoding="utf-8", newline="") as file: csv.writer(file).writerows(table)
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(stem)
        for row in table:
            # Texts that look like numbers stay texts.
            cells = [openpyxl.cell.WriteOnlyCell(sheet, value=text or None) for text in row]
            for cell, text in zip(cells, row):
                if text: cell._value, cell.data_type = text, "s"
            sheet.append(cells)
        book.save(f"reports/{stem}.xlsx")
        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet(stem)
        for row, texts in enumerate(table):
            for column, text in enumerate(texts):
                if text: sheet.write(row, column, text)
        book.save(f"reports/{stem}.xls")


def codes():
    """A table of codes as the national one is laid out: a page of explanations, the table, and another edition of it."""
    edition = [["疾病分类与代码国家临床版2.0", None, None], ["主要编码", "附加编码", "疾病名称"],
        ["A00.000", None, "古典生物型霍乱"], ["A00.100x001", None, "埃尔托生物型霍乱"], ["A17.000+", "G01*", "结核性脑膜炎"]]
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    table(book.create_sheet("2.0（2022版）"), edition)
    table(book.create_sheet("1.1"), [["主要编码", "附加编码", "疾病名称"], ["A00", None, "霍乱"]])
    book.save("codes.xlsx")
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("编码")
    for row, texts in enumerate(edition):
        for column, text in enumerate(texts):
            if text: sheet.write(row, column, text)
    book.save("codes.xls")


def damaged():
    """A clean table as somebody types it into a spreadsheet: what it keeps, and what it damages."""
    table = list(csv.reader(open("reports/fever_20261108.csv", encoding="utf-8", newline="")))
    head, rows = table[0], [row for row in table[1:] if "1990-02-30" not in row][:3]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(head)
    for row in rows: sheet.append([text or None for text in row])
    def put(row, field, value, code="General"):
        cell = sheet.cell(row, head.index(field) + 1)
        cell.value, cell.number_format = value, code
    # Kept: a moment and a day with their formats, an amount as a number.
    put(2, "P7506", M(2026, 11, 7, 8, 5, 0), "yyyy-mm-dd hh:mm:ss")
    put(2, "P6", D(1990, 1, 31), "yyyy/m/d")
    put(2, "P7508", 12.5)
    # Damaged: digits of a long number, zeros before a code, the format of a day.
    put(3, "P13", 4.30102199003071e17)
    put(3, "P7501", 1)
    put(4, "P6", 32904)
    book.save("reports/fever_damaged.xlsx")


import os
os.makedirs("reports", exist_ok=True)
with_openpyxl("openpyxl.xlsx")
with_openpyxl("openpyxl-1904.xlsx", is1904=True)
with_xlsxwriter("xlsxwriter.xlsx")
with_xlsxwriter("xlsxwriter-inline.xlsx", {"constant_memory": True})
with_xlwt("xlwt.xls")
with_xlwt("xlwt-1904.xls", is1904=True)
odd_old_workbooks()
odd_workbooks()
reports()
damaged()
codes()
with open("cells.json", "w", encoding="utf-8") as file:
    file.write("[\n" + ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in EXPECTED) + "\n]\n")
