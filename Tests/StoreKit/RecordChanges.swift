public import Deidentification
public import Records
public import SurveillanceKit

/// What storing did to one record, as an observer of records can tell it.
public struct RecordChange: Hashable, Sendable {
    public var program: String
    public var fileType: String
    /// The code of the institution that reported.
    public var institution: String
    public var key: RecordKey
    /// The day of the file type's `eventDate`: of the new version, or of the last one where the record was withdrawn.
    public var eventDay: CivilDate?
    /// Nil for a record that was not known.
    public var before: RecordValues?
    /// Nil for a record that was withdrawn.
    public var after: RecordValues?

    public init(
        program: String, fileType: String, institution: String, key: RecordKey, eventDay: CivilDate?,
        before: RecordValues?, after: RecordValues?
    ) {
        self.program = program
        self.fileType = fileType
        self.institution = institution
        self.key = key
        self.eventDay = eventDay
        self.before = before
        self.after = after
    }

    /// The names of the fields that differ, in the file type's order; all filled ones where a record is new or withdrawn.
    public var changedFields: [String] {
        let names = (after ?? before)?.names ?? []
        return names.filter { before?[$0] != after?[$0] }
    }
}

/// Collects what becomes of the records of an institution.
public final class RecordChanges: RecordObserver {
    public private(set) var all: [RecordChange] = []
    private let programs: [Program]
    private let institution: String

    public init(_ programs: [Program], institution: String) {
        self.programs = programs
        self.institution = institution
    }

    public func observes(program: String, fileType: String) -> Bool { true }

    public func storedBlock() {}

    public func stored(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, as record: Int64, before: RecordValues?,
        wasKnown: Bool
    ) {
        let kept = batch.fileType.fields.enumerated().filter { StoredType($0.element) != nil }
        let cells = row.cells.map { batch.cells[Int($0)] }
        let after = RecordValues(
            names: kept.map(\.element.name),
            values: kept.map { place, _ in cells.first { Int($0.field) == place }.map { batch.value(of: $0) } })
        note(batch.program.id, batch.fileType.id, row.identity.key, before: before, after: after)
    }

    public func returned(
        program: String, fileType: String, record: Int64, key: RecordKey, before: RecordValues?,
        after: RecordValues?, wasKnown: Bool
    ) {
        note(program, fileType, key, before: before, after: after)
    }

    private func note(
        _ program: String, _ fileType: String, _ key: RecordKey, before: RecordValues?, after: RecordValues?
    ) {
        let date = programs.first { $0.id == program }?.fileType(fileType)?.eventDate
        var day: CivilDate?
        if let date, case .text(let text)? = (after ?? before)?[date] {
            day = text.withUnsafeBufferPointer { CivilDate(beginning: $0) }
        }
        all.append(
            RecordChange(
                program: program, fileType: fileType, institution: institution, key: key, eventDay: day,
                before: before, after: after))
    }
}
