public import Foundation
public import Validation

/// Where the programs lie: where the caller says, or `Surveillance` beside the working directory or above the executable.
public enum ProgramsFolder {
    public static func find(_ given: String?) throws(ProgramError) -> URL {
        if let given { return URL(fileURLWithPath: given) }
        let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        var candidates = [working]
        var folder = (Bundle.main.executableURL ?? working).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<5 {
            candidates.append(folder)
            candidates.append(folder.appendingPathComponent("share/vedette"))
            folder.deleteLastPathComponent()
        }
        for candidate in candidates {
            let programs = candidate.appendingPathComponent("Surveillance")
            if FileManager.default.fileExists(atPath: programs.path) { return programs }
        }
        throw .noPrograms(folder: working.appendingPathComponent("Surveillance").path)
    }
}
