import SurveillanceKit
import Validation

/// What becomes of each field of a file type, looked up once rather than a cell.
struct FieldPolicies: Sendable {
    enum Policy: UInt8 {
        case drop
        case text
        case keyText
        case integer
        case number
        case date
        case datetime
        case pseudonym
        case year
        case area
        case scrub
    }

    let policies: [Policy]
    /// Whether the field says who the patient is, so that its value is looked for in the row's texts.
    let isIdentifying: [Bool]

    init(_ fileType: FileType) {
        let keys = Set(fileType.primaryKey + fileType.foreignKeys.flatMap(\.links).flatMap(\.fields))
        policies = fileType.storedFields.map { field in
            switch field.deidentify {
            case .drop: .drop
            case .pseudonym: .pseudonym
            case .year: .year
            case .area: .area
            case .scrub: .scrub
            case .keep:
                switch field.type {
                case .string: keys.contains(field.name) ? .keyText : .text
                case .integer, .boolean: .integer
                case .number: .number
                case .date: .date
                case .datetime: .datetime
                }
            }
        }
        isIdentifying = fileType.storedFields.map {
            $0.sensitivity == .direct && ($0.deidentify == .drop || $0.deidentify == .pseudonym)
        }
    }
}
