import Database
import Deidentification
import ProgramFiles
import Records
import ShangMi
import SurveillanceKit
import Synchronization
import Validation

/// Answers what an institution's rows ask of parents that only the line list has.
final class StoredParents: Sendable {
    private let data: DataFolder
    private let registry: ProgramRegistry
    private let institution: String
    private let known: LineList.KnownInstitution?
    private let types: Mutex<[String: Search]>
    private let notFound = Mutex<Set<UInt64>>([])

    /// How parents of one file type are looked for; whichever thread asks.
    private final class Search: Sendable {
        let type: CompiledFileType
        let hashes: RowHashes
        let links: LinkHashes
        let lookups: [[String]]
        let forms: Mutex<StoredForms>

        init(_ type: CompiledFileType, institution: String, key: SymmetricKey) throws {
            self.type = type
            hashes = try RowHashes(type, institution: institution, key: key)
            links = try LinkHashes(type.program, type.fileType, institution: institution, key: key)
            lookups = type.program.lookups(of: type.fileType)
            forms = Mutex(try StoredForms(program: type.program.id, institution: institution, key: key))
        }

        func field(_ name: String) -> Field? {
            type.fileType.fieldIndex(name).map { type.fileType.fields[$0] }
        }

        /// The values as they are stored; nil where one is not stored in a form that tells values apart.
        func stored(_ key: ParentKey) -> [StoredValue]? {
            let values = forms.withLock { forms in
                zip(key.fields, key.values).compactMap { name, value in
                    field(name).flatMap { forms.form(of: value, in: $0) }
                }
            }
            return values.count == key.fields.count ? values : nil
        }
    }

    init(_ data: DataFolder, _ registry: ProgramRegistry, institution: String) throws {
        self.data = data
        self.registry = registry
        self.institution = institution
        known = try data.records.readBlocking { try data.lineList.institution(institution, in: $0) }
        types = Mutex([:])
    }

    /// Hashes of the parents that were asked for and are not there.
    var missing: Set<UInt64> { notFound.withLock { $0 } }

    /// One look-up, whatever is asked.
    func find(_ key: ParentKey) throws -> StoredParent? {
        guard let search = try search(key) else { return nil }
        guard let known else { return notFound(key, search) }
        let wanted: LineList.ParentSearch
        if let hash = search.hashes.key(of: key.values, in: key.fields) {
            wanted = .primaryKey(hash) {
                guard let values = search.stored(key) else { return nil }
                let placed = zip(key.fields, values).compactMap { name, value in
                    search.type.fileType.fieldIndex(name).map { (field: $0, value: value) }
                }
                return EarlierKeys.key(of: placed.sorted { $0.field < $1.field })
            }
        } else {
            guard let set = search.lookups.firstIndex(of: key.fields), let values = search.stored(key) else {
                return nil
            }
            wanted = .fields(set: set, search.links.key(set: set, of: values), values)
        }
        let held = try data.records.readBlocking { connection in
            try data.lineList.parent(
                program: key.program, fileType: key.fileType, wanted, asked: key.questions.map(\.field),
                institution: known, in: connection)
        }
        guard let held else { return notFound(key, search) }
        return search.forms.withLock { forms in
            StoredParent(
                answers: zip(key.questions, held).map { question, stored in
                    guard let stored, let field = search.field(question.field) else { return nil }
                    return forms.holds(stored, in: field, oneOf: question.values)
                })
        }
    }

    /// Notes what was asked for, so that it is known when it comes.
    private func notFound(_ key: ParentKey, _ search: Search) -> StoredParent? {
        guard let values = search.stored(key) else { return nil }
        let hash = ParentKeyHash.of(program: key.program, fileType: key.fileType, fields: key.fields, values: values)
        notFound.withLock { _ = $0.insert(hash) }
        return nil
    }

    private func search(_ key: ParentKey) throws -> Search? {
        try types.withLock { types in
            let name = "\(key.program)/\(key.fileType)"
            if let known = types[name] { return known }
            guard let type = registry.program(key.program)?.fileType(key.fileType) else { return nil }
            let search = try Search(type, institution: institution, key: data.pseudonymKey)
            types[name] = search
            return search
        }
    }
}
