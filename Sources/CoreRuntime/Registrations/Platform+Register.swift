import Accounts
import Database
import Intake
import Registrations
import SurveillanceKit
import Synchronization

extension Platform {
    /// Takes in what was registered on the page, so that an approved institution can report at once.
    ///
    /// Figures that are published outside of a reader's scope count it from the next start on.
    func refreshRegister() async throws {
        let registered = try await data.database.read { try InstitutionRegister.current(in: $0) }
        let all = InstitutionRegister.merged(seed, registered)
        try institutions.replace(with: all)
        try duties.replaceInstitutions(all)
        try data.log.noteRegions(of: registered)
    }

    /// Where people reach the server: for links.
    var publicAddress: String {
        configuration.publicAddress ?? listeningAddress.withLock { $0 }
            ?? "http://\(configuration.host):\(configuration.port)"
    }
}
