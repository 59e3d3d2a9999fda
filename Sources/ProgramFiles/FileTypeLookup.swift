public import SurveillanceKit
public import Validation

/// Whose file a file is, by its name and the moment of its receipt.
public enum FileTypeLookup: Sendable {
    case known(CompiledFileType)
    /// It was received before the day from which its program takes reports.
    case early(CompiledFileType)
    /// Its program does not hold together at present.
    case setAside(SetAsideProgram, fileType: String)
    case unknown
}

extension ProgramRegistry {
    /// The file type that a file belongs to: the part of its name before the first `_`, in upper or lower case.
    ///
    /// - Parameter receivedAt: what counts is the day in the program's time zone.
    public func fileType(forFileNamed name: String, on receivedAt: Instant) -> FileTypeLookup {
        let id = ProgramRegistry.fileTypeID(ofFileNamed: name)
        if let type = fileTypes[id] {
            guard let first = CivilDate(type.program.effectiveFrom), type.program.day(at: receivedAt) < first else {
                return .known(type)
            }
            return .early(type)
        }
        guard let program = setAside.first(where: { $0.fileTypes.contains(id) }) else { return .unknown }
        return .setAside(program, fileType: id)
    }

    private static func fileTypeID(ofFileNamed name: String) -> String {
        let base = name.split(separator: "/").last ?? name[...]
        let stem = base.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).first ?? base
        let prefix = stem.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false).first ?? stem
        return prefix.lowercased()
    }
}
