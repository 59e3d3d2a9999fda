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
        let known = try await data.database.read { [seed] in try WholeRegister(seed, in: $0) }
        try register.withLock { register in
            // Of two that read at once the later one may come first.
            guard known.changeCount >= register.changeCount else { return }
            try institutions.replace(with: known.institutions)
            try duties.replaceInstitutions(known.institutions)
            register = known
        }
        try data.log.noteRegions(of: known.registered)
    }

    /// Takes in what another server on the same store has registered since; there is nothing to do where nothing was.
    func lookAtRegister() async throws {
        let count = try await data.database.read { try InstitutionRegister.changeCount(in: $0) }
        guard register.withLock(\.changeCount) != count else { return }
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
