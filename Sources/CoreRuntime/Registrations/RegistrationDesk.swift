import Documents
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

    init(_ data: DataFolder, random: RandomSource) {
        codes = PhoneCodes(database: data.database, seal: data.seal, random: random)
        applications = ApplicationStore(database: data.database, seal: data.seal, random: random)
        links = PasswordLinks(database: data.database)
        requests = AccountRequests(database: data.database, random: random)
        colleagues = Colleagues(database: data.database, random: random)
        documents = data.documents
    }
}
