import SurveillanceKit

/// Puts checked blocks together in the file's order: finds keys that repeat, looks for parents, counts, and hands on what stands.
struct BlockMerger {
    let type: CompiledFileType
    private let header: HeaderMatch
    private let renderer: FindingRenderer
    private let lines: FindingLines
    private let keySets: [Int]
    let context: ValidationContext
    /// The key indexes of this file, one for each of `keySets`.
    private(set) var own: [KeyIndex]
    /// Other files of the same type, with the places of the primary key and of the whole row among a row's hashes.
    private let rivals: [Rival]
    private let rivalPlaces: (key: Int, whole: Int)
    /// The place of the primary key among `keySets`, -1 where the type has none.
    private let primaryPlace: Int
    /// For each foreign key its links, with the places of their hashes in a row's.
    let links: [[Link]]
    /// How many values a row has, and where those of each of its key sets begin.
    private let valuesPerRow: Int
    private let valueStarts: [Int]
    /// The rows that withdraw their record, by its key.
    private var withdrawals: [KeyHash: Int] = [:]
    private var rows = 0
    private var accepted = 0
    private var errors = 0
    private var warnings = 0
    private var blankRows = 0
    private var firstBlank: (row: Int32, line: Int32)?
    private var blanksWithin = 0
    /// What was read otherwise than it stands, so far.
    private(set) var cellNotes = CellNotes()
    /// Rows that follow belong to another header: none is taken, and their keys are unknown.
    private var isBehindOtherHeader = false
    /// Columns that should be filled and have no content, so far.
    private(set) var emptyColumns: EmptyColumns
    private var earlyEnds = 0
    private var firstEarlyEnd: (row: Int32, line: Int32)?
    /// For each field whose texts have lost characters the number of rows, and the first of them.
    private var lost: [Int: (rows: Int, row: Int32, line: Int32)] = [:]

    struct Link {
        var link: CompiledFileType.CompiledForeignKey.Link
        var hash: Int
        /// The place of the key index in `own`, where the parent is of the same file.
        var ownIndex: Int?
        var isOwn: Bool
        /// The keys of the parent's files, read before this one.
        var parents: [KeyIndex]
        var rules: [PreparedParentRule]
    }

    init(
        type: CompiledFileType, header: HeaderMatch, renderer: FindingRenderer, options: RowChecker.Options,
        expectedRows: Int, keys: PackageKeys, context: ValidationContext, rivals: [Rival] = []
    ) {
        let keySets = options.keySets
        self.type = type
        self.header = header
        self.renderer = renderer
        lines = FindingLines(renderer)
        emptyColumns = EmptyColumns(type.fileType)
        self.keySets = keySets
        self.context = context
        self.rivals = rivals
        rivalPlaces = (keySets.firstIndex(of: 0) ?? 0, keySets.firstIndex(of: type.wholeRowSet) ?? 0)
        primaryPlace = type.fileType.primaryKey.isEmpty ? -1 : keySets.firstIndex(of: 0) ?? -1
        own = keySets.map { set in
            KeyIndex(
                expectedRows: expectedRows,
                valueCount: options.comparedSets.contains(set) ? type.comparedFields[set].count : 0)
        }
        var next = keySets.count
        var values = 0
        valueStarts = own.map { index in
            defer { values += index.valueCount }
            return values
        }
        links = type.foreignKeys.map { key in
            key.links.map { link in
                defer { next += 1 }
                return Link(
                    link: link, hash: next, ownIndex: keySets.firstIndex(of: link.parentSet),
                    isOwn: link.parent == type.id, parents: keys.indexes(of: link.parent, set: link.parentSet),
                    rules: link.rules.map { rule in
                        defer { values += rule.field == nil ? 0 : 1 }
                        return PreparedParentRule(
                            rule, template: type.templates.index(parentRule: rule.number),
                            ownValue: rule.field == nil ? -1 : values, seed: context.seed)
                    })
            }
        }
        valuesPerRow = values
    }

    mutating func merge(_ block: CheckedBlock, sink: inout some ValidationSink) throws {
        if let found = block.notes { cellNotes.add(found) }
        if let failure = block.failure { throw failure }
        let rowsBefore = rows
        var extras: [RawFinding] = []
        var dropped: Set<Int> = []
        let hashesPerRow = keySets.count + type.linkCount
        for place in own.indices { own[place].warm(block.hashes, from: place, by: hashesPerRow) }
        // Asked for every row, so no reference to them is counted; `own` keeps them.
        let indexes = own.map { Unmanaged.passUnretained($0) }
        // A method that is asked for every row would be handed a copy of all that is here.
        let (starts, primaryPlace, isError) = (valueStarts, primaryPlace, type.templates.isError)
        for (index, checked) in block.rows.enumerated() {
            if checked.state == .blank {
                noteBlank(row: block.firstRow + index, line: checked.line)
                continue
            }
            if checked.state == .passedOver { continue }
            // Blank rows at the end of a file are nobody's business; those amid others are.
            blanksWithin = blankRows
            rows += 1
            if isBehindOtherHeader {
                if checked.place >= 0 { dropped.insert(Int(checked.place)) }
                continue
            }
            if checked.isOtherHeader { isBehindOtherHeader = true }
            let row = block.firstRow + index
            if checked.endsEarly {
                if firstEarlyEnd == nil { firstEarlyEnd = (Int32(truncatingIfNeeded: row), checked.line) }
                earlyEnds += 1
            }
            let hashes = index * hashesPerRow
            var isRejected = checked.state == .rejected
            let found = extras.count
            if checked.isWithdrawal || !withdrawals.isEmpty {
                noteWithdrawal(checked, block.hashes[hashes...], row: row, &isRejected, &extras)
            }
            if !links.isEmpty, !checked.isWithdrawal {
                try lookForParents(hashes, values: index * valuesPerRow, checked, block, &extras)
                isRejected = isRejected || extras[found...].contains { isError[Int($0.template)] }
            }
            if !rivals.isEmpty, !isRejected, !checked.isWithdrawal {
                isRejected = meetsRival(block.hashes[hashes...], &extras)
            }
            for set in own.indices where block.hashes[hashes + set].isKnown && !checked.isWithdrawal {
                let isPrimary = set == primaryPlace
                let first = indexes[set]._withUnsafeGuaranteedRef { keys in
                    BlockMerger.enter(
                        block.hashes[hashes + set], in: keys, block, values: index * valuesPerRow + starts[set],
                        row: row,
                        isRejected: isRejected, isUnique: isPrimary)
                }
                // The primary key is refused where the file has it already.
                if isPrimary, let first {
                    extras.append(finding(type.templates.primaryKey, number: first))
                    isRejected = true
                }
            }
            for extra in found..<extras.count {
                extras[extra].row = Int32(truncatingIfNeeded: row)
                extras[extra].line = checked.line
            }
            if !isRejected { accepted += 1 } else if checked.place >= 0 { dropped.insert(Int(checked.place)) }
        }
        if !block.oddRows.isEmpty { extras = BlockMerger.inOrder(oddCharsets(in: block), extras) }
        noteLost(in: block)
        var findings = block.findings
        emptyColumns.take(&findings, rows: rows - rowsBefore)
        try report(BlockMerger.inOrder(findings, extras), text: block.text, sink: &sink)
        if var batch = block.batch {
            if !dropped.isEmpty {
                batch.rows = batch.rows.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
            }
            if !batch.rows.isEmpty { try sink.checked(batch) }
        }
    }

    /// Looks for the row in the other files of its type; true where it cannot be told which of the two counts.
    @inline(never)
    private mutating func meetsRival(_ hashes: ArraySlice<KeyHash>, _ extras: inout [RawFinding]) -> Bool {
        let first = hashes.startIndex
        let key = hashes[first + rivalPlaces.key]
        // A key that stands twice in its own file is told by that.
        guard own[rivalPlaces.key].membership(of: key) == .absent,
            let found = rivals.row(with: key, whole: hashes[first + rivalPlaces.whole])
        else { return false }
        let column = type.keySets[0].first.map { header.fieldColumns[$0] } ?? -1
        extras.append(
            RawFinding(
                row: 0, line: 0, column: column, template: Int32(renderer.ownTemplate(found.template)),
                number: Int32(truncatingIfNeeded: found.row), valueStart: 0, valueCount: 0))
        return !found.isSame
    }

    /// Enters one of a row's keys.
    ///
    /// - Parameter values: where the row's values for this key begin.
    /// - Returns: the row that had the key before; nil where none had.
    @inline(__always)
    private static func enter(
        _ hash: KeyHash, in index: KeyIndex, _ block: CheckedBlock, values: Int, row: Int, isRejected: Bool,
        isUnique: Bool
    ) -> Int? {
        index.valueCount == 0
            ? index.insert(hash, row: row, isRejected: isRejected, isUnique: isUnique)
            : index.insert(
                hash, row: row, isRejected: isRejected, isUnique: isUnique,
                values: block.values[values..<values + index.valueCount])
    }

    /// A record is withdrawn once in a file, and not reported in it as well.
    private mutating func noteWithdrawal(
        _ checked: CheckedBlock.Row, _ hashes: ArraySlice<KeyHash>, row: Int, _ isRejected: inout Bool,
        _ extras: inout [RawFinding]
    ) {
        guard let place = keySets.firstIndex(of: 0), !type.fileType.primaryKey.isEmpty else { return }
        let hash = hashes[hashes.startIndex + place]
        guard hash.isKnown else { return }
        if let first = withdrawals[hash] ?? (checked.isWithdrawal ? own[place].row(of: hash) : nil) {
            extras.append(finding(type.templates.primaryKey, number: first))
            isRejected = true
        } else if checked.isWithdrawal {
            withdrawals[hash] = row
        }
    }

    func finding(_ template: Int, number: Int = 0) -> RawFinding {
        let field = type.templates.field(template)
        return RawFinding(
            row: 0, line: 0, column: field.map { header.fieldColumns[$0] } ?? -1, template: Int32(template),
            number: Int32(truncatingIfNeeded: number), valueStart: 0, valueCount: 0)
    }

    /// The file's keys for its children to look into.
    func keys(isRefused: Bool) -> [Int: KeyIndex] {
        for index in own { index.isRefused = isRefused }
        return Dictionary(uniqueKeysWithValues: zip(keySets, own))
    }

    /// Two lists that are each in order of rows, as one.
    private static func inOrder(_ findings: [RawFinding], _ extras: [RawFinding]) -> [RawFinding] {
        guard !extras.isEmpty else { return findings }
        var merged: [RawFinding] = []
        merged.reserveCapacity(findings.count + extras.count)
        var next = 0
        for extra in extras {
            while next < findings.count, findings[next].row <= extra.row {
                merged.append(findings[next])
                next += 1
            }
            merged.append(extra)
        }
        return merged + findings[next...]
    }

    private mutating func report(_ findings: [RawFinding], text: [UInt8], sink: inout some ValidationSink) throws {
        guard !findings.isEmpty else { return }
        let batch = FindingBatch(lines: lines, renderer: renderer, findings: findings, text: text)
        let errors = batch.count(of: .error)
        self.errors += errors
        warnings += findings.count - errors
        try sink.found(batch)
    }

    /// A warning for each row that was read in another charset than the file's.
    private func oddCharsets(in block: CheckedBlock) -> [RawFinding] {
        block.oddRows.filter { $0 < block.rows.count && block.rows[$0].state != .blank }.map { index in
            var odd = finding(type.templates.oddCharset)
            odd.row = Int32(truncatingIfNeeded: block.firstRow + index)
            odd.line = block.rows[index].line
            return odd
        }
    }

    private mutating func noteLost(in block: CheckedBlock) {
        for column in block.lost where block.rows.indices.contains(column.first) {
            let row = Int32(truncatingIfNeeded: block.firstRow + column.first)
            lost[column.field, default: (0, row, block.rows[column.first].line)].rows += column.rows
        }
    }

    /// What is said once a file, of rows or columns that have something in common.
    private func notes() -> [RawFinding] {
        var notes: [RawFinding] = []
        func add(_ template: Int, _ number: Int, _ row: Int32, _ line: Int32) {
            var note = finding(template, number: number)
            note.row = row
            note.line = line
            notes.append(note)
        }
        if blanksWithin > 0, let first = firstBlank {
            add(type.templates.blankRow, blanksWithin, first.row, first.line)
        }
        if let first = firstEarlyEnd { add(type.templates.endsEarly, earlyEnds, first.row, first.line) }
        for (field, found) in lost.sorted(by: { $0.key < $1.key }) {
            add(FindingTemplates.index(field: field, .lostText), found.rows, found.row, found.line)
        }
        return notes
    }

    private mutating func noteBlank(row: Int, line: Int32) {
        if firstBlank == nil { firstBlank = (Int32(truncatingIfNeeded: row), line) }
        blankRows += 1
    }

    mutating func finish(into report: inout FileReport, sink: inout some ValidationSink) throws {
        try self.report(notes(), text: [], sink: &sink)
        report.rows += rows
        report.accepted += accepted
        report.rejected += rows - accepted
        report.errors += errors
        report.warnings += warnings
    }
}
