import Influenza
import SurveillanceKit

/// The modules of programs that have one. A program without a module is loaded from its folder alone.
public let allPrograms: [any ProgramModule.Type] = [
    InfluenzaProgram.self,
]
