/// A workbook of Excel 2007 and later: a zip of XML parts that name one another.
///
/// Only what rows are made of is read: the list of sheets, the shared texts, the formats of numbers, the sheets' cells. Macros, drawings,
/// links to other files and connections to databases are parts that nobody opens.
/// Source: ECMA-376 part 1, 12.3 and 18; part 2, 6.5 (relationships).
struct XLSXWorkbook: Workbook {
    private(set) var sheets: [SheetTab] = []
    private(set) var notes: [WorkbookNote] = []
    private let parts: [String: ArchiveEntry]
    private let paths: [String]
    private let context: Context

    /// What the sheets share, read when the first of them is opened: a list of tabs needs none of it.
    private final class Context {
        private let make: () throws(TableError) -> XLSXSheet.Context
        private var made: XLSXSheet.Context?

        init(_ make: @escaping () throws(TableError) -> XLSXSheet.Context) { self.make = make }

        func get() throws(TableError) -> XLSXSheet.Context {
            if let made { return made }
            let context = try make()
            made = context
            return context
        }
    }

    init(_ source: any RandomAccessSource, limits: ArchiveLimits) throws(TableError) {
        let archive: Archive
        do { archive = try Archive(source, limits: limits) } catch { throw PartFault.error(of: error) }
        parts = Dictionary(archive.entries.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        if parts["xl/workbook.bin"] != nil { throw .workbook(.binaryWorkbook) }
        let root = try XLSXWorkbook.relations(of: "", in: parts)
        guard let book = root.first(where: { $0.kind == "officeDocument" })?.target, parts[book.lowercased()] != nil,
            book.lowercased().hasPrefix("xl/") || !book.contains("word/")
        else { throw .workbook(.otherDocument) }

        var countsFrom1904 = false
        var isUncalculated = false
        var listed: [(tab: SheetTab, relation: String)] = []
        var isWorkbook = false
        let part = try XLSXWorkbook.part(book, in: parts)
        try part.elements { name throws(TableError) in
            switch name {
            case "workbook": isWorkbook = true
            case "workbookPr": countsFrom1904 = XLSXWorkbook.flag(part.attribute("date1904"))
            case "calcPr": isUncalculated = XLSXWorkbook.flag(part.attribute("fullCalcOnLoad"))
            case "sheet":
                guard let relation = part.attribute("id") else { throw .workbook(.damaged(part: book)) }
                let state = part.attribute("state") ?? "visible"
                let tab = SheetTab(name: part.attribute("name") ?? "", isHidden: state != "visible")
                listed.append((tab, relation))
                guard listed.count <= 1_000 else { throw .workbook(.damaged(part: book)) }
            default: break
            }
        }
        guard isWorkbook else { throw .workbook(.otherDocument) }

        let relations = try XLSXWorkbook.relations(of: book, in: parts)
        var paths: [String] = []
        // A tab that leads to no part has no cells: one of macros is written so.
        for sheet in listed where !sheet.relation.isEmpty {
            guard let relation = relations.first(where: { $0.id == sheet.relation }) else {
                throw .workbook(.damaged(part: book))
            }
            // A chart fills a tab and has no cells.
            guard relation.kind == "worksheet" else { continue }
            sheets.append(sheet.tab)
            paths.append(relation.target)
        }
        self.paths = paths
        func target(_ kind: String) -> String? { relations.first { $0.kind == kind }?.target }
        let (strings, styles, parts) = (target("sharedStrings"), target("styles"), parts)
        let number = CellNumber(countsFrom1904: countsFrom1904)
        let isCalculated = !isUncalculated
        context = Context { () throws(TableError) in
            XLSXSheet.Context(
                strings: try strings.map { path throws(TableError) in
                    try SharedStrings(XLSXWorkbook.part(path, in: parts))
                } ?? SharedStrings(),
                formats: try styles.map { path throws(TableError) in
                    try CellStyles(XLSXWorkbook.part(path, in: parts)).formats
                } ?? [],
                number: number, isUncalculated: !isCalculated)
        }
        if relations.contains(where: { $0.kind == "vbaProject" }) { notes.append(.macros) }
        if relations.contains(where: { $0.kind == "externalLink" }) { notes.append(.externalLinks) }
    }

    func open(_ sheet: Int) throws(TableError) -> any SheetRows {
        try XLSXSheet(XLSXWorkbook.part(paths[sheet], in: parts), place: sheet + 1, context.get())
    }

    private static func flag(_ text: String?) -> Bool { text == "1" || text == "true" }

    private static func part(_ path: String, in parts: [String: ArchiveEntry]) throws(TableError) -> XMLPart {
        guard let entry = parts[path.lowercased()] else { throw .workbook(.damaged(part: path)) }
        let source: EntrySource
        do { source = try entry.open() } catch { throw PartFault.error(of: error) }
        return try XMLPart(path, source)
    }

    private struct Relation {
        var id: String
        /// The last part of its type, `worksheet`.
        var kind: String
        /// The part it leads to.
        var target: String
    }

    /// The relations of a part to others inside the workbook; those that lead out of it are not followed.
    private static func relations(
        of path: String, in parts: [String: ArchiveEntry]
    ) throws(TableError) -> [Relation] {
        let folder = path.split(separator: "/").dropLast().map(String.init)
        let file = path.split(separator: "/").last.map(String.init) ?? ""
        let relations = (folder + ["_rels", "\(file).rels"]).joined(separator: "/")
        guard parts[relations.lowercased()] != nil else {
            throw .workbook(path.isEmpty ? .otherDocument : .damaged(part: relations))
        }
        let part = try part(relations, in: parts)
        var found: [Relation] = []
        try part.elements { name throws(TableError) in
            guard name == "Relationship" else { return }
            guard let id = part.attribute("Id"), let type = part.attribute("Type"),
                let target = part.attribute("Target")
            else { throw .workbook(.damaged(part: relations)) }
            let kind = type.split(separator: "/").last.map(String.init) ?? ""
            guard part.attribute("TargetMode") != "External" else { return }
            found.append(Relation(id: id, kind: kind, target: resolve(target, in: folder)))
            guard found.count <= 10_000 else { throw .workbook(.damaged(part: relations)) }
        }
        return found
    }

    private static func resolve(_ target: String, in folder: [String]) -> String {
        var steps = target.hasPrefix("/") ? [] : folder
        for step in target.split(separator: "/") {
            if step == ".." { _ = steps.popLast() } else if step != "." { steps.append(String(step)) }
        }
        return steps.joined(separator: "/")
    }
}
