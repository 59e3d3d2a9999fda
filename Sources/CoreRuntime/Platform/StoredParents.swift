import Deidentification
import ProgramFiles
import Records
import SurveillanceKit
import Synchronization
import Validation

/// Answers what an institution's rows ask of parents that only the line list has.
final class StoredParents: Sendable {
    private let data: DataFolder
    private let registry: ProgramRegistry
    private let institution: String
    private let forms: [String: Forms]

    /// Of one program; whichever thread asks.
    private final class Forms: Sendable {
        let stored: Mutex<StoredForms>
        init(_ forms: consuming sending StoredForms) { stored = Mutex(forms) }
    }

    init(_ data: DataFolder, _ registry: ProgramRegistry, institution: String) throws {
        self.data = data
        self.registry = registry
        self.institution = institution
        var forms: [String: Forms] = [:]
        for program in registry.programs.map(\.program) {
            forms[program.id] = Forms(
                try StoredForms(program: program.id, institution: institution, key: data.pseudonymKey))
        }
        self.forms = forms
    }

    /// One query, whatever is asked.
    func find(_ key: ParentKey) throws -> StoredParent? {
        guard let type = registry.program(key.program)?.fileType(key.fileType)?.fileType, let forms = forms[key.program]
        else { return nil }
        func field(_ name: String) -> Field? { type.fieldIndex(name).map { type.fields[$0] } }
        let values = forms.stored.withLock { forms in
            zip(key.fields, key.values).compactMap { name, value in
                field(name).flatMap { forms.form(of: value, in: $0) }
            }
        }
        guard values.count == key.fields.count else { return nil }
        let held = try data.database.readBlocking { connection in
            try data.lineList.parent(
                program: key.program, fileType: key.fileType, fields: key.fields, values: values,
                asked: key.questions.map(\.field), institution: institution, in: connection)
        }
        guard let held else { return nil }
        return forms.stored.withLock { forms in
            StoredParent(
                answers: zip(key.questions, held).map { question, stored in
                    guard let stored, let field = field(question.field) else { return nil }
                    return forms.holds(stored, in: field, oneOf: question.values)
                })
        }
    }
}
