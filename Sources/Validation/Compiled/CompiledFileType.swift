import Expressions
import RegularExpressions
public import SurveillanceKit

/// A file type made ready for checking: compiled once when its program loads, then shared by every check.
public final class CompiledFileType: Sendable {
    public let program: Program
    public let fileType: FileType
    let fields: [CompiledField]
    let rules: [CompiledRule]
    let templates: FindingTemplates
    /// The sets of fields that tell rows apart: the primary key first, then what children refer to; at last all fields of the row.
    let keySets: [[Int]]
    /// For each key set the fields that children compare with theirs, or judge by.
    let comparedFields: [[Int]]
    /// Whether a rule asks which day it is.
    let readsToday: Bool
    let foreignKeys: [CompiledForeignKey]
    let institutionField: Int?
    let institutionNameField: Int?
    /// The field of the day to which a row belongs.
    let eventDayField: Int?
    /// The fields that are checked against the institution's own tables of codes.
    let codeUses: [CompiledCodeUse]
    /// Words that stand for nothing in its cells.
    let missingWords: MissingWords

    /// A link ready for look-ups: the row's own fields, and the parent's file type and key set.
    struct CompiledForeignKey: Sendable {
        struct Link: Sendable {
            var fields: [Int]
            var parent: String
            var parentFields: [String]
            var parentSet: Int
            var rules: [CompiledParentRule]
        }
        var links: [Link]
    }

    public var id: String { fileType.id }

    /// The names of its columns in lower case, by which a workbook's sheets are told apart.
    public var labels: Set<String> { Set(fileType.fields.map { $0.name.lowercased() }) }

    /// The key set of all fields: rows that are alike in it are the same row. Looked at only where a package has several files of the type.
    var wholeRowSet: Int { keySets.count - 1 }

    /// Fields by which rows are found, and those that who finds them asks for.
    struct KeySet: Sendable {
        var names: [String]
        var compared: [String] = []
    }

    /// - Parameters:
    ///   - keySets: the key sets of every file type of the program, as `CompiledProgram` gathers them.
    ///   - links: what is wrong with this file type's links.
    /// - Throws: those, and what is wrong with patterns and rules.
    init(
        _ fileType: FileType, in program: Program, keySets: [String: [KeySet]], checks: [NamedCheck],
        links: [ProgramFault]
    ) throws(ProgramFaults) {
        self.program = program
        self.fileType = fileType
        let keys = Set(
            fileType.primaryKey + fileType.foreignKeys.flatMap(\.links).flatMap(\.fields)
                + (keySets[fileType.id] ?? []).flatMap(\.names))
        var faults = links
        var fields: [CompiledField] = []
        for field in fileType.fields {
            do throws(RegularExpression.PatternError) {
                fields.append(try CompiledField(field, in: fileType, isKey: keys.contains(field.name)))
            } catch {
                faults.append(
                    ProgramFault(
                        fileType.id, .field(field.name), "pattern", zh: error.message.zh, en: error.message.en))
            }
        }
        self.fields = fields
        let environment = ExpressionEnvironment(
            fields: fileType.fields.map { (name: $0.name, type: $0.type) }, checks: checks)
        var rules: [CompiledRule] = []
        for (index, rule) in fileType.rules.enumerated() {
            do throws(ProgramFaults) {
                rules.append(
                    try CompiledRule(rule, number: index, in: fileType, environment: environment, checks: checks))
            } catch {
                faults += error.faults
            }
        }
        self.rules = rules
        guard faults.isEmpty else { throw ProgramFaults(faults: faults) }
        missingWords = MissingWords(own: fileType.missingValues)
        templates = FindingTemplates(fileType, in: program, keys: keys)
        self.keySets =
            (keySets[fileType.id] ?? []).map { $0.names.compactMap(fileType.fieldIndex) } + [Array(fields.indices)]
        comparedFields = (keySets[fileType.id] ?? []).map { $0.compared.compactMap(fileType.fieldIndex) } + [[]]
        readsToday = rules.contains { $0.expression?.readsToday ?? false }
        var ruleCount = 0
        foreignKeys = fileType.foreignKeys.map { key in
            CompiledForeignKey(
                links: key.links.map { link in
                    let sets = keySets[link.fileType] ?? []
                    let set = sets.firstIndex { $0.names == link.parentFields } ?? 0
                    return CompiledForeignKey.Link(
                        fields: link.fields.compactMap(fileType.fieldIndex), parent: link.fileType,
                        parentFields: link.parentFields, parentSet: set,
                        rules: link.rules.map { rule in
                            defer { ruleCount += 1 }
                            return CompiledParentRule(
                                rule: rule, number: ruleCount,
                                field: rule.test == .same ? fileType.fieldIndex(rule.field) : nil,
                                parentValue: sets[set].compared.firstIndex(of: rule.parentField) ?? 0)
                        })
                })
        }
        institutionField = fileType.institutionField.flatMap(fileType.fieldIndex)
        institutionNameField = fileType.institutionNameField.flatMap(fileType.fieldIndex)
        eventDayField = fileType.eventDate.flatMap(fileType.fieldIndex)
        codeUses = program.dictionaries.flatMap { dictionary in
            dictionary.uses.filter { $0.fileType == fileType.id }.compactMap { use in
                fileType.fieldIndex(use.code).map {
                    CompiledCodeUse(
                        dictionary: dictionary.id, code: $0, name: use.name.flatMap(fileType.fieldIndex),
                        national: use.national.flatMap { name in
                            fileType.derived.firstIndex { $0.name == name }.map { fileType.fields.count + $0 }
                        })
                }
            }
        }
    }
}

/// A program made ready for checking.
public struct CompiledProgram: Sendable {
    public let program: Program
    public let fileTypes: [CompiledFileType]

    /// Compiles every schema and rule, and refuses what does not hold together.
    ///
    /// - Parameter threads: with more than one, file types are compiled side by side.
    /// - Throws: every fault of every file type.
    public init(_ program: Program, checks: [NamedCheck], threads: Int = 1) throws(ProgramFaults) {
        self.program = program
        var keySets: [String: [CompiledFileType.KeySet]] = [:]
        var links: [String: [ProgramFault]] = [:]
        for fileType in program.fileTypes { keySets[fileType.id] = [.init(names: fileType.primaryKey)] }
        for fileType in program.fileTypes {
            for (key, foreignKey) in fileType.foreignKeys.enumerated() {
                for (number, link) in foreignKey.links.enumerated() {
                    let faults = LinkCheck(fileType: fileType, program: program, key: key, number: number).faults(link)
                    links[fileType.id, default: []] += faults
                    if faults.isEmpty { CompiledProgram.gather(link, into: &keySets[link.fileType, default: []]) }
                }
            }
        }
        let (gathered, broken) = (keySets, links)
        let results = program.fileTypes.map(threads: threads) { fileType in
            Result { () throws(ProgramFaults) in
                try CompiledFileType(
                    fileType, in: program, keySets: gathered, checks: checks, links: broken[fileType.id] ?? [])
            }
        }
        var fileTypes: [CompiledFileType] = []
        var faults: [ProgramFault] = []
        for result in results {
            switch result {
            case .success(let fileType): fileTypes.append(fileType)
            case .failure(let error): faults += error.faults
            }
        }
        guard faults.isEmpty else { throw ProgramFaults(faults: faults) }
        self.fileTypes = fileTypes
    }

    /// Notes by which fields a link looks for parents, and what its rules ask of them.
    private static func gather(_ link: ForeignKey.Link, into sets: inout [CompiledFileType.KeySet]) {
        let known = sets.firstIndex { $0.names == link.parentFields }
        if known == nil { sets.append(.init(names: link.parentFields)) }
        let set = known ?? sets.count - 1
        for rule in link.rules where !sets[set].compared.contains(rule.parentField) {
            sets[set].compared.append(rule.parentField)
        }
    }

    public func fileType(_ id: String) -> CompiledFileType? { fileTypes.first { $0.id == id } }
}
