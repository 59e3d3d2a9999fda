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
        let (registered, count) = try await data.database.read {
            (try InstitutionRegister.current(in: $0), try InstitutionRegister.versionCount(in: $0))
        }
        registerVersions.withLock { $0 = count }
        let all = InstitutionRegister.merged(seed, registered)
        try institutions.replace(with: all)
        try duties.replaceInstitutions(all)
        try data.log.noteRegions(of: registered)
    }

    /// Takes in what another server on the same store has registered since; there is nothing to do where nothing was.
    func lookAtRegister() async throws {
        let count = try await data.database.read { try InstitutionRegister.versionCount(in: $0) }
        guard registerVersions.withLock({ $0 }) != count else { return }
        try await refreshRegister()
    }

    /// As above, for somebody who calls for an institution that this server does not know yet.
    func lookAtRegister(for account: Account?) async throws {
        guard let code = account?.institution, institutions[code] == nil else { return }
        try await lookAtRegister()
    }

    /// Where people reach the server: for links.
    var publicAddress: String {
        configuration.publicAddress ?? listeningAddress.withLock { $0 }
            ?? "http://\(configuration.host):\(configuration.port)"
    }
}
