import Expressions
import RegularExpressions
import SurveillanceKit

/// A file type made ready for checking: compiled once when its program loads, then shared by every check.
public final class CompiledFileType: Sendable {
    public let program: Program
    public let fileType: FileType
    let fields: [CompiledField]
    let rules: [CompiledRule]
    let templates: FindingTemplates
    /// The sets of fields that tell rows apart: the primary key first, then what children refer to.
    let keySets: [[Int]]
    /// For each key set the fields that children compare with theirs, or judge by.
    let comparedFields: [[Int]]
    /// Whether a rule asks which day it is.
    let readsToday: Bool
    let foreignKeys: [CompiledForeignKey]
    let institutionField: Int?
    let institutionNameField: Int?

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

    /// Fields by which rows are found, and those that who finds them asks for.
    struct KeySet: Sendable {
        var names: [String]
        var compared: [String] = []
    }

    /// - Parameter keySets: the key sets of every file type of the program, as `CompiledProgram` gathers them.
    init(_ fileType: FileType, in program: Program, keySets: [String: [KeySet]], checks: [NamedCheck], file: String)
        throws(ProgramError)
    {
        self.program = program
        self.fileType = fileType
        let fields = try fileType.fields.map { field throws(ProgramError) in
            do throws(RegularExpression.PatternError) {
                return try CompiledField(field, in: fileType)
            } catch {
                throw .field(file: file, field: field.name, message: "pattern: \(error.message.en)")
            }
        }
        self.fields = fields
        let environment = ExpressionEnvironment(
            fields: fileType.fields.map { (name: $0.name, type: $0.type) }, checks: checks)
        rules = try fileType.rules.map { rule throws(ProgramError) in
            try CompiledRule(rule, in: fileType, environment: environment, checks: checks)
        }
        templates = FindingTemplates(fileType, in: program)
        self.keySets = (keySets[fileType.id] ?? []).map { $0.names.compactMap(fileType.fieldIndex) }
        comparedFields = (keySets[fileType.id] ?? []).map { $0.compared.compactMap(fileType.fieldIndex) }
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
    }
}

/// A program made ready for checking.
public struct CompiledProgram: Sendable {
    public let program: Program
    public let fileTypes: [CompiledFileType]

    /// Compiles every schema and rule, and refuses what does not hold together.
    ///
    /// - Parameters:
    ///   - folder: where the program lies, for messages to its author.
    ///   - threads: with more than one, file types are compiled side by side.
    public init(
        _ program: Program, checks: [NamedCheck], folder: String, threads: Int = 1
    ) throws(ProgramError) {
        self.program = program
        var keySets: [String: [CompiledFileType.KeySet]] = [:]
        for fileType in program.fileTypes { keySets[fileType.id] = [.init(names: fileType.primaryKey)] }
        for fileType in program.fileTypes {
            let file = "\(folder)/files/\(fileType.id).json"
            for link in fileType.foreignKeys.flatMap(\.links) {
                try CompiledProgram.verify(link, of: fileType, in: program, file: file)
                CompiledProgram.gather(link, into: &keySets[link.fileType, default: []])
            }
        }
        let gathered = keySets
        fileTypes = try program.fileTypes.map(threads: threads) { fileType throws(ProgramError) in
            try CompiledFileType(
                fileType, in: program, keySets: gathered, checks: checks, file: "\(folder)/files/\(fileType.id).json")
        }
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

    private static func verify(_ link: ForeignKey.Link, of fileType: FileType, in program: Program, file: String)
        throws(ProgramError)
    {
        guard let parent = program.fileType(link.fileType) else {
            let known = program.fileTypes.map(\.id).joined(separator: ", ")
            throw .link(file: file, message: "foreignKeys: no file type '\(link.fileType)'; there are \(known)")
        }
        guard link.fields.count == link.parentFields.count, !link.fields.isEmpty else {
            throw .link(file: file, message: "foreignKeys: as many fields are needed on both sides, and at least one")
        }
        for (own, other) in zip(link.fields, link.parentFields) {
            guard let ownField = fileType.fields.first(where: { $0.name == own }) else {
                throw .link(file: file, message: "foreignKeys: no field '\(own)' in '\(fileType.id)'")
            }
            guard let otherField = parent.fields.first(where: { $0.name == other }) else {
                throw .link(file: file, message: "foreignKeys: no field '\(other)' in '\(parent.id)'")
            }
            guard [.keep, .pseudonym].contains(otherField.deidentify), ownField.deidentify == otherField.deidentify
            else {
                throw .link(
                    file: file,
                    message:
                        "foreignKeys: \(own) and \(other) must both be kept or both be pseudonyms, or no stored row can be found"
                )
            }
            guard ownField.type == otherField.type else {
                throw .link(
                    file: file,
                    message: "foreignKeys: \(own) is \(ownField.type.rawValue), \(other) is \(otherField.type.rawValue)"
                )
            }
        }
        for rule in link.rules { try CompiledParentRule.verify(rule, of: fileType, parent: parent) }
    }

    public func fileType(_ id: String) -> CompiledFileType? { fileTypes.first { $0.id == id } }
}
