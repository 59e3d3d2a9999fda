import Documents
import PluginKit
import Registrations
import ShangMi

/// Applications of institutions, with their scans, codes to telephones and links that set passwords.
struct RegistrationDesk: Sendable {
    let codes: PhoneCodes
    let applications: ApplicationStore
    let links: PasswordLinks
    let requests: AccountRequests
    let colleagues: Colleagues
    let documents: DocumentFolder
    let checker = DocumentChecker()
    private let scanners: [any PluginKit.Scanner]

    init(
        _ data: DataFolder, scanners: [any PluginKit.Scanner], authorities: [SM2Certificate], random: RandomSource
    ) {
        self.scanners = scanners
        codes = PhoneCodes(database: data.database, seal: data.seal, random: random)
        applications = ApplicationStore(database: data.database, seal: data.seal, random: random)
        links = PasswordLinks(database: data.database)
        requests = AccountRequests(database: data.database, authorities: authorities, random: random)
        colleagues = Colleagues(database: data.database, random: random)
        documents = data.documents
    }

    /// The worst of what all scanners say of a document; nil where none is on.
    func scan(_ bytes: [UInt8]) async throws -> ScanVerdict? {
        guard !scanners.isEmpty else { return nil }
        return try await OwnThread.run { [scanners] in
            var worst = ScanVerdict.clean
            for scanner in scanners {
                var rest = bytes[...]
                let verdict = try scanner.scan {
                    defer { rest = rest.dropFirst(65_536) }
                    return Array(rest.prefix(65_536))
                }
                if verdict.rank > worst.rank { worst = verdict }
            }
            return worst
        }.get()
    }
}

extension ScanVerdict {
    fileprivate var rank: Int {
        switch self {
        case .clean: 0
        case .notFullyScanned: 1
        case .failed: 2
        case .infected: 3
        }
    }
}
