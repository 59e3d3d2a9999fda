import SurveillanceKit

/// What becomes of a row's cells, in words: where any of it changes, no row is known by the hash of its cells any more.
enum RulesText {
    /// The digest of the source files of this folder, imports, comments and blanks aside. A test compares it with them, and writes it here
    /// (`RECORD=1`), so that no rule changes without it.
    static let digest = "9785c3df089ea1c7"

    /// What the program says of each field of a file type.
    static func of(_ fileType: FileType, in program: Program) -> String {
        let policies = FieldPolicies(fileType)
        let visits = VisitNames.Fields(fileType, in: program)
        return fileType.fields.indices.map { index in
            let field = fileType.fields[index]
            let marks = [policies.isIdentifying[index], visits.names[index], visits.links[index]].map {
                $0 ? "1" : "0"
            }
            return "\(field.name) \(policies.policies[index].rawValue) \(field.type.rawValue) \(marks.joined())"
        }.joined(separator: ",")
    }
}
