public import SurveillanceKit

extension DutyReceipt.Outcome {
    /// What a package came to for one program, by what came of the program's files in it.
    ///
    /// Tables that have their headers and no row at all say that there were no cases. What is wrong with another program's files does not matter.
    public init(_ files: some Collection<FileReport>) {
        let isClean = files.allSatisfy { $0.errors == 0 && $0.rejected == 0 }
        if isClean, files.allSatisfy({ $0.rows == 0 }) {
            self = .zero
        } else if files.contains(where: { $0.accepted > 0 }) {
            self = isClean ? .accepted : .partlyAccepted
        } else {
            self = .rejected
        }
    }

    /// What a package came to for each program that it has files of; under "" where it has none of any.
    public static func byProgram(_ files: [FileReport]) -> [String: DutyReceipt.Outcome] {
        let programs = Dictionary(grouping: files.filter { $0.program != nil }, by: { $0.program ?? "" })
        return programs.isEmpty ? ["": .rejected] : programs.mapValues { DutyReceipt.Outcome($0) }
    }
}
