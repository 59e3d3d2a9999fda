import SurveillanceKit

/// Between which days a field's dates are right without a further look, and what it costs where they are not.
///
/// Every date but that of a birth is the date of something that has happened: after the day of receipt, or on a day that systems write
/// where they have none, it cannot be right. A program says otherwise by `future` and `placeholders`.
struct DateLimits: Sendable {
    private static let secondsPerDay: Int64 = 86_400
    /// The last moment of 2079-06-05: after it come the last days of systems, which are placeholders also where a date may be planned.
    private static let lastPlanned: Int64 = 3_453_235_199

    let isBirth: Bool
    let future: DateTolerance
    let placeholders: DateTolerance
    /// Seconds since 1970 of the first moment that is surely no placeholder.
    let earliest: Int64

    init(_ field: Field, in fileType: FileType) {
        isBirth = field.isBirthDate
        placeholders = field.placeholderDates ?? .warning
        // A rule that asks for today's date says itself what may lie in the future.
        let isDate = field.type == .date || field.type == .datetime
        future = field.future ?? (isDate && DateLimits.isComparedWithToday(field, in: fileType) ? .allowed : .error)
        let firstBirth = CivilDate(year: 1900, month: 1, day: 2)?.daysSince1970 ?? 0
        earliest =
            placeholders == .allowed ? .min : (isBirth ? Int64(firstBirth) : 1) * DateLimits.secondsPerDay
    }

    private static func isComparedWithToday(_ field: Field, in fileType: FileType) -> Bool {
        fileType.rules.contains { rule in
            guard case .expression(let expression) = rule.test, rule.field == field.name else { return false }
            return expression.contains("today(")
        }
    }

    /// The last moment that is not in the future: one day's grace after the day of receipt.
    func lastAllowed(receivedOn day: CivilDate) -> Int64 {
        future == .allowed ? .max : (Int64(day.daysSince1970) + 2) * DateLimits.secondsPerDay - 1
    }

    /// The last moment that needs no further look.
    func latest(receivedOn day: CivilDate) -> Int64 {
        placeholders == .allowed
            ? lastAllowed(receivedOn: day) : min(lastAllowed(receivedOn: day), DateLimits.lastPlanned)
    }

    /// What is wrong with a day that the calendar may have; nil for a day that may be right.
    func placeholder(_ year: Int, _ month: Int, _ day: Int) -> CellFault? {
        guard placeholders != .allowed else { return nil }
        return switch LooseMoment.placeholder(year, month, day) {
        case .always: .placeholderDate
        case .events: isBirth ? nil : .placeholderDate
        case .unlikelyBirth: isBirth ? .unlikelyDate : .placeholderDate
        case nil: nil
        }
    }
}

extension IdentifierText.Kind {
    init(_ field: Field, in fileType: FileType, isKey: Bool) {
        guard field.type == .string, field.separators.isEmpty else {
            self = .none
            return
        }
        if isKey || field.deidentify == .pseudonym || field.name == fileType.institutionField {
            self = .key
        } else if field.deidentify == .area || IdentifierText.Kind.isChecked(field, in: fileType) {
            self = .code
        } else if field.sensitivity == .direct, field.deidentify == .drop {
            self = .number
        } else {
            self = .none
        }
    }

    private static func isChecked(_ field: Field, in fileType: FileType) -> Bool {
        fileType.rules.contains { rule in
            if case .check = rule.test { rule.field == field.name } else { false }
        }
    }
}
