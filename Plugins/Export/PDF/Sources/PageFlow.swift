import SurveillanceKit

/// Puts a document's blocks below each other, from page to page.
final class PageFlow {
    private static let (margin, foot, gap) = (56.7, 30.0, 7.0)
    private static let (titleSize, headingSize, textSize, footSize) = (18.0, 12.5, 10.5, 8.0)
    private static let codeSide = 62.0
    private static let width = PDFSurface.width - 2 * margin
    /// Where the space for blocks ends.
    private static let bottom = PDFSurface.height - margin - foot

    let surface: PDFSurface
    private let fonts: Fonts
    private let document: PrintedDocument
    private let pageCount: Int
    private var y = PageFlow.margin
    private var page = 1

    /// - Parameter pageCount: of how many pages the foot tells.
    init(_ fonts: Fonts, _ document: PrintedDocument, pageCount: Int) throws {
        surface = try PDFSurface(title: document.title, at: document.at)
        self.fonts = fonts
        self.document = document
        self.pageCount = pageCount
    }

    /// - Returns: the number of pages.
    func run() throws -> Int {
        try head()
        for block in document.blocks { try put(block) }
        try endPage()
        return page
    }

    private func head() throws {
        let isCoded = !document.code.isEmpty
        let title = try set(
            document.title, Self.titleSize, isBold: true, width: Self.width - (isCoded ? 2 * Self.codeSide : 0),
            isCentered: true)
        let top = y
        title.draw(at: (Self.margin + (isCoded ? Self.codeSide : 0), y), on: surface)
        y += title.height
        if isCoded {
            let place = (x: Self.margin + Self.width - Self.codeSide, y: top - 12)
            surface.modules(document.code, at: place, side: Self.codeSide)
            y = max(y, place.y + Self.codeSide)
        }
        y += 2 * Self.gap
    }

    private func put(_ block: PrintedDocument.Block) throws {
        switch block {
        case .heading(let text):
            let heading = try set(text, Self.headingSize, isBold: true)
            // A heading does not end a page.
            try makeRoom(heading.height + 4 * Self.headingSize)
            try draw([(0, heading)])
        case .paragraph(let text): try draw([(0, try set(text))])
        case .numbered(let items):
            for (number, item) in items.enumerated() {
                try draw([
                    (0, try set("\(number + 1).", width: 20)), (22, try set(item, width: Self.width - 22)),
                ])
            }
        case .facts(let facts): try grid(facts.map { [$0.name, $0.value] }, shares: [0.3, 0.7], firstIsBold: false)
        case .table(let table): try grid([table.columns] + table.rows, shares: table.shares, firstIsBold: true)
        case .blanks(let names): try blanks(names)
        }
    }

    /// Rows between lines; a page that begins amid them repeats a bold first one.
    private func grid(_ rows: [[String]], shares: [Double], firstIsBold: Bool) throws {
        let sum = max(shares.reduce(0, +), 0.01)
        let inset = 4.0
        func place(_ row: [String], isBold: Bool) throws {
            var x = 0.0
            var cells: [(Double, SetText)] = []
            for (cell, share) in zip(row, shares) {
                let width = Self.width * share / sum
                cells.append((x + inset, try set(cell, 9.5, isBold: isBold, width: width - 2 * inset)))
                x += width
            }
            let height = (cells.map(\.1.height).max() ?? 0) + 2 * inset
            if y + height > Self.bottom, y > Self.margin {
                try makeRoom(height)
                if firstIsBold, !isBold, let first = rows.first { try place(first, isBold: true) }
            }
            rule()
            for (x, text) in cells { text.draw(at: (Self.margin + x, y + inset), on: surface) }
            y += height
        }
        for (number, row) in rows.enumerated() { try place(row, isBold: firstIsBold && number == 0) }
        rule()
        y += 2 * Self.gap
    }

    private func rule() { surface.line(from: (Self.margin, y), to: (Self.margin + Self.width, y)) }

    private func blanks(_ names: [String]) throws {
        let height = 34.0
        // They stay together: who signs sees what.
        try makeRoom(Double(names.count) * height)
        for name in names {
            let text = try set(name, width: Self.width / 2)
            text.draw(at: (Self.margin, y + height - text.height - 4), on: surface)
            surface.line(
                from: (Self.margin + Self.width * 0.42, y + height - 4), to: (Self.margin + Self.width, y + height - 4))
            y += height
        }
        y += Self.gap
    }

    private func draw(_ texts: [(x: Double, text: SetText)]) throws {
        let height = texts.map(\.text.height).max() ?? 0
        try makeRoom(height)
        for (x, text) in texts { text.draw(at: (Self.margin + x, y), on: surface) }
        y += height + Self.gap
    }

    private func makeRoom(_ height: Double) throws {
        guard height <= Self.bottom - Self.margin else { throw PDFFault(reason: "a text is longer than a page") }
        guard y + height > Self.bottom, y > Self.margin else { return }
        try endPage()
        page += 1
        y = Self.margin
    }

    private func endPage() throws {
        let top = PDFSurface.height - Self.margin
        surface.line(from: (Self.margin, top - 4), to: (Self.margin + Self.width, top - 4))
        try set(document.codeLine, Self.footSize, width: Self.width - 60).draw(at: (Self.margin, top), on: surface)
        try set("\(page) / \(pageCount)", Self.footSize, width: 60).draw(
            at: (Self.margin + Self.width - 60, top), on: surface)
        surface.endPage()
    }

    private func set(
        _ text: String, _ size: Double = PageFlow.textSize, isBold: Bool = false, width: Double = PageFlow.width,
        isCentered: Bool = false
    ) throws -> SetText {
        try SetText(text, size: size, isBold: isBold, width: width, isCentered: isCentered, fonts, surface)
    }
}
