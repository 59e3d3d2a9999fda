/// Yes-or-no expressions over the same fields, tried on a row one after another.
///
/// For rows by the hundred thousand: it goes from one expression to the next without counting references, and passes
/// over those that blanks excuse or that read a cell which did not parse at the price of a bit test.
public struct ExpressionList: Sendable {
    public let expressions: [CompiledExpression]
    private let entries: Entries

    /// How many words of 64 bits a row's blanks and unparsed cells take: bit `f % 64` of word `f / 64` stands for field
    /// `f`.
    public let wordsPerRow: Int

    private struct Entry {
        var tables: UnsafePointer<RowProgram.Tables>
        var root: Int32
        /// Where its masks stand in `masks`, and for how many words.
        var maskStart: Int32
        var maskCount: Int32
    }

    private struct Mask {
        var word: Int
        /// Fields of which one blank is enough for the expression not to be false.
        var excusing: UInt64 = 0
        var fields: UInt64 = 0
    }

    private final class Entries: @unchecked Sendable {
        // Safe to share: written in `init` alone.
        let entries: UnsafeMutableBufferPointer<Entry>
        let masks: UnsafeMutableBufferPointer<Mask>

        init(_ entries: [Entry], _ masks: [Mask]) {
            self.entries = .allocate(capacity: entries.count)
            _ = self.entries.initialize(from: entries)
            self.masks = .allocate(capacity: masks.count)
            _ = self.masks.initialize(from: masks)
        }

        deinit {
            entries.deallocate()
            masks.deallocate()
        }
    }

    /// Takes expressions that were read with `expecting: .bool`; one of another type is never false.
    public init(_ expressions: [CompiledExpression]) {
        self.expressions = expressions
        var entries: [Entry] = []
        var masks: [Mask] = []
        var fieldCount = 0
        for expression in expressions {
            let program = expression.program
            var own: [Int: Mask] = [:]
            for field in expression.fields {
                fieldCount = Swift.max(fieldCount, field + 1)
                own[field / 64, default: Mask(word: field / 64)].fields |= 1 << UInt64(field % 64)
            }
            for field in expression.excusingFields {
                own[field / 64, default: Mask(word: field / 64)].excusing |= 1 << UInt64(field % 64)
            }
            entries.append(
                Entry(
                    tables: UnsafePointer(program.tables), root: program.root, maskStart: Int32(masks.count),
                    maskCount: Int32(own.count)))
            masks += own.values.sorted { $0.word < $1.word }
        }
        self.entries = Entries(entries, masks)
        wordsPerRow = (fieldCount + 63) / 64
    }

    /// The first expression from `start` on that is false on the row; nil where none is.
    ///
    /// - Parameters:
    ///   - cells: at least as many as the environment has fields.
    ///   - blanks: `wordsPerRow` words with the bits of the row's blank cells; no bit need be set.
    ///   - unparsed: the same with the bits of cells that did not parse: an expression that reads one is passed over.
    public func firstFalse(
        from start: Int = 0, _ cells: UnsafeBufferPointer<Cell>, blanks: UnsafePointer<UInt64>,
        unparsed: UnsafePointer<UInt64>
    ) -> Int? {
        guard let row = cells.baseAddress else { return nil }
        let entries = entries.entries
        let masks = self.entries.masks
        var index = start
        while index < entries.count {
            let entry = entries[index]
            var mask = Int(entry.maskStart)
            let end = mask &+ Int(entry.maskCount)
            var hits: UInt64 = 0
            while mask < end {
                let word = masks[mask].word
                hits |= (blanks[word] & masks[mask].excusing) | (unparsed[word] & masks[mask].fields)
                mask &+= 1
            }
            if hits == 0 {
                let run = Run(tables: entry.tables, nodes: entry.tables.pointee.nodes, cells: row)
                if run.truth(entry.root) == .false { return index }
            }
            index &+= 1
        }
        return nil
    }
}
