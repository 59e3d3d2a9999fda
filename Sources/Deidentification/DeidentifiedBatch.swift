import SurveillanceKit
import Validation

/// Rows from which everything that names a patient is gone. The line list takes nothing else.
///
/// Only a `Deidentifier` can make one. As in a `CheckedBatch`, blank cells are left out; so are placeholders, and cells that were dropped.
public struct DeidentifiedBatch: Sendable {
    public let program: Program
    public let fileType: FileType
    public let institution: String
    public internal(set) var rows: [Row] = []
    public internal(set) var cells: [Cell] = []
    public internal(set) var text: [UInt8] = []

    public struct Row: Sendable {
        /// The row's number in its file, as a spreadsheet counts.
        public var number: Int
        public var cells: Range<Int>
        /// Tells records apart: 16 bytes of a digest over the values of the primary key.
        public var key: [UInt8]
        /// Tells a changed record from an unchanged one: 16 bytes of a digest over all its values.
        public var content: [UInt8]
    }

    public struct Cell: Sendable {
        public var field: Int
        public var value: Value
    }

    public enum Value: Sendable {
        /// A range of the batch's text.
        case text(Range<Int>)
        case integer(Int64)
        case number(Double)
    }

    init(program: Program, fileType: FileType, institution: String) {
        self.program = program
        self.fileType = fileType
        self.institution = institution
    }
}

/// What a stored value of a field is, after de-identification.
public enum StoredType: Sendable {
    case text
    case integer
    case number

    /// Nil where the field is dropped.
    public init?(_ field: Field) {
        switch field.deidentify {
        case .drop: return nil
        case .year: self = .integer
        case .pseudonym, .area, .scrub: self = .text
        case .keep:
            switch field.type {
            case .string, .date, .datetime: self = .text
            case .integer, .boolean: self = .integer
            case .number: self = .number
            }
        }
    }
}
