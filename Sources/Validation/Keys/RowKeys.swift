import Expressions
import SurveillanceKit

/// Hashes a row's keys: those others may ask for, and those of its parents.
struct RowKeys {
    private struct Key {
        var firstField: Int
        var endField: Int
        /// A part that need not be given may be blank.
        var mayHoldBlanks: Bool
    }

    private let seed: KeySeed
    private let keys: [Key]
    /// The fields of all keys, one key after the other, and what has to be known of them.
    private let fields: [Field]

    private struct Field {
        var index: Int
        var isRequired: Bool
        var isText: Bool
        var refusesDash: Bool
    }

    /// How many hashes a row has.
    var count: Int { keys.count }

    init(type: CompiledFileType, keySets: [Int], seed: KeySeed) {
        self.seed = seed
        var keys: [Key] = []
        var fields: [Field] = []
        func add(_ indexes: [Int], mayHoldBlanks: Bool, isWholeRow: Bool = false) {
            let first = fields.count
            fields += indexes.map { index in
                let check = type.fields[index].check
                return Field(
                    index: index, isRequired: !isWholeRow && check.isRequired, isText: check.kind.isText,
                    refusesDash: !isWholeRow && check.kind.isText && type.refusesDash(in: index))
            }
            keys.append(
                Key(
                    firstField: first, endField: fields.count, mayHoldBlanks: mayHoldBlanks || isWholeRow))
        }
        for set in keySets {
            add(type.keySets[set], mayHoldBlanks: set == 0, isWholeRow: set == type.wholeRowSet)
        }
        for link in type.foreignKeys.flatMap(\.links) { add(link.fields, mayHoldBlanks: false) }
        self.keys = keys
        self.fields = fields
    }

    /// Appends the hash of each key set and then of each link, or what stands for one that cannot be told.
    func append(_ cells: UnsafePointer<Cell>, to hashes: inout [KeyHash]) {
        for key in keys { hashes.append(hash(key, cells)) }
    }

    func appendNone(to hashes: inout [KeyHash]) {
        for _ in keys { hashes.append(.none) }
    }

    private func hash(_ key: Key, _ cells: UnsafePointer<Cell>) -> KeyHash {
        var hasher = KeyHasher(seed: seed)
        for place in key.firstField..<key.endField {
            let field = fields[place]
            let cell = cells + field.index
            switch cell.pointee.state {
            case .invalid: return .unreadable
            case .blank:
                if field.isRequired { return .unreadable }
                if !key.mayHoldBlanks { return .none }
                hasher.combine(0)
            case .placeholder: hasher.combine(cell.pointee.text)
            case .value:
                if field.refusesDash, cell.pointee.text.elementsEqual("-".utf8) { return .unreadable }
                if field.isText { hasher.combine(cell.pointee.text) } else { hasher.combine(cell.pointee.bits) }
            }
        }
        return hasher.finish()
    }
}

extension CompiledFileType {
    /// Whether an error rule of the field's own says that `-` may not stand there.
    ///
    /// `-` is "not known": two rows that have it have no key in common, and the cell's one finding is that it stands there.
    fileprivate func refusesDash(in field: Int) -> Bool {
        let dash: StaticString = "-"
        var cells = [Cell](repeating: .blank, count: fields.count)
        cells[field] = Cell(
            text: UnsafeBufferPointer(start: dash.utf8Start, count: dash.utf8CodeUnitCount), state: .value)
        return cells.withUnsafeBufferPointer { cells in
            rules.contains { rule in
                guard rule.rule.severity == .error, rule.field == field, rule.fields == [field] else { return false }
                guard case .expression(let expression) = rule.test else { return false }
                return expression.evaluate(cells) == .false
            }
        }
    }
}
