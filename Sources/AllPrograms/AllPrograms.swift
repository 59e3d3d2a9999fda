public import Foundation
import Influenza
public import ProgramFiles
public import SurveillanceKit
public import Validation

/// The modules of programs that have one. A program without a module is loaded from its folder alone.
public let allPrograms: [any ProgramModule.Type] = [
    InfluenzaProgram.self
]

extension ProgramRegistry {
    /// Reads every program under a folder, with the modules of this platform.
    ///
    /// - Parameter threads: with more than one, programs and their file types are read side by side.
    public init(folder: URL, threads: Int = 1, faulty: FaultyPrograms = .refuse) throws(ProgramError) {
        try self.init(folder: folder, modules: allPrograms, threads: threads, faulty: faulty)
    }
}
