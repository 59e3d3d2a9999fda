import ProgramFiles
import SurveillanceKit

extension ProgramRegistry {
    /// Tells an operator which programs are set aside, and every mistake with its place.
    func report(_ write: (String) -> Void) {
        guard !mistakes.isEmpty else { return }
        for program in setAside {
            write(
                "PROGRAM SET ASIDE: \(program.id) takes no reports until its folder is corrected and the server started anew; \(program.mistakes.count.counted("mistake follows", "mistakes follow"))"
            )
        }
        for mistake in mistakes { write("  \(mistake.text(.en))") }
    }
}
